import { rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { Source, SourceState } from "../protocol/source.ts";
import {
  type AskingFixture,
  type AskingOptions,
  answerBlockOf,
  createAsking,
  passagesOf,
} from "../testing/asking-fixture.ts";
import { sourcePlace } from "./source-place.ts";

let asking: AskingFixture | undefined;

afterEach(async () => {
  await asking?.dispose();
  asking = undefined;
});

async function open(options: AskingOptions = {}): Promise<AskingFixture> {
  asking = await createAsking(options);
  return asking;
}

const statesIn = ({ events }: AskingFixture): readonly string[] =>
  events.flatMap((event) => (event.type === "source-state" ? [event.state.status] : []));
const stateOf = ({ session }: AskingFixture, index = 0): SourceState | null =>
  session.state.sources[index]?.state ?? null;

test("a file, its lines, a folder and the workspace are read into the index of the workspace, only as far as asked for", async () => {
  const fixture = await open();
  const { session, index, workspace, write } = fixture;
  const note = write("docs/note.md", "First.\n\nSecond.\n\nThird.");
  await session.addSource({ kind: "file", path: note });
  await session.addSource({ kind: "lines", path: note, lines: { first: 3, last: 3 } });
  await session.addSource({ kind: "folder", path: join(workspace, "docs") });
  await session.addSource({ kind: "workspace", path: workspace });
  expect(index.updates.map(({ root, only, named }) => [root === workspace, only, named])).toEqual([
    [true, ["docs/note.md"], true],
    [true, ["docs/note.md"], true],
    [true, ["docs"], true],
    [true, undefined, undefined],
  ]);
  expect(session.state.sources.map(({ kind, name, state }) => [kind, name, state?.status])).toEqual([
    ["file", "note.md", "ready"],
    ["lines", "note.md", "ready"],
    ["folder", "docs", "ready"],
    ["workspace", workspace.split("/").at(-1), "ready"],
  ]);
  expect(stateOf(fixture)).toMatchObject({ files: 1, passages: 3, leftOutFiles: 0 });
});

test("the same is not added twice, but read again", async () => {
  const { session, index, write } = await open();
  const path = write("a.md", "First.");
  await session.addSource({ kind: "file", path });
  await session.addSource({ kind: "file", path });
  expect([session.state.sources.length, index.updates.length]).toEqual([1, 2]);
});

test("a session is called after what is asked about", async () => {
  const { session, write } = await open();
  await session.addSource({ kind: "file", path: write("notes.md", "First.") });
  expect(session.state.title).toBe("notes.md");
});

test.each([
  ["secret", "it is for keys or passwords"],
  ["password", "it opens with a password only"],
  ["scanned", "its pages are pictures without text"],
  ["empty", "it holds no text"],
  ["first-megabytes 50", "only the first 50 MB are read"],
])("a file that is left out as %s cannot be asked about, and the reason is said", async (reason, sentence) => {
  const fixture = await open();
  const { session, index, write } = fixture;
  const path = write("plan.pdf", "x");
  index.leftOut.set("plan.pdf", reason);
  await session.addSource({ kind: "file", path });
  expect(stateOf(fixture)).toMatchObject({
    status: "failed",
    problem: { code: "source.left-out", message: expect.stringContaining(sentence), details: { path, reason } },
  });
  const turn = await session.ask("What is planned?");
  expect([turn.status, turn.problem?.code]).toEqual(["failed", "source.none"]);
});

test("what is left out of a folder is named", async () => {
  const fixture = await open();
  const { session, index, workspace, write } = fixture;
  write("docs/a.md", "First.");
  write("docs/keys.pem", "x");
  write("other/keys.pem", "x");
  index.leftOut.set("keys.pem", "secret");
  await session.addSource({ kind: "folder", path: join(workspace, "docs") });
  expect(stateOf(fixture)).toEqual({
    status: "ready",
    files: 1,
    passages: 1,
    leftOutFiles: 1,
    leftOut: [{ path: "docs/keys.pem", reason: "secret" }],
    tooManyFiles: false,
  });
});

test("a question that comes while files are being read waits a moment, then says how far they are", async () => {
  const fixture = await open();
  const { session, author, index, write } = fixture;
  const { promise, resolve } = Promise.withResolvers<void>();
  write("a.md", "Bees make honey.");
  await session.addSource({ kind: "file", path: write("b.md", "Bees fly.") });
  index.gate = promise;
  const adding = session.addSource({ kind: "folder", path: fixture.workspace });
  author.expect('They fly [1: "Bees fly"].');
  const turn = await session.ask("What do bees do?");
  expect(turn.blocks).toContainEqual(
    expect.objectContaining({ kind: "notice", code: "index-unfinished", values: { done: 0, of: 3 } }),
  );
  expect(answerBlockOf(turn).text).toBe("They fly [1].");
  resolve();
  await adding;
  expect(stateOf(fixture, 1)?.status).toBe("ready");
  author.expect("What do bees make?", 'Honey [1: "make honey"].');
  const next = await session.ask("And what do they make?");
  expect(next.blocks.some((block) => block.kind === "notice")).toBe(false);
});

test("a slow look at files that are as they were is not said", async () => {
  const { session, author, index } = await open({ files: { "b.md": "Bees fly." } });
  const { promise, resolve } = Promise.withResolvers<void>();
  index.tellsProgress = false;
  index.gate = promise;
  author.expect('They fly [1: "Bees fly"].');
  const turn = await session.ask("What do bees do?");
  expect([turn.status, turn.blocks.some((block) => block.kind === "notice")]).toEqual(["done", false]);
  resolve();
});

test("a reading that is stopped keeps what was read, and goes on when it is wanted", async () => {
  const fixture = await open();
  const { session, index, workspace, write } = fixture;
  write("a.md", "First.");
  index.gate = new Promise(() => undefined);
  const adding = session.addSource({ kind: "workspace", path: workspace });
  session.stopSource(session.state.sources[0]?.id ?? "");
  await adding;
  expect(stateOf(fixture)).toMatchObject({ status: "stopped", files: 0 });
  index.gate = Promise.resolve();
  await session.retrySource(session.state.sources[0]?.id ?? "");
  expect(stateOf(fixture)).toMatchObject({ status: "ready", files: 1 });
  expect(statesIn(fixture)).toEqual(["indexing", "stopped", "indexing", "ready"]);
});

test("a session that ends while a source is read says nothing of it", async () => {
  const fixture = await open();
  const { session, index, workspace, open: opened } = fixture;
  index.gate = new Promise(() => undefined);
  const adding = session.addSource({ kind: "workspace", path: workspace });
  await session.dispose();
  await adding;
  expect([stateOf(fixture)?.status, opened.log.events.some(({ type }) => type === "source-state")]).toEqual([
    "indexing",
    false,
  ]);
});

test("a source that is taken out while it is read leaves no trace", async () => {
  const fixture = await open();
  const { session, index, workspace } = fixture;
  index.gate = new Promise(() => undefined);
  const adding = session.addSource({ kind: "workspace", path: workspace });
  session.removeSource(session.state.sources[0]?.id ?? "");
  await adding;
  expect([session.state.sources, statesIn(fixture)]).toEqual([[], ["indexing"]]);
});

test("before each question the sources are looked at again; one that has gone is said once", async () => {
  const fixture = await open({ files: { "b.md": "Bees fly." } });
  const { session, author, write } = fixture;
  const path = write("a.md", "Bees make honey.");
  await session.addSource({ kind: "file", path });
  writeFileSync(path, "Bees make wax.");
  author.expect('Wax [1: "make wax"].');
  expect(answerBlockOf(await session.ask("What do bees make?")).text).toBe("Wax [1].");

  rmSync(path);
  author.expect("What do bees do?", 'They fly [2: "Bees fly"].');
  const turn = await session.ask("What do they do?");
  expect(turn.blocks).toContainEqual(
    expect.objectContaining({ kind: "notice", code: "source-gone", values: { name: "a.md" } }),
  );
  expect(stateOf(fixture, 1)).toMatchObject({ status: "failed", problem: { code: "source.not-found" } });
  author.expect("What do bees do?", 'They fly [2: "Bees fly"].');
  expect((await session.ask("Really?")).blocks.some((block) => block.kind === "notice")).toBe(false);
});

test("a session that is opened again looks at its sources; what is as it was is not said again", async () => {
  const fixture = await open({ files: { "b.md": "Bees fly." } });
  const before = statesIn(fixture).length;
  await fixture.session.catchUp();
  expect([before, statesIn(fixture).length, fixture.index.updates.length]).toEqual([2, 2, 2]);
});

test("only the lines that were selected are read, and the model is told which", async () => {
  const { session, author, write } = await open();
  const path = write("a.md", "Bees fly.\n\nBees make honey.\n\nBees sting.");
  await session.addSource({ kind: "lines", path, lines: { first: 3, last: 3 } });
  author.expect('Honey [1: "make honey"].');
  const turn = await session.ask("What do bees make?");
  expect(passagesOf(turn)[0]?.passages.map(({ text }) => text)).toEqual(["Bees make honey."]);
  expect(author.requests[0]?.messages[1]?.content).toContain("The user asks about lines 3-3 of a.md.");
});

const source = (path: string): Source => ({ id: "1", kind: "file", path, name: "x", lines: null });

test("the index of a source is that of the innermost folder of the workspace that holds it", async () => {
  const { workspace, write } = await open();
  const path = write("inner/deep/a.md", "x");
  const inner = join(workspace, "inner");
  expect(sourcePlace(source(path), [workspace, inner])).toMatchObject({ root: inner, within: { path: "deep/a.md" } });
  expect(sourcePlace(source(inner), [workspace, inner])).toMatchObject({
    root: inner,
    path: "",
    update: { root: inner },
  });
  expect(sourcePlace(source(path), [join(workspace, "in")])).toMatchObject({
    root: path,
    folder: join(inner, "deep"),
    path: "a.md",
    within: { path: "" },
    update: { root: path },
  });
});

test("a folder of the workspace that is reached by a link holds its files", async () => {
  const { workspace, write } = await open();
  const path = write("real/a.md", "x");
  symlinkSync(join(workspace, "real"), join(workspace, "link"));
  expect(sourcePlace(source(path), [join(workspace, "link")])).toMatchObject({
    root: join(workspace, "link"),
    within: { path: "a.md" },
  });
});
