import { appendFileSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { SessionEvent } from "../protocol/session-event.ts";
import { SessionLog, mendSessionLog, readSessionLog } from "./session-log.ts";

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "byzer-log-"));
  path = join(folder, "events.jsonl");
  writeFileSync(path, "");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const start: SessionEvent = { type: "session-start", at: 1, sessionId: "s", title: "t", version: "1" };
const rename = (title: string): SessionEvent => ({ type: "session-rename", at: 2, title });
const open = (events: readonly SessionEvent[] = []) => new SessionLog({ id: "s", folder, path, events });
const titles = (events: readonly SessionEvent[]) => events.flatMap((event) => ("title" in event ? [event.title] : []));

test("the file is only ever added to, one event a line, in order", async () => {
  const log = open();
  log.append(start);
  await log.flush();
  const before = readFileSync(path, "utf8");
  const names = Array.from({ length: 100 }, (_, index) => `名 ${index}\n`);
  for (const [index, name] of names.entries()) {
    log.append(rename(name));
    if (index % 10 === 0) {
      // oxlint-disable-next-line no-await-in-loop -- some are written while others come
      await Promise.resolve();
    }
  }

  await log.flush();
  expect(readFileSync(path, "utf8").startsWith(before)).toBe(true);
  const { events, damagedLines } = await readSessionLog(path);
  expect(titles(events)).toEqual(["t", ...names]);
  expect(damagedLines).toEqual([]);
  expect(open(events).state).toEqual(log.state);
});

test("pieces of streams are folded and not kept", async () => {
  const log = open([start]);
  const turn = { at: 1, turnId: "t" };
  log.append({ type: "turn-start", ...turn, question: "q", agent: null, replaces: null });
  log.append({ type: "text-delta", ...turn, blockId: "b", agent: "a", role: "answer", text: "half" });
  expect(log.state.turns[0]?.blocks).toHaveLength(1);
  await log.flush();
  expect(readFileSync(path, "utf8").trim().split("\n")).toHaveLength(1);
  expect(log.events).toHaveLength(2);
});

test("a last line that was cut off is passed over, and taken off before the next event", async () => {
  const whole = `${JSON.stringify(start)}\n`;
  writeFileSync(path, whole + JSON.stringify(rename("中文")).slice(0, -8));
  const reading = await readSessionLog(path);
  expect(reading).toMatchObject({ events: [start], damagedLines: [] });
  expect(readFileSync(path, "utf8").length).toBeGreaterThan(whole.length);
  await mendSessionLog(path);
  expect(readFileSync(path, "utf8")).toBe(whole);
  const log = open(reading.events);
  log.append(rename("next"));
  await log.flush();
  expect(titles((await readSessionLog(path)).events)).toEqual(["t", "next"]);
});

test("a cut in the middle of a letter of several bytes harms no other line", async () => {
  const bytes = Buffer.from(`${JSON.stringify(start)}\n${JSON.stringify(rename("中文"))}\n`);
  const cut = bytes.subarray(0, bytes.indexOf(Buffer.from("文")) + 1);
  writeFileSync(path, cut);
  await mendSessionLog(path);
  expect(titles((await readSessionLog(path)).events)).toEqual(["t"]);
});

test("damaged lines in the middle are reported by number, the rest is read", async () => {
  const lines = [JSON.stringify(start), "{ broken", JSON.stringify(rename("b")), '{"type":"unheard-of"}', "", ""];
  writeFileSync(path, lines.join("\n"));
  const { events, damagedLines } = await readSessionLog(path);
  expect(titles(events)).toEqual(["t", "b"]);
  expect(damagedLines).toEqual([2, 4, 5]);
});

test("10,000 events are written and read again", async () => {
  const log = open();
  log.append(start);
  for (let index = 0; index < 10_000; index += 1) {
    log.append(rename(`${index}`));
  }

  await log.flush();
  const { events } = await readSessionLog(path);
  expect(events).toHaveLength(10_001);
  expect(open(events).state.title).toBe("9999");
});

test("a write that fails surfaces in flush, and nothing is lost when the file can be written again", async () => {
  const log = open();
  log.append(start);
  await log.flush();
  renameSync(path, `${path}.away`);
  log.append(rename("one"));
  log.append(rename("two"));
  await expect(log.flush()).rejects.toThrow(/ENOENT/);
  await expect(log.flush()).rejects.toThrow(/ENOENT/);
  log.append(rename("three"));
  renameSync(`${path}.away`, path);
  // What a full disk leaves behind: a part of what was to be written.
  appendFileSync(path, JSON.stringify(rename("one")).slice(0, 10));
  log.append(rename("four"));
  await log.flush();
  await log.flush();
  const { events, damagedLines } = await readSessionLog(path);
  expect(titles(events)).toEqual(["t", "one", "two", "three", "four"]);
  expect(damagedLines).toEqual([]);
});
