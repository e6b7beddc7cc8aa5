import type { IndexProgress, IndexReport, IndexStatus, Passage, ReadPassages } from "../ports/passage-index.ts";
import { isBusy, isDamaged, removeDatabase, storeError } from "./index/database.ts";
import { indexStatus } from "./index/index-status.ts";
import { PassageStore } from "./index/passage-store.ts";
import { updateIndex } from "./index/update-index.ts";
import type { ReadOrder, SearchOrder, UpdateOrder } from "./retrieval-messages.ts";
import { createTermCounter } from "./search/rarity.ts";
import { readPassages } from "./search/read-passages.ts";
import { searchPassages } from "./search/search-passages.ts";
import { openVectors, type OpenVectors } from "./vectors/open-vectors.ts";

/** An index that is open: one update after the other, searches in between. */
export interface OpenIndex {
  update(order: UpdateOrder, onProgress: (progress: IndexProgress) => void, signal: AbortSignal): Promise<IndexReport>;
  /** An index that turns out to be damaged is made anew first. */
  search(order: SearchOrder, signal: AbortSignal): Promise<readonly Passage[]>;
  read(order: ReadOrder, signal: AbortSignal): ReadPassages | Promise<ReadPassages>;
  /** `embedded` is 0: see {@link OpenVectors.count}. */
  status(): IndexStatus | Promise<IndexStatus>;
  /** Left out where an index keeps no vectors: it is then searched by words alone. */
  readonly vectors?: Omit<OpenVectors, "search">;
  /** Deletes the index. */
  remove(): void | Promise<void>;
  close(): void | Promise<void>;
}

/**
 * Opens the index that is kept at a path, or begins one.
 *
 * @param say writes to the log
 * @throws AgentError `index.*`
 */
export function openIndex(database: string, mostBytes: number, say: (text: string) => void): OpenIndex {
  const store = new PassageStore(database, mostBytes);
  const counter = createTermCounter(store);
  const vectors = openVectors(store, counter, say);
  const find = (order: SearchOrder): readonly Passage[] =>
    (order.embedding === null ? null : vectors.search(order, order.embedding)) ?? searchPassages(store, counter, order);
  let exclude: readonly string[] = [];
  let last: Promise<unknown> = Promise.resolve();
  let updates = 0;
  const afterOthers = async <T>(work: () => Promise<T>): Promise<T> => {
    const before = last;
    updates += 1;
    const own = (async () => {
      await before;
      try {
        return await work();
      } finally {
        updates -= 1;
      }
    })();
    last = own.catch(() => undefined);
    return await own;
  };
  return {
    update: (order, onProgress, signal) =>
      afterOthers(async () => {
        exclude = order.exclude;
        return await updateIndex(store, { ...order, onProgress }, signal);
      }),
    search: async (order, signal) => {
      try {
        return find(order);
      } catch (error) {
        if (!isDamaged(error)) {
          throw isBusy(error) ? storeError(error, database) : error;
        }
      }
      await afterOthers(async () => {
        store.rollback();
        store.startAnew();
        const request = {
          root: order.root,
          exclude,
          only: null,
          named: false,
          mostFiles: order.mostFiles,
          onProgress: () => undefined,
        };
        await updateIndex(store, request, signal);
      });
      return find(order);
    },
    read: (order) => readPassages(store, order),
    status: () => indexStatus(store, updates > 0),
    vectors,
    remove: () => {
      store.close();
      removeDatabase(database);
    },
    close: () => {
      store.rollback();
      store.close();
    },
  };
}
