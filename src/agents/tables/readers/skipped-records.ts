import type { ReadingNotes } from "./table-source.ts";

/** The reading call names them one by one, so that there may be no more. */
const mostSkipped = 1000;

/**
 * Notes a record among the rows that is none.
 *
 * @returns `false` when there were too many already, and the record stays a row
 */
export function noteSkipped(notes: ReadingNotes, record: number, isHeader: boolean): boolean {
  if (notes.skippedRecords.length >= mostSkipped) {
    return false;
  }
  notes.skippedRecords.push(record);
  notes.headerCopies += isHeader ? 1 : 0;
  return true;
}
