import { cpSync } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Embedder } from "../../src/agents/ports/embedder.ts";
import { findPostgres, type PostgresServer, startPostgres } from "./postgres-server.ts";
import { startMachine, type TestFiles, type TestMachine } from "./shared-index.ts";

const found = findPostgres();
const missing = "missing" in found ? found.missing : null;
const never = new AbortController().signal;
const dimensions = 32;

/** Words of one meaning. */
const meanings = [
  ["automobile", "car", "汽车"],
  ["physician", "doctor", "医生"],
  ["refund", "reimburse", "退款"],
];

/** A direction of its own for each text, and one shared by all texts of a meaning. */
function vectorOf(text: string): Float32Array {
  let seed = 7;
  for (const character of text) {
    seed = Math.imul(seed ^ (character.codePointAt(0) ?? 0), 16_777_619);
  }
  const vector = new Float32Array(dimensions);
  for (let at = 0; at < dimensions; at += 1) {
    seed = Math.imul(seed ^ (seed >>> 15), 2_246_822_519) + 12_345;
    vector[at] = ((seed >>> 8) % 2001) / 1000 - 1;
  }
  meanings.forEach((words, meaning) => {
    if (words.some((word) => text.includes(word))) {
      vector[meaning] = 30;
    }
  });
  return vector;
}

/** An embedder that counts what it is given. */
function countingEmbedder(id = "meanings"): Embedder & { readonly texts: readonly string[] } {
  const texts: string[] = [];
  return {
    id,
    model: id,
    place: "this test",
    maxBatch: 16,
    texts,
    embed: (given, kind) => {
      // One word is embedded to learn how long vectors are.
      texts.push(...(kind === "passage" ? given.filter((text) => text !== "dimensions") : []));
      return Promise.resolve(given.map(vectorOf));
    },
  };
}

/** Texts without words of {@link meanings}, and one for each meaning. */
function files(): TestFiles {
  const filler = Array.from(
    { length: 60 },
    (_, at) => [`filler/${at}.txt`, `Note ${at} is about thing${at}.`] as const,
  );
  return {
    ...Object.fromEntries(filler),
    "a/car.txt": "He parked the automobile behind the house.",
    "a/医生.txt": "医生建议病人多休息。",
    "b/refund.txt": "We reimburse the price within ten days.",
  };
}

describe.skipIf(missing !== null)(`vectors in PostgreSQL${missing === null ? "" : ` (skipped: ${missing})`}`, () => {
  let server: PostgresServer;
  const machines: TestMachine[] = [];
  let count = 0;

  beforeAll(async () => {
    server = await startPostgres("bin" in found ? found.bin : "");
    await server.sql("postgres", "CREATE DATABASE team");
    await server.sql("team", "CREATE SCHEMA extensions; CREATE EXTENSION vector SCHEMA extensions");
    await server.sql("postgres", "CREATE DATABASE plain");
    await server.sql("postgres", "CREATE ROLE reader LOGIN PASSWORD 'read'");
  });
  afterAll(async () => await server.stop());
  beforeEach(() => {
    count += 1;
  });
  afterEach(async () => {
    await Promise.all(machines.splice(0).map((machine) => machine.close()));
  });

  const machine = (database = "team", user = "owner", password = server.password): TestMachine => {
    const started = startMachine({ url: `${server.url(database, user)}?corpus=vectors${count}`, password });
    machines.push(started);
    return started;
  };

  test("what has no word in common is found by its meaning, in both languages and within a scope", async () => {
    const ann = machine();
    ann.write(files());
    ann.index.useEmbedder(countingEmbedder());
    await ann.index.update({ root: ann.root }, never);
    await ann.index.whenEmbedded(ann.root, never);
    expect(await ann.index.status(ann.root)).toMatchObject({ passages: 63, embedded: 63 });
    for (const [text, path] of [
      ["汽车", "a/car.txt"],
      ["doctor", "a/医生.txt"],
      ["退款", "b/refund.txt"],
    ] as const) {
      // oxlint-disable-next-line no-await-in-loop -- one query after the other
      const [first] = await ann.index.search({ root: ann.root, text, top: 3 }, never);
      expect([first?.path, first?.scores?.text, (first?.scores?.vector ?? 0) > 0.8], text).toEqual([path, null, true]);
    }
    const within = [{ path: "b" }];
    const inScope = await ann.index.search({ root: ann.root, text: "汽车", top: 5, within }, never);
    expect(inScope.every(({ path }) => path.startsWith("b/"))).toBe(true);
    ann.index.useEmbedder(null);
    expect(await ann.index.search({ root: ann.root, text: "汽车", top: 3 }, never)).toEqual([]);
  });

  test("each text is embedded once, whoever has it, and again only when it has changed", async () => {
    const [ann, ben] = [machine(), machine()];
    ann.write(files());
    cpSync(ann.root, ben.root, { recursive: true });
    const [first, second] = [countingEmbedder(), countingEmbedder()];
    ann.index.useEmbedder(first);
    await ann.index.update({ root: ann.root }, never);
    ben.index.useEmbedder(second);
    await ben.index.update({ root: ben.root }, never);
    await Promise.all([ann.index.whenEmbedded(ann.root, never), ben.index.whenEmbedded(ben.root, never)]);
    const texts = [...first.texts, ...second.texts];
    expect(texts.length).toBe(63);
    expect(new Set(texts).size).toBe(63);
    ben.write({ "filler/1.txt": "changed", "copy.txt": "He parked the automobile behind the house." });
    await ben.index.update({ root: ben.root }, never);
    await ben.index.whenEmbedded(ben.root, never);
    expect(second.texts.slice(-1)).toEqual(["changed"]);
    expect(first.texts.length + second.texts.length).toBe(64);
    expect(await ann.index.status(ann.root)).toMatchObject({ passages: 64, embedded: 64 });
  });

  test("vectors of another model are made beside, and not compared", async () => {
    const ann = machine();
    ann.write(files());
    ann.index.useEmbedder(countingEmbedder());
    await ann.index.update({ root: ann.root }, never);
    await ann.index.whenEmbedded(ann.root, never);
    const other = countingEmbedder("other");
    ann.index.useEmbedder(other);
    await ann.index.whenEmbedded(ann.root, never);
    expect(other.texts.length).toBe(63);
    ann.index.useEmbedder(countingEmbedder());
    expect(await ann.index.status(ann.root)).toMatchObject({ embedded: 63 });
  });

  test("who may only read searches by meaning too, and makes no vectors", async () => {
    const ann = machine();
    ann.write(files());
    await ann.index.update({ root: ann.root }, never);
    const schema = `"byzer_vectors${count}"`;
    await server.sql(
      "team",
      `GRANT USAGE ON SCHEMA ${schema}, extensions TO reader; GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO reader`,
    );
    const reader = machine("team", "reader", "read");
    const embedder = countingEmbedder();
    reader.index.useEmbedder(embedder);
    await reader.index.whenEmbedded(reader.root, never);
    expect([embedder.texts, await reader.index.status(reader.root)]).toMatchObject([[], { passages: 63, embedded: 0 }]);
    ann.index.useEmbedder(countingEmbedder());
    await ann.index.whenEmbedded(ann.root, never);
    const [first] = await reader.index.search({ root: reader.root, text: "汽车", top: 3 }, never);
    expect(first?.path).toBe("a/car.txt");
  });

  test("without pgvector the search goes by words, which is said", async () => {
    const ann = machine("plain");
    ann.write(files());
    await ann.index.update({ root: ann.root }, never);
    ann.index.useEmbedder(countingEmbedder());
    await expect(ann.index.whenEmbedded(ann.root, never)).rejects.toMatchObject({
      code: "index.no-vectors",
      message: expect.stringContaining("CREATE EXTENSION vector"),
    });
    const [first] = await ann.index.search({ root: ann.root, text: "automobile", top: 3 }, never);
    expect([first?.path, first?.scores]).toEqual(["a/car.txt", undefined]);
  });
});
