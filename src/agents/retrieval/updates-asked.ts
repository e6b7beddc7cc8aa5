import type { UpdateRequest } from "./index/plan-update.ts";
import type { ReadOrder, SearchOrder, UpdateOrder } from "./retrieval-messages.ts";

type Update = Omit<UpdateRequest, "onProgress">;

/** Updates that are remembered beside the last one of everything. */
const mostParts = 500;

/** Which updates made an index, so that it can be made again. */
export interface UpdatesAsked {
  note(order: UpdateOrder): void;
  /**
   * The updates to repeat, in their order.
   *
   * @param order says which root to read where no update was asked for since the start
   */
  all(order: SearchOrder | ReadOrder): readonly Update[];
}

/** Remembers the last update of everything and those of single files and folders that came after it. */
export function updatesAsked(): UpdatesAsked {
  let updates: readonly Update[] = [];
  return {
    note: ({ root, exclude, gitIgnoring, keepExcluded = false, only, named, mostFiles }) => {
      const ignoring = gitIgnoring === undefined ? {} : { gitIgnoring };
      const update: Update = { root, exclude, ...ignoring, keepExcluded, only, named, mostFiles };
      const before = updates.filter((known) => JSON.stringify(known) !== JSON.stringify(update));
      updates = only === null ? [update] : [...before.slice(-mostParts), update];
    },
    all: ({ root, mostFiles }) =>
      updates.length > 0 ? updates : [{ root, exclude: [], only: null, named: false, mostFiles }],
  };
}
