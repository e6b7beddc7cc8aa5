import { describe, expect, test } from "vitest";
import type { CellOutput } from "../../../src/agents/protocol/cell-output.ts";
import type { PythonState } from "../../../src/agents/protocol/page.ts";
import { type SessionEvent } from "../../../src/agents/protocol/session-event.ts";
import { type Turn, emptySession, reduceSession } from "../../../src/agents/protocol/session-state.ts";
import { en } from "../strings/en.ts";
import { zh } from "../strings/zh.ts";
import { followUps } from "./follow-ups.ts";

const plotting: PythonState = { status: "ready", label: "Python 3.12 · pandas · matplotlib", advice: "" };

function table(rowCount: number): CellOutput {
  return { type: "table", columns: [], rows: [], rowCount, columnCount: 2 };
}

const words: CellOutput = { type: "text", stream: "stdout", text: "200018" };
const picture: CellOutput = { type: "image", mime: "image/png", file: "1.png", width: 1, height: 1, alt: "" };

/** A turn with a cell for each list of outputs. */
function turnOf(question: string, ...cells: readonly (readonly CellOutput[])[]): Turn {
  const at = { at: 0, turnId: "t" };
  const events: readonly SessionEvent[] = [
    { type: "turn-start", ...at, question, agent: null, replaces: null },
    ...cells.flatMap((outputs, index): readonly SessionEvent[] => {
      const cell = { ...at, cellId: `c${index}` };
      return [
        { type: "cell-start", ...cell, number: 1, agent: "a", code: "", repair: 0, effects: [] },
        ...outputs.map((output) => ({ type: "cell-output" as const, ...cell, output })),
        { type: "cell-end", ...cell, status: question === "Refused?" ? "denied" : "ok", durationMs: 1 },
      ];
    }),
  ];
  const [turn] = events.reduce(reduceSession, emptySession).turns;
  if (turn === undefined) {
    throw new Error("The events make no turn.");
  }

  return turn;
}

function texts(turn: Turn, python: PythonState | null = plotting): readonly string[] {
  return followUps(turn, python, en).map(({ text }) => text);
}

describe("a plot is offered", () => {
  test("of a table with enough rows, by the agent that draws", () => {
    expect(followUps(turnOf("By year?", [table(3), words]), plotting, en)[0]).toEqual({
      text: en.askPlotThis,
      agent: "visualization_agent",
    });
  });
  test.each<readonly [string, Turn, PythonState | null]>([
    ["of two rows", turnOf("?", [table(2)]), plotting],
    ["of a number", turnOf("?", [words]), plotting],
    ["of a table that an earlier cell showed", turnOf("?", [table(9)], [words]), plotting],
    ["where one is there", turnOf("?", [table(9), picture]), plotting],
    ["without matplotlib", turnOf("?", [table(9)]), { ...plotting, label: "Python 3.12 · pandas" }],
    ["before Python is known", turnOf("?", [table(9)]), null],
    ["where nothing ran", turnOf("?"), plotting],
  ])("but not %s", (_name, turn, python) => {
    expect(texts(turn, python)).not.toContain(en.askPlotThis);
  });
});

test("a table is offered of what was printed, and an explanation of what ran", () => {
  expect(texts(turnOf("?", [words]))).toEqual([en.askAsTable, en.askExplain]);
  expect(texts(turnOf("?", []))).toEqual([en.askExplain]);
  expect(texts(turnOf("?"))).toEqual([]);
  expect(texts(turnOf("Refused?", [words, table(9)]))).toEqual([]);
});

test("after a Chinese question in Chinese", () => {
  expect(texts(turnOf("每年多少？", [table(5)]))).toEqual([zh.askPlotThis, zh.askExplain]);
});

function offered(...events: readonly SessionEvent[]) {
  const [turn] = events.reduce(reduceSession, emptySession).turns;
  return turn === undefined ? null : followUps(turn, plotting, en);
}

describe("more is offered of an answer from files", () => {
  const at = { at: 0, turnId: "t" };
  const place = { path: "/w/a.md", name: "a.md", startLine: 1, endLine: 1, start: 0, end: 3, page: null, place: "" };
  const cited: readonly SessionEvent[] = [
    { type: "turn-start", ...at, question: "How many days?", agent: null, replaces: null },
    { type: "citation", ...at, blockId: "b", citation: { ...place, number: 1, passage: 1, quote: "yes" } },
    { type: "text-end", ...at, blockId: "b", agent: "retrieval_agent", role: "answer", text: "Thirty[1]." },
  ];
  const called: SessionEvent = {
    type: "model-call",
    ...at,
    agent: "retrieval_agent",
    model: "m",
    usage: { promptTokens: 1, completionTokens: 1, estimated: false },
    durationMs: 1,
    repairs: [],
  };
  test("that a model gave with citations", () => {
    expect(offered(...cited, called)).toEqual([{ text: en.askMore, agent: "retrieval_agent" }]);
  });
  test("not of the passages alone, nor where nothing answers", () => {
    const nearest = { type: "passages", ...at, agent: "r", query: "q", how: "nearest", passages: [] } as const;
    expect(offered(...cited)).toEqual([]);
    expect(offered(...cited, called, { ...nearest, passages: [] })).toEqual([]);
  });
});
