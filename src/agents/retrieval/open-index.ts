import type { IndexProgress, IndexReport, IndexStatus, Passage, ReadPassages } from "../ports/passage-index.ts";
import { isDamaged, removeDatabase, storeError } from "./index/database.ts";
import type { UpdateRequest } from "./index/plan-update.ts";
import type { SeenFile } from "./postgres/seen-files.ts";
import type { Carrying } from "./retrieval-messages.ts";
import { indexStatus } from "./index/index-status.ts";
import { PassageStore } from "./index/passage-store.ts";
import { purgeStore } from "./index/purge-store.ts";
import { updateIndex } from "./index/update-index.ts";
import type { ReadOrder, SearchOrder, UpdateOrder } from "./retrieval-messages.ts";
import { updatesAsked } from "./updates-asked.ts";
import { createTermCounter } from "./search/rarity.ts";
import { readPassages } from "./search/read-passages.ts";
import { searchPassages } from "./search/search-passages.ts";
import { openVectors, type OpenVectors } from "./vectors/open-vectors.ts";

/** What this machine does of an update whose files others read and write. */
export interface CarryingIndex {
  /** How others reach the index, and the files for them; without a request none are looked for. */
  begin(request: UpdateRequest | null, signal: AbortSignal): Promise<Carrying>;
  /** Files that others have written. */
  remember(files: readonly SeenFile[]): void;
}

/** An index that is open: one update after the other, searches in between. */
export interface OpenIndex {
  update(order: UpdateOrder, onProgress: (progress: IndexProgress) => void, signal: AbortSignal): Promise<IndexReport>;
  /** An index that turns out to be damaged is made anew first, as it was asked for by updates. */
  search(order: SearchOrder, signal: AbortSignal): Promise<readonly Passage[]>;
  /** As for a search. */
  read(order: ReadOrder, signal: AbortSignal): ReadPassages | Promise<ReadPassages>;
  /** A damaged index is begun anew. `embedded` is 0: see {@link OpenVectors.count}. */
  status(): IndexStatus | Promise<IndexStatus>;
  /** Left out where an index keeps no vectors: it is then searched by words alone. */
  readonly vectors?: Omit<OpenVectors, "search">;
  /** Left out where others cannot write the index. */
  readonly carrying?: CarryingIndex;
  /** Has nothing left in the files of the index of what was removed from it; left out where an index has no files. */
  purge?(): Promise<void>;
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
  const asked = updatesAsked();
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
  const makeAnew = (order: SearchOrder | ReadOrder, signal: AbortSignal): Promise<void> =>
    afterOthers(async () => {
      store.rollback();
      store.startAnew();
      for (const update of asked.all(order)) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        await updateIndex(store, { ...update, onProgress: () => undefined }, signal);
      }
    });
  /** Damage may show only when a part of the index is read for the first time. */
  const healed = async <T>(order: SearchOrder | ReadOrder, signal: AbortSignal, work: () => T): Promise<T> => {
    try {
      return work();
    } catch (error) {
      if (!isDamaged(error)) {
        throw storeError(error, database);
      }
    }
    await makeAnew(order, signal);
    return work();
  };
  return {
    update: (order, onProgress, signal) =>
      afterOthers(async () => {
        asked.note(order);
        return await updateIndex(store, { ...order, onProgress }, signal);
      }),
    search: (order, signal) => healed(order, signal, () => find(order)),
    read: (order, signal) => healed(order, signal, () => readPassages(store, order)),
    status: () => {
      try {
        return indexStatus(store, updates > 0);
      } catch (error) {
        if (!isDamaged(error) || updates > 0) {
          throw storeError(error, database);
        }
        store.startAnew();
        return indexStatus(store, false);
      }
    },
    vectors,
    purge: () =>
      afterOthers(async () => {
        try {
          purgeStore(store);
        } catch (error) {
          throw storeError(error, database);
        }
      }),
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
