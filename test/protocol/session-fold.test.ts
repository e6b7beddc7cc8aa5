import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type SessionEvent, isTransient, sessionEventSchema } from "../../src/agents/protocol/session-event.ts";
import { type Session, emptySession, reduceSession } from "../../src/agents/protocol/session-state.ts";

const folder = join(import.meta.dirname, "../fixtures/session");
const names = readdirSync(folder);

/** Folds events over states that cannot be changed: a reducer that mutates throws. */
function foldFrozen(events: readonly SessionEvent[]): Session {
  return events.reduce(
    (state, event) => deepFreeze(reduceSession(state, deepFreeze(event))),
    deepFreeze(structuredClone(emptySession)),
  );
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) {
      deepFreeze(part);
    }
  }

  return value;
}

describe.each(names)("%s", (name) => {
  const fixture: { readonly events: readonly unknown[]; readonly session: unknown } = JSON.parse(
    readFileSync(join(folder, name), "utf8"),
  );
  const events = fixture.events.map((event) => sessionEventSchema.parse(event));

  test("is made of events that keep all they say through their schema", () => {
    expect(events).toEqual(fixture.events);
  });

  test("folds into what a person sees, without changing a state that was handed out", () => {
    expect(foldFrozen(events)).toEqual(fixture.session);
  });

  test("folds into the same from the events that are kept on disk", () => {
    const kept = events.filter((event) => !isTransient(event));
    expect(foldFrozen(JSON.parse(JSON.stringify(kept)))).toEqual(fixture.session);
  });
});

test("there are fixtures", () => {
  expect(names.length).toBeGreaterThan(5);
});

test("a comment that ends keeps its place above the code that is still being written", () => {
  const turn = { at: 1, turnId: "t" };
  const agent = "assistant_agent";
  const { turns } = foldFrozen([
    { type: "turn-start", ...turn, question: "?", agent: null, replaces: null },
    { type: "text-delta", ...turn, blockId: "words", agent, role: "comment", text: "I" },
    { type: "code-delta", ...turn, cellId: "code", agent, text: "print(" },
    { type: "text-end", ...turn, blockId: "words", agent, role: "comment", text: "I add." },
    { type: "notice", ...turn, severity: "info", code: "n", text: "" },
  ]);
  expect(turns[0]?.blocks.map(({ id }) => id)).toEqual(["words", "notice-0", "code"]);
});

test("that a call is tried again is said until something else happens", () => {
  const turn = { at: 1, turnId: "t" };
  const agent = "assistant_agent";
  const waiting: readonly SessionEvent[] = [
    { type: "turn-start", ...turn, question: "?", agent: null, replaces: null },
    { type: "progress", ...turn, agent, activity: "retrying", detail: "trying again in 2 s" },
  ];
  expect(foldFrozen(waiting).turns[0]?.progress?.detail).toBe("trying again in 2 s");
  const after = foldFrozen([...waiting, { type: "code-delta", ...turn, cellId: "c", agent, text: "p" }]);
  expect(after.turns[0]?.progress).toEqual({ agent, activity: "thinking", detail: "" });
});

/** Numbers that look random and are the same in every run. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** A turn in which streams of text and code overlap, end, are dropped, or are cut off by the end of the turn. */
function randomTurn(turnId: string, random: (below: number) => number): readonly SessionEvent[] {
  const turn = { at: 1, turnId };
  const agent = "assistant_agent";
  const events: SessionEvent[] = [{ type: "turn-start", ...turn, question: "?", agent: null, replaces: null }];
  const open: { readonly id: string; readonly kind: "text" | "code"; text: string }[] = [];
  for (let step = 0; step < 40; step += 1) {
    const stream = open[random(open.length + 1)];
    const choice = random(8);
    if (stream === undefined && choice < 3) {
      open.push({ id: `${turnId}-${step}`, kind: choice === 0 ? "code" : "text", text: "" });
    } else if (stream === undefined && choice < 5) {
      events.push({ type: "notice", ...turn, severity: "info", code: `n${step}`, text: "" });
    } else if (stream === undefined && choice === 5) {
      events.push({ type: "agent-select", ...turn, agent, how: "model", durationMs: step });
    } else if (stream === undefined) {
      events.push({ type: "progress", ...turn, agent, activity: "thinking", detail: `${step}` });
    } else if (choice < 5) {
      stream.text += `${step} `;
      events.push(
        stream.kind === "text"
          ? { type: "text-delta", ...turn, blockId: stream.id, agent, role: "comment", text: `${step} ` }
          : { type: "code-delta", ...turn, cellId: stream.id, agent, text: `${step} ` },
      );
    } else {
      open.splice(open.indexOf(stream), 1);
      events.push(...endOf(stream, turn, choice));
    }
  }

  const reason = (["done", "cancelled", "failed"] as const)[random(3)] ?? "done";
  return [...events, { type: "turn-end", ...turn, reason, problem: null, durationMs: 1 }];
}

function endOf(
  stream: { readonly id: string; readonly kind: "text" | "code"; readonly text: string },
  turn: { readonly at: number; readonly turnId: string },
  choice: number,
): readonly SessionEvent[] {
  const agent = "assistant_agent";
  if (choice === 5) {
    return [{ type: "block-drop", ...turn, blockId: stream.id }];
  }

  if (stream.kind === "text") {
    return [{ type: "text-end", ...turn, blockId: stream.id, agent, role: "answer", text: stream.text }];
  }

  const cell = { ...turn, cellId: stream.id };
  const started: SessionEvent = {
    type: "cell-start",
    ...cell,
    number: 1,
    agent,
    code: stream.text,
    repair: 0,
    effects: [],
  };
  return choice === 6 ? [started] : [started, { type: "cell-end", ...cell, status: "ok", durationMs: 1 }];
}

test.each(Array.from({ length: 200 }, (_, seed) => seed))("what is kept folds as it was seen live: seed %i", (seed) => {
  const random = createRandom(seed);
  const start: SessionEvent = { type: "session-start", at: 1, sessionId: "s", title: "t", version: "1" };
  const events = [start, ...randomTurn("t1", random), ...randomTurn("t2", random)];
  const live = foldFrozen(events);
  const kept = events.filter((event) => !isTransient(event));
  expect(foldFrozen(kept)).toEqual(live);
  expect(new Set(live.turns.flatMap(({ blocks }) => blocks.map(({ id }) => id))).size).toBeGreaterThan(0);
  for (const { blocks } of live.turns) {
    expect(new Set(blocks.map(({ id }) => id)).size).toBe(blocks.length);
  }
});
