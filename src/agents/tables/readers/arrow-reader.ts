import type * as Flechette from "@uwdata/flechette";
import type { Column, DataType, Table } from "@uwdata/flechette";
import { decompressZstd } from "hyparquet-compressors";
import { AgentError, messageOf } from "../../base/errors.ts";
import { readWhole, type OpenedFile } from "./file-bytes.ts";
import { unpackLz4Frame } from "./lz4-frame.ts";
import { emptyNotes, plainLayout, type RawCell, type RawRow, type RowBatch, type TableSource } from "./table-source.ts";
import { clockText, momentText, typedCell } from "./typed-cell.ts";

const largestFileBytes = 512 * 1024 * 1024;
const largestBufferBytes = 1024 * 1024 * 1024;
const batchRows = 10_000;

function damaged(file: OpenedFile, error: unknown): AgentError<"table.damaged"> {
  const reason = messageOf(error);
  const message = `"${file.name}" is a damaged Arrow file: ${reason}. It may be cut short; get it again from where it came from.`;
  return new AgentError("table.damaged", { path: file.path, reason }, message, error);
}

type Library = typeof Flechette;
type Unpack = (bytes: Uint8Array, sizeBytes: number) => Uint8Array;

/** Files are read, not written. */
function encode(): never {
  throw new Error("there is no writing here");
}

/** Refuses sizes that a damaged or hostile file claims. */
function checked(unpack: Unpack): (bytes: Uint8Array, sizeBytes?: number) => Uint8Array {
  return (bytes, sizeBytes) => {
    if (sizeBytes === undefined || sizeBytes < 0 || sizeBytes > largestBufferBytes) {
      throw new Error("a column unpacks to more than 1 GB");
    }
    return unpack(bytes, sizeBytes);
  };
}

const unpackZstd: Unpack = (bytes, sizeBytes) => decompressZstd(bytes, new Uint8Array(sizeBytes));

/** The library, with what unpacks the buffers of Arrow files. */
async function useCodecs(): Promise<Library> {
  const library = await import("@uwdata/flechette");
  const { CompressionType, setCompressionCodec } = library;
  setCompressionCodec(CompressionType.LZ4_FRAME, { encode, decode: checked(unpackLz4Frame) });
  setCompressionCodec(CompressionType.ZSTD, { encode, decode: checked(unpackZstd) });
  return library;
}

const unitMs = [1000, 1, 1e-3, 1e-6];

/** How the values of a column become cells. */
function cellMaker(library: Library, type: DataType): (value: unknown) => RawCell {
  const { Type } = library;
  switch (type.typeId) {
    case Type.Dictionary:
      return cellMaker(library, type.dictionary);
    case Type.Date:
    case Type.Timestamp:
      return (value) => (typeof value === "number" ? momentText(value) : typedCell(value));
    case Type.Time:
    case Type.Duration: {
      const factor = unitMs[type.unit] ?? 1;
      return (value) =>
        typeof value === "number" || typeof value === "bigint" ? clockText(Number(value) * factor) : typedCell(value);
    }
    default:
      return typedCell;
  }
}

function cutEnd(content: Buffer): boolean {
  return content.toString("latin1", content.length - 6) !== "ARROW1";
}

async function* batchesOf(
  file: OpenedFile,
  table: Table,
  columns: readonly Column<unknown>[],
  makers: readonly ((value: unknown) => RawCell)[],
): AsyncGenerator<RowBatch> {
  const { numRows } = table;
  const size = Number.isFinite(file.sizeBytes) ? file.sizeBytes : 0;
  for (let start = 0; start < numRows; start += batchRows) {
    const end = Math.min(numRows, start + batchRows);
    const rows: RawRow[] = [];
    try {
      for (let row = start; row < end; row += 1) {
        rows.push(columns.map((column, index) => (makers[index] ?? typedCell)(column.at(row))));
      }
    } catch (error) {
      throw damaged(file, error);
    }
    yield { rows, readBytes: Math.round((size * end) / numRows) };
  }
}

/**
 * Opens an Arrow file, which Feather files are too, or a stream of Arrow messages.
 *
 * @throws AgentError `table.damaged`, `table.too-large`
 */
export async function openArrow(file: OpenedFile, stream: boolean): Promise<TableSource> {
  const content = await readWhole(file, largestFileBytes, "Save it as Parquet.");
  if (!stream && cutEnd(content)) {
    throw damaged(file, new Error("its end is missing"));
  }
  const library = await useCodecs();
  let table: Table;
  try {
    table = library.tableFromIPC(content, { useBigInt: true });
  } catch (error) {
    throw damaged(file, error);
  }
  const kept = table.schema.fields
    .map((field, index) => ({ field, index }))
    .filter(({ field }) => field.name !== "__index_level_0__");
  const columns = kept.map(({ index }) => table.getChildAt(index));
  const makers = kept.map(({ field }) => cellMaker(library, field.type));
  return {
    dialect: {
      format: "arrow",
      encoding: null,
      delimiter: null,
      quote: null,
      decimal: null,
      thousands: null,
      headerRow: null,
      sheet: null,
    },
    sheets: [],
    names: kept.map(({ field }) => field.name),
    cells: "typed",
    style: { decimal: ".", thousands: null },
    layout: { ...plainLayout, part: stream ? "stream" : null },
    notes: emptyNotes(),
    warnings: [],
    batches: batchesOf(file, table, columns, makers),
  };
}
