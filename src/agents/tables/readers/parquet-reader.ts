import { AgentError, messageOf } from "../../base/errors.ts";
import { readBytes, type OpenedFile } from "./file-bytes.ts";
import { emptyNotes, plainLayout, type RawRow, type RowBatch, type TableSource } from "./table-source.ts";
import { typedCell } from "./typed-cell.ts";

/** Few, since they are shown before the others are read. */
const firstRows = 500;
const batchRows = 20_000;

function damaged(file: OpenedFile, error: unknown): AgentError<"table.damaged"> {
  const reason = messageOf(error);
  const message = `"${file.name}" is a damaged Parquet file: ${reason}. Get it again from where it came from.`;
  return new AgentError("table.damaged", { path: file.path, reason }, message, error);
}

/**
 * Opens a Parquet file. Row groups are read one part after another.
 *
 * @throws AgentError `table.damaged`, also while the rows are read
 */
export async function openParquet(file: OpenedFile): Promise<TableSource> {
  const { parquetMetadataAsync, parquetReadObjects, parquetSchema } = await import("hyparquet");
  const { compressors } = await import("hyparquet-compressors");
  const slice = async (start: number, end = file.sizeBytes): Promise<ArrayBuffer> => {
    const bytes = await readBytes(file, start, end - start);
    return new Uint8Array(bytes).buffer;
  };
  const buffer = { byteLength: file.sizeBytes, slice };
  const metadata = await parquetMetadataAsync(buffer).catch((error: unknown) => {
    throw damaged(file, error);
  });
  const names = parquetSchema(metadata)
    .children.map((child) => child.element.name)
    .filter((name) => name !== "__index_level_0__");
  const rowCount = Number(metadata.num_rows);

  async function* batches(): AsyncGenerator<RowBatch> {
    let rowEnd = 0;
    for (let rowStart = 0; rowStart < rowCount; rowStart = rowEnd) {
      rowEnd = Math.min(rowCount, rowStart + (rowStart === 0 ? firstRows : batchRows));
      let rows: RawRow[];
      try {
        // oxlint-disable-next-line no-await-in-loop -- one part in memory at a time
        const records = await parquetReadObjects({
          file: buffer,
          metadata,
          compressors,
          rowStart,
          rowEnd,
          utf8: false,
        });
        rows = records.map((record) => names.map((name) => typedCell((record as Record<string, unknown>)[name])));
      } catch (error) {
        throw damaged(file, error);
      }
      yield { rows, readBytes: Math.round((file.sizeBytes * rowEnd) / rowCount) };
    }
  }

  return {
    dialect: {
      format: "parquet",
      encoding: null,
      delimiter: null,
      quote: null,
      decimal: null,
      thousands: null,
      headerRow: null,
      sheet: null,
    },
    sheets: [],
    names,
    cells: "typed",
    style: { decimal: ".", thousands: null },
    layout: plainLayout,
    notes: emptyNotes(),
    warnings: [],
    batches: batches(),
  };
}
