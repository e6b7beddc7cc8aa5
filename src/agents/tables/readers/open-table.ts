import { openText, type TextReadingOptions } from "./csv-reader.ts";
import type { OpenedFile } from "./file-bytes.ts";
import type { TableSource } from "./table-source.ts";

/** Opens a table by its content, whatever its name says. */
export async function openTable(file: OpenedFile, options: TextReadingOptions): Promise<TableSource> {
  return await openText(file, options);
}
