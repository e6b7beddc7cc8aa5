import type { IndexStatus } from "../../ports/passage-index.ts";
import type { PassageStore } from "./passage-store.ts";

/** So many of the files that are left out are named. */
export const shownLeftOut = 1000;

/** The status of an index that was never made. */
export const noIndex: IndexStatus = {
  files: 0,
  passages: 0,
  embedded: 0,
  sizeBytes: 0,
  updating: false,
  updatedMs: null,
  leftOutFiles: 0,
  leftOut: [],
};

/** An index as it stands. @param updating an update of it runs */
export function indexStatus(store: PassageStore, updating: boolean): IndexStatus {
  const { files, chunks } = store.totals();
  const leftOut = Array.from(store.leftOut());
  const updatedMs = store.meta("updated");
  return {
    files,
    passages: chunks,
    embedded: 0,
    sizeBytes: store.sizeBytes(),
    updating,
    updatedMs: typeof updatedMs === "number" ? updatedMs : null,
    leftOutFiles: leftOut.length,
    leftOut: leftOut.slice(0, shownLeftOut),
  };
}
