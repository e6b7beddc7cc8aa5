import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createOpenAiEmbedder } from "../../src/agents/models/openai-embedder.ts";
import { createPassageIndex, type ThreadedPassageIndex } from "../../src/agents/retrieval/passage-index.ts";
import { type EmbeddingMood, type FakeEmbeddingServer, startEmbeddingServer } from "./embedding-server.ts";

const worker = new URL("../../dist/retrieval-worker.mjs", import.meta.url);
const program = join(import.meta.dirname, "../../dist/cli.mjs");
const never = new AbortController().signal;
const fileCount = 60;

let folder = "";
let server: FakeEmbeddingServer;
let index: ThreadedPassageIndex;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "byzer-embedding-"));
  mkdirSync(join(folder, "files"));
  for (let number = 0; number < fileCount; number += 1) {
    writeFileSync(
      join(folder, "files", `${number}.txt`),
      `Number ${number} is about ${"word ".repeat(number % 7)}things.`,
    );
  }
  writeFileSync(join(folder, "files", "listen.txt"), "listen enlist");
  server = await startEmbeddingServer();
  index = open();
});

afterEach(async () => {
  await index.dispose();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(): ThreadedPassageIndex {
  return createPassageIndex({ folder: join(folder, "index"), worker });
}

function embed(where: ThreadedPassageIndex, model = "letters"): void {
  where.useEmbedder(
    createOpenAiEmbedder({
      baseUrl: server.baseUrl,
      model,
      maxBatch: 8,
      readKey: () => Promise.resolve(null),
      wait: () => Promise.resolve(),
    }),
  );
}

const root = (): string => join(folder, "files");

async function find(text: string): Promise<string | undefined> {
  return (await index.search({ root: root(), text, top: 1 }, never))[0]?.path;
}

test("passages are embedded in the background and found by meaning; only what changed is embedded again", async () => {
  embed(index);
  await index.update({ root: root() }, never);
  await index.whenEmbedded(root(), never);
  expect(await index.status(root())).toMatchObject({ embedded: fileCount + 1, passages: fileCount + 1 });
  expect(await find("silent tinsel")).toBe("listen.txt");
  const [found] = await index.search({ root: root(), text: "listen", top: 1 }, never);
  expect(found?.scores).toMatchObject({ text: expect.any(Number), vector: expect.any(Number), reranked: null });
  const before = server.texts.length;
  writeFileSync(join(root(), "1.txt"), "Entirely new words.");
  await index.update({ root: root() }, never);
  await index.whenEmbedded(root(), never);
  expect(server.texts.slice(before)).toEqual(["Entirely new words."]);
});

test.each<readonly [EmbeddingMood, string]>([
  ["zeros", "embedding.malformed"],
  ["nan", "embedding.malformed"],
  ["short", "embedding.malformed"],
  ["cut", "embedding.unreachable"],
  ["error", "embedding.failed"],
  ["key", "embedding.wrong-key"],
])("an endpoint that answers with %s: words still find, nothing of it is kept, and it is said", async (mood, code) => {
  server.mood = mood;
  embed(index);
  await index.update({ root: root() }, never);
  await expect(index.whenEmbedded(root(), never)).rejects.toMatchObject({ code });
  expect(await find("enlist")).toBe("listen.txt");
  expect(await index.status(root())).toMatchObject({ embedded: 0, embeddingProblem: { code } });
});

test("an endpoint that changes its dimensions midway, then vanishes: what was made stays, words still find", async () => {
  embed(index);
  await index.update({ root: root(), only: ["listen.txt"] }, never);
  await index.whenEmbedded(root(), never);
  server.mood = "other";
  await index.update({ root: root() }, never);
  await expect(index.whenEmbedded(root(), never)).rejects.toMatchObject({ code: "embedding.changed" });
  expect(await index.status(root())).toMatchObject({ embedded: 1 });
  await server.close();
  expect(await find("enlist")).toBe("listen.txt");
});

test("an endpoint that does not answer holds up neither search nor the end", async () => {
  server.mood = "slow";
  embed(index);
  await index.update({ root: root() }, never);
  expect(await find("enlist")).toBe("listen.txt");
  expect((await index.status(root())).embeddingProblem?.code).toBe("embedding.unreachable");
});

test("another model makes vectors of its own, and going back costs nothing", async () => {
  embed(index);
  await index.update({ root: root() }, never);
  await index.whenEmbedded(root(), never);
  embed(index, "other");
  expect(await index.status(root())).toMatchObject({ embedded: 0 });
  await index.whenEmbedded(root(), never);
  expect(await index.status(root())).toMatchObject({ embedded: fileCount + 1 });
  const before = server.texts.length;
  embed(index);
  await index.whenEmbedded(root(), never);
  expect(server.texts.slice(before)).toHaveLength(1);
  index.useEmbedder(null);
  expect(await find("enlist")).toBe("listen.txt");
});

test("a process that is killed while it fills is taken up where it was", async () => {
  server.delayMs = 150;
  const byzer = spawn(process.execPath, [
    program,
    "index",
    root(),
    "--index",
    join(folder, "index"),
    "--embedding-model",
    "letters",
    "--embedding-base-url",
    server.baseUrl,
  ]);
  const ended = once(byzer, "exit");
  await expect.poll(() => server.texts.length, { timeout: 60_000, interval: 5 }).toBeGreaterThan(20);
  byzer.kill("SIGKILL");
  await ended;
  server.delayMs = 0;
  embed(index);
  await index.whenEmbedded(root(), never);
  const { embedded, embeddingProblem } = await index.status(root());
  expect([embedded, embeddingProblem]).toEqual([fileCount + 1, undefined]);
  const again = server.texts.filter((text, at) => server.texts.indexOf(text) !== at && text !== "dimensions");
  expect(again.length).toBeLessThan(fileCount);
});

test("two processes fill one index, and both find by meaning", async () => {
  const other = open();
  try {
    embed(index);
    embed(other);
    await Promise.all([index, other].map(async (one) => await one.update({ root: root() }, never)));
    await Promise.all([index, other].map(async (one) => await one.whenEmbedded(root(), never)));
    expect(await other.status(root())).toMatchObject({ embedded: fileCount + 1 });
    expect(await find("silent tinsel")).toBe("listen.txt");
    const [found] = await other.search({ root: root(), text: "silent tinsel", top: 1 }, never);
    expect(found?.path).toBe("listen.txt");
  } finally {
    await other.dispose();
  }
});
