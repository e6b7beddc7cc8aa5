import { expect, test } from "vitest";
import { type SessionScript, sessionPush, sessionScript } from "./fixtures.ts";
import { foundTurns, memoryStates, remembered } from "./gallery-memory.ts";
import { openedPages, sent } from "./opened-pages.ts";
import type { Push } from "../../src/agents/protocol/page.ts";
import type { OpenOptions, OpenedPage } from "./page-harness.ts";

const openPage = openedPages();

async function open([first, ...more]: readonly Push[], options?: OpenOptions): Promise<OpenedPage> {
  const page = await openPage(first ?? sessionPush(long(1)), options);
  await page.push(...more);
  return page;
}

function stateOf(name: string) {
  const found = memoryStates.find((state) => state.name === name);
  if (found === undefined) {
    throw new Error(`There is no state ${name}.`);
  }

  return found;
}

/** A session of questions with long answers. */
function long(turns: number): SessionScript {
  const script = sessionScript("Long", "session-1");
  for (let at = 1; at <= turns; at += 1) {
    script.ask(`Question ${at}`).add(
      {
        type: "text-end",
        blockId: "b",
        agent: "assistant_agent",
        role: "answer",
        text: `Answer ${at}.\n\n`.repeat(20),
      },
      { type: "turn-end", reason: "done", problem: null, durationMs: 1 },
    );
  }

  return script;
}

test("the search of sessions finds questions too; one opens its conversation", async () => {
  const state = stateOf("memory-search");
  const page = await open(state.pushes(""), { answers: state.answers ?? {} });
  await state.act?.(page.page);
  const lines = page.page.locator(".found-turns .session-open");
  await expect.poll(() => lines.count()).toBe(3);
  expect(await sent(page, "turn-search")).toEqual([{ text: "1901" }]);
  await page.page.getByRole("button", { name: "Show “How many people died in 1901?” in" }).click();
  expect(await sent(page, "turn-open")).toEqual([{ sessionId: "session-1", turnId: "turn-1" }]);
  await page.page.getByLabel("Ask a question").waitFor();
});

test("nothing is looked for in conversations that are not remembered", async () => {
  const state = stateOf("memory-search");
  const off = state
    .pushes("")
    .map((push) => (push.kind === "session" ? { ...push, settings: { ...push.settings, remembers: false } } : push));
  const page = await open(off, {
    answers: { "session-search": { sessions: [] }, "turn-search": { turns: foundTurns } },
  });
  await state.act?.(page.page);
  await page.page.getByText("No session mentions “1901”.").waitFor();
  expect(await sent(page, "turn-search")).toEqual([]);
});

test("a citation of a conversation says its question and opens it there", async () => {
  const page = await open(stateOf("memory-answer").pushes(""));
  await page.page.getByRole("button", { name: `Source 1: ${remembered.name}` }).click();
  expect(await sent(page, "place-open")).toMatchObject([
    { turn: remembered.turn, words: "200,018 people died in disasters" },
  ]);
  await page.page.getByText("Read 1 passage from 1 earlier question").waitFor();
});

test("the menu forgets the conversation, switches memory and forgets everything", async () => {
  const state = stateOf("memory-menu");
  const page = await open(state.pushes(""));
  for (const name of ["Forget this conversation", "Stop remembering conversations", "Forget all conversations…"]) {
    // oxlint-disable-next-line no-await-in-loop -- one menu after the other
    await state.act?.(page.page);
    // oxlint-disable-next-line no-await-in-loop
    await page.page.getByRole("menuitem", { name }).click();
  }

  expect(await sent(page, "session-remember")).toEqual([{ remembered: false }]);
  expect(await sent(page, "memory-switch")).toEqual([{ on: false }]);
  expect(await sent(page, "memory-forget")).toEqual([{}]);
});

test("a conversation that is not remembered shows it, and is remembered again by a click", async () => {
  const page = await open(stateOf("memory-forgotten").pushes(""));
  await page.page.getByRole("button", { name: "This conversation is not remembered" }).click();
  expect(await sent(page, "session-remember")).toEqual([{ remembered: true }]);
});

test("where memory cannot be used the menu says nothing of it", async () => {
  const page = await open([sessionPush(long(1))]);
  await page.page.getByRole("button", { name: "More" }).click();
  await page.page.getByRole("menuitem", { name: "Settings" }).waitFor();
  expect(await page.page.getByRole("menuitem", { name: /remember|forget/iu }).count()).toBe(0);
});

test("a turn that is asked for comes to the top and is marked, wherever it stands", async () => {
  const page = await open([sessionPush(sessionScript("New"))], { width: 340, height: 700 });
  // It is marked for a moment only.
  const marked = page.page.locator(".shown-turn").waitFor();
  await page.push(sessionPush(long(30)), { kind: "turn", turnId: "t7" });
  const row = page.page.locator('.row-question[data-key^="t7"]');
  await row.waitFor();
  const top = (): Promise<number> =>
    row.evaluate((element) => {
      const list = element.closest(".messages-scroller")?.getBoundingClientRect().top ?? 0;
      return Math.abs(element.getBoundingClientRect().top - list);
    });
  await expect.poll(top).toBeLessThan(24);
  await marked;
  await expect.poll(() => page.page.locator(".shown-turn").count()).toBe(0);
  expect(await top()).toBeLessThan(24);

  const nextMarked = page.page.locator('.shown-turn[data-key^="t29"]').waitFor();
  await page.push({ kind: "turn", turnId: "t29" });
  await nextMarked;
});
