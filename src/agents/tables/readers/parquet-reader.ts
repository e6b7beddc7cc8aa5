import type { DecodedArray, ParquetRowRange } from "hyparquet";
import { AgentError, messageOf } from "../../base/errors.ts";
import { readBytes, type OpenedFile } from "./file-bytes.ts";
import { emptyNotes, plainLayout, type RawRow, type RowBatch, type TableSource } from "./table-source.ts";
import { typedCell } from "./typed-cell.ts";

/** Few, since they are shown before the others are read. */
const firstRows = 500;
const batchRows = 20_000;
/** Values that are decoded at once: a row group of more is decoded in parts, each of which decodes its dictionaries. */
const partCells = 2_000_000;

function damaged(file: OpenedFile, error: unknown): AgentError<"table.damaged"> {
  const reason = messageOf(error);
  const message = `"${file.name}" is a damaged Parquet file: ${reason}. Get it again from where it came from.`;
  return new AgentError("table.damaged", { path: file.path, reason }, message, error);
}

/** The parts in which rows are decoded, none across row groups: a few first rows, then as many as `mostRows`. */
function partsOf(groups: readonly ParquetRowRange[], mostRows: number): ParquetRowRange[] {
  const parts: ParquetRowRange[] = [];
  for (const { rowStart, rowEnd } of groups) {
    let from = rowStart;
    while (from < rowEnd) {
      const end = Math.min(rowEnd, from + (parts.length === 0 ? firstRows : mostRows));
      parts.push({ rowStart: from, rowEnd: end });
      from = end;
    }
  }
  return parts;
}

/** Rows of columns that are decoded. */
function rowsOf(columns: readonly DecodedArray[], from: number, end: number): RawRow[] {
  return Array.from({ length: end - from }, (_, row) =>
    columns.map((column) => typedCell((column as ArrayLike<unknown>)[from + row])),
  );
}

/**
 * Opens a Parquet file. Row groups are read one part after another, each value once.
 *
 * @throws AgentError `table.damaged`, also while the rows are read
 */
export async function openParquet(file: OpenedFile): Promise<TableSource> {
  const { parquetMetadataAsync, parquetScan, parquetSchema } = await import("hyparquet");
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

  const progress = (rowEnd: number): number => Math.round((file.sizeBytes * rowEnd) / rowCount);

  async function* readBatches(): AsyncGenerator<RowBatch> {
    const options = { file: buffer, metadata, compressors, utf8: false };
    const scan = await parquetScan(options);
    const partRows = Math.max(batchRows, Math.floor(partCells / Math.max(1, names.length)));
    for (const part of partsOf(scan.ranges, partRows)) {
      const isFirst = part.rowStart === 0;
      // oxlint-disable-next-line no-await-in-loop -- a part after another
      const columns = isFirst ? await Promise.all(names.map((column) => scan.readColumn({ column, ...part }))) : [];
      for (const column of isFirst ? [] : names) {
        // oxlint-disable-next-line no-await-in-loop -- one column after another, so that the reading can be stopped
        columns.push(await scan.readColumn({ column, ...part }));
        yield { rows: [], readBytes: progress(part.rowStart) };
      }
      for (let from = 0; from < part.rowEnd - part.rowStart; from += batchRows) {
        const rows = rowsOf(columns, from, Math.min(from + batchRows, part.rowEnd - part.rowStart));
        yield { rows, readBytes: progress(part.rowStart + from + rows.length) };
      }
    }
  }

  async function* batches(): AsyncGenerator<RowBatch> {
    try {
      yield* readBatches();
    } catch (error) {
      throw damaged(file, error);
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
