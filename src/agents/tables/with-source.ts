import type { DialectChoice } from "../ports/table-profiler.ts";
import type { TextReadingOptions } from "./readers/csv-reader.ts";
import { ColumnCut, UnclosedQuote } from "./readers/csv-rows.ts";
import { detectLegacyEncoding } from "../encoding/detect-encoding.ts";
import type { OpenedFile } from "./readers/file-bytes.ts";
import { openTable } from "./readers/open-table.ts";
import type { TableSource } from "./readers/table-source.ts";
import { WrongEncoding } from "./readers/text-stream.ts";

/**
 * Opens a table and hands it to `use`, again from the beginning where the rows show that the encoding or the quoting is
 * another than its first bytes said.
 *
 * @param use is told the line of a quote that never closes, for which the file is read without quoting.
 * @throws AgentError `table.*`
 */
export async function withSource<T>(
  file: OpenedFile,
  choice: DialectChoice,
  use: (source: TableSource, quoteLine: number | null) => Promise<T>,
): Promise<T> {
  let options: TextReadingOptions = { choice };
  let quoteLine: number | null = null;
  for (;;) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- each try begins where the last one failed
      const source = await openTable(file, options);
      // oxlint-disable-next-line no-await-in-loop -- as above
      return await use(source, quoteLine);
    } catch (error) {
      if (error instanceof WrongEncoding && options.encoding === undefined) {
        // oxlint-disable-next-line no-await-in-loop -- as above
        options = { ...options, encoding: await detectLegacyEncoding(error.sample) };
      } else if (error instanceof UnclosedQuote && options.unquoted !== true) {
        options = { ...options, unquoted: true };
        quoteLine = error.line;
      } else if (error instanceof ColumnCut && options.keepLast !== true) {
        options = { ...options, keepLast: true };
      } else {
        throw error;
      }
    }
  }
}
