import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readInThread } from "../../src/agents/memory/read-in-thread.ts";
import { type MemoryFixture, createMemoryFixture } from "../../src/agents/testing/memory-fixture.ts";
import { runCommandLine } from "./command-line.ts";

let fixture: MemoryFixture;
let sessions = "";

beforeEach(() => {
  fixture = createMemoryFixture();
  sessions = join(fixture.folder, "sessions");
});

afterEach(async () => {
  await fixture.dispose();
});

const deaths = { question: "How many people died in 1901?", answer: "In 1901, 200018 people died in disasters." };

const run = (...args: readonly string[]) => runCommandLine(["memory", ...args, "--sessions", sessions]);

test("sessions of the command line are searched, in words and as JSON, and forgotten one by one", async () => {
  const { sessionId, turnIds } = await fixture.hold("disasters.csv", deaths);
  await fixture.hold("退款", { question: "退款何时支付？", answer: "退款将在十四天内支付。" });
  const found = await run("search", "deaths", "in", "1901", "--json");
  expect([found.code, JSON.parse(found.out)]).toMatchObject([
    0,
    { turns: [{ sessionId, turnId: turnIds[0], title: "disasters.csv", question: deaths.question }] },
  ]);
  const { out } = await run("search", "退款");
  expect(out).toContain("2026-11-20  退款何时支付？\n  退款将在十四天内支付。");

  expect(await run("forget", sessionId)).toMatchObject({ code: 0, out: "Forgotten.\n" });
  expect(JSON.parse((await run("search", "1901", "--json")).out)).toEqual({ turns: [] });
  expect((await fixture.store.list()).map(({ id }) => id)).toContain(sessionId);
});

test("everything is forgotten only with a yes; what is asked wrongly is told", async () => {
  await fixture.hold("disasters.csv", deaths);
  const refused = await run("forget", "--all", "--json");
  expect([refused.code, JSON.parse(refused.out)]).toMatchObject([1, { error: { code: "cli.usage" } }]);
  expect(JSON.parse((await run("search", "1901", "--json")).out)).toMatchObject({ turns: [{}] });
  expect(await run("forget", "--all", "--yes")).toMatchObject({ code: 0, out: "Forgotten.\n" });
  expect((await run("search", "1901")).err).toBe("No earlier conversation has to do with that.\n");
  expect(await run("search")).toMatchObject({ code: 1 });
  expect(await run("forget")).toMatchObject({ code: 1 });
  expect(await run("forget", "00000000-0000")).toMatchObject({ code: 1, err: expect.stringContaining("not there") });
});

test("the thread of the editor reads sessions, masks keys, and says what fails", async () => {
  const program = new URL("../../dist/memory-worker.mjs", import.meta.url);
  const key = `sk-proj-${"Ab3dEf6hIj9kLm2n".repeat(3)}`;
  const { sessionId, turnIds } = await fixture.hold("keys", { question: "Which key?", answer: `It is ${key}.` });
  const memory = join(fixture.folder, "memory");
  const path = `${sessionId}/${turnIds[0]}.md`;
  expect(await readInThread(program, { sessions, memory, only: null })).toEqual({ changed: [path], gone: [] });
  expect(await readInThread(program, { sessions, memory, only: [sessionId] })).toEqual({ changed: [], gone: [] });
  expect(fixture.bytes()).toContain("Which key?");
  expect(fixture.bytes()).not.toContain(key);
  const nowhere = join(fixture.folder, "sessions", sessionId, "events.jsonl", "memory");
  await expect(readInThread(program, { sessions, memory: nowhere, only: null })).rejects.toThrow(/ENOTDIR/u);
});
