import { expect, test } from "vitest";
import { AgentError } from "../../base/errors.ts";
import type { Embedder } from "../../ports/embedder.ts";
import { createEmbeddingFiller, type VectorKeeper } from "./embedding-filler.ts";
import type { KeepRequest } from "./open-vectors.ts";

const never = new AbortController().signal;

/** Keeps vectors of numbered passages in memory. */
function keeperOf(texts: readonly string[]) {
  const kept = new Set<number>();
  const refused = new Set<string>();
  const requests: KeepRequest[] = [];
  const keeper: VectorKeeper = {
    lacking: (_, { most }) => {
      const all = texts.map((text, id) => ({ id, text, hash: text }));
      const passages = all.filter(({ id, hash }) => !kept.has(id) && !refused.has(hash)).slice(0, most);
      return Promise.resolve({ passages, fromFile: 0 });
    },
    keep: (_, request) => {
      requests.push(request);
      request.passages.forEach(({ id }) => kept.add(id));
      request.refused.forEach((hash) => refused.add(hash));
      return Promise.resolve(request.passages.length);
    },
  };
  return { keeper, kept, refused, requests };
}

function embedderThat(answer: (texts: readonly string[]) => readonly Float32Array[]) {
  const calls: (readonly string[])[] = [];
  const embedder: Embedder = {
    id: "e",
    model: "m",
    place: "here",
    maxBatch: 64,
    embed: async (texts) => {
      calls.push(texts);
      return await Promise.resolve(answer(texts));
    },
  };
  return { embedder, calls };
}

const good = (texts: readonly string[]): readonly Float32Array[] =>
  texts.map(({ length }) => Float32Array.of(length, 1));
const numbered = Array.from({ length: 100 }, (_, at) => `text ${at}`);

test("an embedder that failed goes on at once when it answers a question", async () => {
  const { keeper, kept } = keeperOf(numbered);
  let isBroken = true;
  const { embedder } = embedderThat((texts) => {
    if (isBroken) {
      throw new AgentError("embedding.failed", { baseUrl: "", status: 500, reason: "" }, "broken");
    }
    return good(texts);
  });
  const filler = createEmbeddingFiller(keeper);
  filler.use(embedder);
  await expect(filler.whenFilled("db", never)).rejects.toMatchObject({ code: "embedding.failed" });
  isBroken = false;
  await filler.embedQuery("a question", never);
  await expect.poll(() => kept.size, { timeout: 1000 }).toBe(numbered.length);
  expect(filler.problem()).toBeNull();
  await filler.dispose();
});

test("a text that the model has no vector for is left out, and the others are kept", async () => {
  const { keeper, kept, refused } = keeperOf(numbered);
  const { embedder } = embedderThat((texts) => {
    const at = texts.indexOf("text 20");
    if (at >= 0) {
      throw new AgentError("embedding.malformed", { baseUrl: "", reason: "zero", texts: [at] }, "zero");
    }
    return good(texts);
  });
  const filler = createEmbeddingFiller(keeper);
  filler.use(embedder);
  await filler.whenFilled("db", never);
  expect([kept.size, [...refused], filler.problem()]).toEqual([99, ["text 20"], null]);
});

test("a server that takes fewer texts at once gets fewer", async () => {
  const { keeper, kept } = keeperOf(numbered);
  const { embedder, calls } = embedderThat((texts) => {
    if (texts.length > 4) {
      throw new AgentError("embedding.failed", { baseUrl: "", status: 413, reason: "batch too large" }, "too many");
    }
    return good(texts);
  });
  const filler = createEmbeddingFiller(keeper);
  filler.use(embedder);
  await filler.whenFilled("db", never);
  expect(kept.size).toBe(100);
  expect(calls.filter(({ length }) => length > 4).length).toBeLessThan(8);
});

test("a server that refuses every text is a problem, and no text is blamed", async () => {
  const { keeper, kept, refused } = keeperOf(["one"]);
  const { embedder } = embedderThat(() => {
    throw new AgentError("embedding.failed", { baseUrl: "", status: 400, reason: "no" }, "It refused.");
  });
  const filler = createEmbeddingFiller(keeper);
  filler.use(embedder);
  await expect(filler.whenFilled("db", never)).rejects.toMatchObject({ code: "embedding.failed" });
  expect([kept.size, refused.size, filler.problem()?.message]).toEqual([0, 0, "It refused."]);
  await filler.dispose();
});

test("an embedder that is taken away stops the filling, and those who wait are let go", async () => {
  const { keeper } = keeperOf(numbered);
  const started = Promise.withResolvers<null>();
  const embedder: Embedder = {
    ...embedderThat(good).embedder,
    embed: (_texts, _kind, signal) => {
      started.resolve(null);
      return new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(new Error("stopped"))));
    },
  };
  const filler = createEmbeddingFiller(keeper);
  filler.use(embedder);
  const filled = filler.whenFilled("db", never);
  await started.promise;
  filler.use(null);
  await filled;
  expect([filler.embedderId(), await filler.embedQuery("q", never)]).toEqual([null, null]);
  await filler.dispose();
});

test("a question is embedded once, and not at all for a while after a failure", async () => {
  let isBroken = false;
  const { embedder, calls } = embedderThat((texts) => {
    if (isBroken) {
      throw new Error("broken");
    }
    return good(texts);
  });
  const filler = createEmbeddingFiller(keeperOf([]).keeper);
  filler.use(embedder);
  const first = await filler.embedQuery("q", never);
  expect(await filler.embedQuery("q", never)).toEqual(first);
  expect(calls).toEqual([["q"]]);
  isBroken = true;
  expect(await filler.embedQuery("other", never)).toBeNull();
  expect(await filler.embedQuery("third", never)).toBeNull();
  expect(calls).toHaveLength(2);
  expect(filler.problem()).toEqual({ code: "unexpected", message: "broken", details: {} });
  expect(await filler.embedQuery("q", never)).toEqual(first);
});
