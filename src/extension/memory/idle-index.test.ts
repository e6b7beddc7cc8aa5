import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Embedder } from "../../agents/ports/embedder.ts";
import type { ThreadedPassageIndex } from "../../agents/retrieval/passage-index.ts";
import { type IdleIndex, createIdleIndex } from "./idle-index.ts";

const never = new AbortController().signal;
const query = { root: "/w", text: "x", top: 1 };
let opened = 0;
let closed = 0;
let embedders: (Embedder | null)[] = [];
let searching: Promise<void> = Promise.resolve();
let index: IdleIndex;

async function nothing(): Promise<never> {
  return await Promise.reject(new Error("not asked for"));
}

function fake(): ThreadedPassageIndex {
  opened += 1;
  return {
    update: nothing,
    read: nothing,
    status: nothing,
    remove: nothing,
    purge: nothing,
    whenEmbedded: nothing,
    search: async () => {
      await searching;
      return [];
    },
    useEmbedder: (embedder) => embedders.push(embedder),
    dispose: async () => {
      closed += 1;
      await Promise.resolve();
    },
  };
}

beforeEach(() => {
  vi.useFakeTimers();
  [opened, closed, embedders, searching] = [0, 0, [], Promise.resolve()];
  index = createIdleIndex({ open: fake, findEmbedder: () => Promise.resolve(null), onTrouble: () => undefined });
});

afterEach(async () => {
  await index.dispose();
  vi.useRealTimers();
});

test("nothing is opened before it is used; after two idle minutes it is closed, and opened anew", async () => {
  expect(opened).toBe(0);
  await index.search(query, never);
  await index.search(query, never);
  expect([opened, closed, embedders]).toEqual([1, 0, [null]]);
  await vi.advanceTimersByTimeAsync(119_000);
  await index.search(query, never);
  await vi.advanceTimersByTimeAsync(119_000);
  expect(closed).toBe(0);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(closed).toBe(1);
  await index.search(query, never);
  expect(opened).toBe(2);
});

test("what is used for long is not closed meanwhile", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  searching = promise;
  const search = index.search(query, never);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(closed).toBe(0);
  resolve();
  await search;
  await vi.advanceTimersByTimeAsync(121_000);
  expect(closed).toBe(1);
});
