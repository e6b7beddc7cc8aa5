import { numbersOfLines } from "../index/line-numbers.ts";
import type { StoredChunk } from "../index/passage-store.ts";
import type { Row } from "./shared-database.ts";

/** A whole number of a row; 0 where there is none. */
export function numberOf(row: Row | undefined, name: string): number {
  return Number(row?.[name] ?? 0);
}

/** What a passage has to be read with, over the tables `passage` and `file`. */
export const passageColumns = `passage.id, file.path, passage.start, passage."end", passage.start_line, passage.end_line,
  passage.line_numbers, passage.page, passage.place, passage.text`;

/** A passage of a row with {@link passageColumns}. */
export function storedChunk(row: Row): StoredChunk {
  return {
    id: numberOf(row, "id"),
    passage: {
      path: String(row["path"]),
      start: numberOf(row, "start"),
      end: numberOf(row, "end"),
      startLine: numberOf(row, "start_line"),
      endLine: numberOf(row, "end_line"),
      ...numbersOfLines(row["line_numbers"]),
      page: row["page"] === null ? null : numberOf(row, "page"),
      place: String(row["place"]),
      text: String(row["text"]),
    },
  };
}
