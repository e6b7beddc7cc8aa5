import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SessionStore } from "./session-store.ts";

let folder: string;
let store: SessionStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "byzer-store-"));
  store = new SessionStore(join(folder, "sessions"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A session on disk, last changed `minutesAgo`. @returns Its id. */
async function kept(title: string, minutesAgo = 0, answer = "nothing"): Promise<string> {
  const opened = await store.create(title);
  const { log } = opened;
  const turn = { at: 1, turnId: "t" };
  log.append({ type: "file-attach", at: 1, path: `/data/${title}.csv`, name: `${title}.csv` });
  log.append({ type: "turn-start", ...turn, question: `What of ${title}?`, agent: null, replaces: null });
  log.append({ type: "text-end", ...turn, blockId: "b", agent: "a", role: "answer", text: answer });
  log.append({ type: "turn-end", ...turn, reason: "done", problem: null, durationMs: 1 });
  await opened.close();
  const then = new Date(Date.now() - minutesAgo * 60_000);
  const summary = join(log.folder, "summary.json");
  const entry = JSON.parse(readFileSync(summary, "utf8"));
  writeFileSync(summary, JSON.stringify({ ...entry, updatedAt: then.getTime() }));
  utimesSync(join(log.folder, "events.jsonl"), then, then);
  return log.id;
}

function eventsOf(id: string): string {
  return join(folder, "sessions", id, "events.jsonl");
}

const titles = (entries: readonly { readonly title: string }[]) => entries.map(({ title }) => title);

test("the list shows the latest first, with files and turns", async () => {
  await kept("older", 20);
  await kept("newest", 1);
  await kept("oldest", 40);
  const entries = await store.list();
  expect(titles(entries)).toEqual(["newest", "older", "oldest"]);
  expect(entries[0]).toMatchObject({ files: ["newest.csv"], turns: 1 });
  expect(Object.keys(entries[0] ?? {})).not.toContain("words");
});

test("an empty or missing folder is an empty list; what is no session is passed over", async () => {
  expect(await store.list()).toEqual([]);
  await kept("one");
  writeFileSync(join(folder, "sessions", "notes.txt"), "x");
  expect(titles(await store.list())).toEqual(["one"]);
});

test("search wants every word, in title, files, questions or answers, in any case", async () => {
  await kept("Floods", 1, "洪水造成 7 人死亡。");
  await kept("Droughts", 2, "Seven people.");
  expect(titles(await store.search("flood WHAT"))).toEqual(["Floods"]);
  expect(titles(await store.search("死亡"))).toEqual(["Floods"]);
  expect(titles(await store.search("people droughts.csv"))).toEqual(["Droughts"]);
  expect(titles(await store.search("people floods"))).toEqual([]);
  expect(titles(await store.search(" "))).toEqual(["Floods", "Droughts"]);
});

test("the summary is made again from the events where it is missing or older", async () => {
  const id = await kept("one", 5);
  rmSync(join(folder, "sessions", id, "summary.json"));
  expect(await store.list()).toMatchObject([{ id, title: "one", turns: 1 }]);
  const second = await kept("two", 5);
  appendFileSync(eventsOf(second), `${JSON.stringify({ type: "session-rename", at: 1, title: "renamed" })}\n`);
  expect(titles(await store.list())).toContain("renamed");
});

test("rename is kept and found", async () => {
  const id = await kept("one", 5);
  await store.rename(id, "better");
  expect(titles(await store.list())).toEqual(["better"]);
  const again = await store.open(id);
  expect(again.log.state.title).toBe("better");
  await again.close();
});

test("delete takes everything, and a second time nothing", async () => {
  const id = await kept("one");
  await store.delete(id);
  expect(existsSync(join(folder, "sessions", id))).toBe(false);
  expect(await store.list()).toEqual([]);
  await store.delete(id);
  await expect(store.open(id)).rejects.toMatchObject({ code: "session.unknown" });
  await expect(store.delete("../../etc")).rejects.toMatchObject({ code: "session.unknown" });
});

test("a turn that had not ended is lost when the session is opened, and stays so", async () => {
  const { log } = await store.create("one");
  const turn = { at: 1, turnId: "t" };
  log.append({ type: "turn-start", ...turn, question: "q", agent: null, replaces: null });
  const cell = { ...turn, cellId: "c" };
  log.append({ type: "cell-start", ...cell, number: 1, agent: "a", code: "1", repair: 0, effects: [] });
  log.append({ type: "cell-run", ...cell });
  await log.flush();
  const again = await store.open(log.id);
  expect(again.log.state.turns[0]).toMatchObject({ status: "lost", blocks: [{ phase: "exited" }] });
  await again.close();
  const third = await store.open(log.id);
  expect(third.log.events.filter(({ type }) => type === "turn-end")).toHaveLength(1);
  await third.close();
});

test("a kill in the middle of a line loses that line only", async () => {
  const id = await kept("one");
  appendFileSync(eventsOf(id), '{"type":"session-rename","at":1,"ti');
  const again = await store.open(id);
  expect(again.damagedLines).toEqual([]);
  expect(again.log.state.title).toBe("one");
  again.log.append({ type: "session-rename", at: 1, title: "two" });
  await again.close();
  expect(titles(await store.list())).toEqual(["two"]);
});

test("damaged lines are reported; a session without its first line is refused and can be deleted", async () => {
  const id = await kept("one");
  appendFileSync(eventsOf(id), "nonsense\n");
  const again = await store.open(id);
  expect(again.damagedLines).toEqual([6]);
  await again.close();
  writeFileSync(eventsOf(id), "nonsense\n");
  await expect(store.open(id)).rejects.toMatchObject({ code: "session.damaged" });
  expect(existsSync(join(folder, "sessions", id, "lock.json"))).toBe(false);
  await store.delete(id);
  expect(readdirSync(join(folder, "sessions"))).toEqual([]);
});

test("a session that another process has open is refused, and neither changed nor mended", async () => {
  const id = await kept("one", 5);
  const torn = `${readFileSync(eventsOf(id), "utf8")}{"type":"session-ren`;
  writeFileSync(eventsOf(id), torn);
  writeFileSync(join(folder, "sessions", id, "lock.json"), JSON.stringify({ pid: process.ppid }));
  const refusal = { code: "session.elsewhere", details: { sessionId: id, pid: process.ppid } };
  await expect(store.open(id)).rejects.toMatchObject(refusal);
  await expect(store.delete(id)).rejects.toMatchObject(refusal);
  await expect(store.rename(id, "mine")).rejects.toMatchObject(refusal);
  expect(titles(await store.list())).toEqual(["one"]);
  expect(readFileSync(eventsOf(id), "utf8")).toBe(torn);
});

test.each([['{"pid": 2147483646}'], ["{ torn"], ["{}"]])(
  "a lock of a process that is gone is taken over: %s",
  async (lock) => {
    const id = await kept("one");
    const path = join(folder, "sessions", id, "lock.json");
    writeFileSync(path, lock);
    const again = await store.open(id);
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({ pid: process.pid });
    await again.close();
    expect(existsSync(path)).toBe(false);
  },
);

test("a lock whose owner has not been heard of is taken over, though its number is in use again", async () => {
  const id = await kept("one");
  const path = join(folder, "sessions", id, "lock.json");
  writeFileSync(path, JSON.stringify({ pid: process.ppid }));
  utimesSync(path, new Date(0), new Date(0));
  const again = await store.open(id);
  expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({ pid: process.pid });
  await again.close();
});

test("close gives the lock back even where the last events could not be written", async () => {
  const opened = await store.create("one");
  const { log } = opened;
  await log.flush();
  rmSync(eventsOf(log.id));
  log.append({ type: "session-rename", at: 1, title: "two" });
  await expect(opened.close()).rejects.toThrow(/ENOENT/);
  expect(existsSync(join(log.folder, "lock.json"))).toBe(false);
});

test("refresh updates the list while the session stays open", async () => {
  const opened = await store.create("one");
  const { log } = opened;
  log.append({ type: "session-rename", at: 1, title: "two" });
  await store.refresh(log);
  expect(titles(await store.list())).toEqual(["two"]);
  expect(existsSync(join(log.folder, "lock.json"))).toBe(true);
  await opened.close();
});

test("a place where nothing can be written is named, with the way out", async () => {
  const file = join(folder, "a file");
  writeFileSync(file, "");
  await expect(new SessionStore(join(file, "sessions")).create("one")).rejects.toMatchObject({
    code: "session.not-writable",
    message: expect.stringContaining("--sessions"),
  });
});

test("the Python that a session has on a cluster is known without opening it", async () => {
  const opened = await store.create("there");
  const { log } = opened;
  expect(await store.kernelOf(log.id)).toBeUndefined();
  log.append({ type: "kernel-open", at: 1, cluster: "http://head:8265", name: "kernel-1" });
  await opened.close();
  expect(await store.kernelOf(log.id)).toEqual({ cluster: "http://head:8265", name: "kernel-1" });
  expect(await store.kernelOf("no-such-session")).toBeUndefined();
});

test("summaries that are written at a time do not take each other's place away", async () => {
  const opened = await store.create("busy");
  await Promise.all(Array.from({ length: 20 }, () => store.refresh(opened.log)));
  await opened.close();
  expect(titles(await store.list())).toEqual(["busy"]);
  expect(readdirSync(opened.log.folder).filter((name) => name.startsWith("summary"))).toEqual(["summary.json"]);
});
