import { expect, test } from "vitest";
import { AgentError } from "../../base/errors.ts";
import type { Embedder, EmbeddingKind } from "../../ports/embedder.ts";
import { embedInPieces } from "./embed-in-pieces.ts";

const never = new AbortController().signal;
const long = `${"north ".repeat(150)}\n${"south ".repeat(150)}`;

/** North points one way, south, at ten times the length, another; other texts a third. */
const vectorOf = (text: string): Float32Array => {
  const [north, south] = [text.includes("north") ? 1 : 0, text.includes("south") ? 10 : 0];
  return Float32Array.of(north, south, north + south === 0 ? 1 : 0);
};

/** Notes what it is asked. @param bad texts that get no vector */
function compass(bad: (text: string) => boolean = () => false) {
  const calls: { readonly texts: readonly string[]; readonly kind: EmbeddingKind }[] = [];
  const embedder: Embedder = {
    id: "compass",
    model: "m",
    place: "here",
    maxBatch: 64,
    embed: (texts, kind) => {
      calls.push({ texts, kind });
      const places = texts.flatMap((text, at) => (bad(text) ? [at] : []));
      return places.length === 0
        ? Promise.resolve(texts.map(vectorOf))
        : Promise.reject(new AgentError("embedding.malformed", { baseUrl: "", reason: "", texts: places }, "bad"));
    },
  };
  return { embedder: embedInPieces(embedder), plain: embedder, calls };
}

test("a long passage gets the mean direction of its pieces, each counted alike", async () => {
  const { embedder, calls } = compass();
  const [short, mean] = await embedder.embed(["west", long], "passage", never);
  expect(short).toEqual(Float32Array.of(0, 0, 1));
  expect(mean?.[0]).toBeGreaterThan(0);
  expect(mean?.[0]).toBeCloseTo(mean?.[1] ?? 0);
  expect(calls.flatMap(({ texts }) => texts).join("")).toBe(`west${long}`);
  expect(calls.every(({ texts }) => texts.length <= 2)).toBe(true);
});

test("a question is embedded as it is asked", async () => {
  const { embedder, calls } = compass();
  await embedder.embed([long], "query", never);
  expect(calls).toEqual([{ texts: [long], kind: "query" }]);
});

test("vectors of pieces are not compared with those of whole texts", () => {
  const { embedder, plain } = compass();
  expect(embedder.id).not.toBe(plain.id);
});

test("a piece without a vector is told as the text that it is of", async () => {
  const { embedder } = compass((text) => text.includes("south") && !text.includes("north"));
  const failure = await embedder.embed(["west", "east", long], "passage", never).catch((error: unknown) => error);
  expect(AgentError.is(failure, "embedding.malformed") && failure.details.texts).toEqual([0, 1, 2]);
  const other = await embedder
    .embed([long, "west", "east", "west", "east", "west", "east"], "passage", never)
    .catch((error: unknown) => error);
  expect(AgentError.is(other, "embedding.malformed") && other.details.texts).toEqual([0]);
});
