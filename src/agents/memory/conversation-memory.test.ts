import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { FoundTurn } from "../protocol/page.ts";
import { type MemoryFixture, createMemoryFixture } from "../testing/memory-fixture.ts";

const never = new AbortController().signal;
let fixture: MemoryFixture;

beforeEach(() => {
  fixture = createMemoryFixture();
});

afterEach(async () => {
  await fixture.dispose();
});

const disasters = {
  question: "How many people died in 1901?",
  answer: "In 1901, **200018** people died in disasters.",
};
const refunds = { question: "When are refunds paid?", answer: "Within fourteen days of the quokkafestival." };

function find(text: string, memory = fixture.memory): Promise<readonly FoundTurn[]> {
  return memory.find(text, never);
}

test("questions of every session are found with title, day and the words that fit, in English and Chinese", async () => {
  const first = await fixture.hold("disasters.csv", disasters, { ...refunds, at: Date.UTC(2026, 9, 1) });
  const second = await fixture.hold("退款", {
    question: "1901年死了多少人？",
    answer: "1901年有200018人死于自然灾害。",
  });
  const found = await find("what did we find about 1901?");
  expect(found.map(({ sessionId }) => sessionId).toSorted()).toEqual([first.sessionId, second.sessionId].toSorted());
  const english = found.find(({ sessionId }) => sessionId === first.sessionId);
  expect(english).toEqual({
    sessionId: first.sessionId,
    turnId: first.turnIds[0],
    title: "disasters.csv",
    question: disasters.question,
    at: Date.UTC(2026, 10, 20, 12),
    excerpt: "In 1901, 200018 people died in disasters.",
  });
  expect((await find("自然灾害"))[0]).toMatchObject({ sessionId: second.sessionId, question: "1901年死了多少人？" });
  expect((await find("refunds"))[0]?.at).toBe(Date.UTC(2026, 9, 1));
  expect(await find("  ")).toEqual([]);
});

test("nothing is made where there is nothing to remember", async () => {
  expect(await find("1901")).toEqual([]);
  await fixture.memory.forgetAll();
  expect(fixture.bytes()).not.toContain(".db");
});

test("what was noted is read again: new, edited and retried turns; the title of today", async () => {
  const { sessionId, turnIds } = await fixture.hold("old title", disasters, refunds);
  expect(await find("refunds")).toHaveLength(1);
  const replaces = turnIds[1] ?? "";
  const [edited] = await fixture.goOn(sessionId, { ...refunds, answer: "Refunds take thirty days.", replaces });
  await fixture.append(sessionId, { type: "session-rename", at: 1, title: "new title" });
  expect((await find("refunds"))[0]?.turnId).toBe(turnIds[1]);
  fixture.memory.note(sessionId);
  expect(await find("refunds")).toMatchObject([{ turnId: edited, title: "new title" }]);
  expect(await find("quokkafestival")).toEqual([]);
  expect(fixture.bytes()).not.toContain("quokkafest");
});

test("a session that is forgotten, deleted or not to be remembered is in no byte of what is kept", async () => {
  const { sessionId } = await fixture.hold("the quokkafestival", refunds);
  const kept = await fixture.hold("disasters.csv", disasters);
  expect(await find("quokkafestival")).toHaveLength(1);
  expect(fixture.bytes()).toContain("quokkafest");
  await fixture.append(sessionId, { type: "session-remember", at: 1, remembered: false });
  await fixture.memory.forget(sessionId);
  expect(fixture.bytes()).not.toContain("okkafest");
  expect(await find("quokkafestival")).toEqual([]);

  await fixture.append(sessionId, { type: "session-remember", at: 2, remembered: true });
  fixture.memory.note(sessionId);
  expect(await find("quokkafestival")).toHaveLength(1);
  await fixture.store.delete(sessionId);
  await fixture.memory.forget(sessionId);
  expect(fixture.bytes()).not.toContain("okkafest");
  expect(fixture.bytes()).not.toContain(sessionId);
  expect(await find("1901")).toMatchObject([{ sessionId: kept.sessionId }]);
});

test("a session that was deleted while nobody watched is forgotten at the next look", async () => {
  const { sessionId } = await fixture.hold("refunds", refunds);
  await find("refunds");
  rmSync(join(fixture.folder, "sessions", sessionId), { recursive: true });
  expect(await find("quokkafestival", fixture.openMemory())).toEqual([]);
  expect(fixture.bytes()).not.toContain("okkafest");
});

test("everything is forgotten for good; what is asked later is remembered", async () => {
  const { sessionId } = await fixture.hold("disasters.csv", disasters, refunds);
  await find("1901");
  await fixture.memory.forgetAll();
  expect(fixture.bytes()).not.toContain("okkafest");
  expect(fixture.bytes()).not.toContain("200018");
  expect(await find("1901", fixture.openMemory())).toEqual([]);
  await fixture.goOn(sessionId, { ...refunds, at: Date.now() + 1 });
  expect(await find("quokkafestival", fixture.openMemory())).toHaveLength(1);
});

test("while it is off nothing is read or found, yet what is to be forgotten goes", async () => {
  const { sessionId } = await fixture.hold("refunds", refunds);
  await find("refunds");
  fixture.isOn = false;
  await fixture.hold("disasters.csv", disasters);
  expect(await find("refunds")).toEqual([]);
  await fixture.store.delete(sessionId);
  await fixture.memory.forget(sessionId);
  expect(fixture.bytes()).not.toContain("okkafest");
});

test("two windows on one workspace: each finds what the other has read, and forgetting holds in both", async () => {
  const other = fixture.openMemory();
  const { sessionId } = await fixture.hold("refunds", refunds);
  const [mine, others] = await Promise.all([find("quokkafestival"), find("quokkafestival", other)]);
  expect([mine.length, others.length]).toEqual([1, 1]);
  await fixture.append(sessionId, { type: "session-remember", at: 1, remembered: false });
  await Promise.all([fixture.memory.forget(sessionId), find("quokkafestival", other)]);
  expect(await find("quokkafestival", other)).toEqual([]);
  expect(fixture.bytes()).not.toContain("okkafest");
});

test("a process that was killed before it purged the index leaves it to the next", async () => {
  const { sessionId } = await fixture.hold("refunds", refunds);
  await find("refunds");
  await fixture.store.delete(sessionId);
  const dying = fixture.openMemory();
  dying.index.update = async () => await Promise.reject(new Error("killed"));
  await expect(dying.forget(sessionId)).rejects.toThrow("killed");
  expect(fixture.bytes()).toContain("okkafest");
  await find("refunds", fixture.openMemory());
  expect(fixture.bytes()).not.toContain("okkafest");
});

test("keys are masked in what is found", async () => {
  const key = `sk-proj-${"Ab3dEf6hIj9kLm2n".repeat(3)}`;
  await fixture.hold("keys", { question: "Which key is used?", answer: `The key in the handbook is ${key}, of 2024.` });
  const [found] = await find("handbook key");
  expect(found?.excerpt).toContain("handbook");
  expect(JSON.stringify(found)).not.toContain(key);
  expect(fixture.bytes()).not.toContain(key);
});
