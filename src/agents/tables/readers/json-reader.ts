import { AgentError, messageOf } from "../../base/errors.ts";
import type { DialectChoice } from "../../ports/table-profiler.ts";
import type { TextEncoding } from "../../encoding/detect-encoding.ts";
import type { OpenedFile } from "./file-bytes.ts";
import { featureRecord, featuresOf, isFeature, placeNames } from "./geojson-features.ts";
import { parseJson } from "./json-parse.ts";
import { countDocuments } from "./json-sequence.ts";
import {
  findRecords,
  flattenRecord,
  isNested,
  isObject,
  listRow,
  recordRow,
  type JsonObject,
  type JsonRecords,
} from "./json-records.ts";
import {
  emptyNotes,
  plainLayout,
  type RawRow,
  type ReadingLayout,
  type RowBatch,
  type TableSource,
} from "./table-source.ts";
import { readText } from "./text-stream.ts";

const largestDocument = 512 * 1024 * 1024;
/** Lines of larger files are read twice rather than held. */
const largestHeld = 64 * 1024 * 1024;
const mostColumns = 50_000;
const batchRows = 5000;

function damaged(file: OpenedFile, error: unknown): AgentError<"table.damaged"> {
  const reason = messageOf(error);
  const message = `"${file.name}" is not valid JSON: ${reason}. It may be cut short; get it again from where it came from.`;
  return new AgentError("table.damaged", { path: file.path, reason }, message, error);
}

/** Said of documents one after another, each complete; `null` where there is something else. */
function severalDocuments(file: OpenedFile, text: string): AgentError<"table.not-a-table"> | null {
  const count = countDocuments(text);
  if (count < 2) {
    return null;
  }
  const reason = `it holds ${count} JSON documents one after another`;
  const message = `"${file.name}" is no single JSON document: ${reason}. Put each on a line of its own (JSON Lines, as "jq -c ." writes), or between [ and ] with commas.`;
  return new AgentError("table.not-a-table", { path: file.path, reason }, message);
}

function notATable(file: OpenedFile): AgentError<"table.not-a-table"> {
  const reason = "no list of records was found in it";
  const message = `"${file.name}" is JSON, but no table: ${reason}. A table is a list of objects, or an object of lists.`;
  return new AgentError("table.not-a-table", { path: file.path, reason }, message);
}

function tooLarge(file: OpenedFile, reason: string): AgentError<"table.too-large"> {
  const message = `"${file.name}" is too large: ${reason}. Convert it to JSON Lines, CSV or Parquet.`;
  return new AgentError("table.too-large", { path: file.path, reason }, message);
}

interface Table {
  readonly format: "json" | "jsonl" | "geojson";
  readonly names: readonly string[];
  readonly layout: Partial<ReadingLayout>;
  readonly batches: AsyncIterable<RowBatch>;
}

async function* batchesOf(rows: readonly RawRow[], file: OpenedFile): AsyncGenerator<RowBatch> {
  const size = Number.isFinite(file.sizeBytes) ? file.sizeBytes : 0;
  for (let start = 0; start < rows.length; start += batchRows) {
    const end = Math.min(rows.length, start + batchRows);
    yield { rows: rows.slice(start, end), readBytes: Math.round((size * end) / rows.length) };
  }
}

/** Names of columns, in the order in which records bring them. */
class Columns {
  readonly names = new Set<string>();
  nested = false;
  readonly #file: OpenedFile;

  constructor(file: OpenedFile) {
    this.#file = file;
  }

  add(record: unknown): void {
    this.nested ||= isNested(record);
    for (const name of flattenRecord(isObject(record) ? record : { "0": record }).keys()) {
      this.names.add(name);
    }
    if (this.names.size > mostColumns) {
      throw tooLarge(this.#file, `its records have more than ${mostColumns} different keys`);
    }
  }
}

function recordTable(
  file: OpenedFile,
  records: readonly unknown[],
): Pick<Table, "names" | "batches"> & { nested: boolean } {
  const columns = new Columns(file);
  records.forEach((record) => columns.add(record));
  const names = [...columns.names];
  return {
    names,
    nested: columns.nested,
    batches: batchesOf(
      records.map((record) => recordRow(record, names)),
      file,
    ),
  };
}

function featureTable(file: OpenedFile, features: readonly JsonObject[], layout: Partial<ReadingLayout>): Table {
  const places = placeNames(features);
  const table = recordTable(
    file,
    features.map((feature) => featureRecord(feature, places)),
  );
  const { names, batches, nested } = table;
  return { format: "geojson", names, batches, layout: { ...layout, nested, places } };
}

function documentTable(file: OpenedFile, { rows, shape, recordPath, names: given }: JsonRecords): Table {
  const layout = { recordPath, orientation: shape, rowKey: shape === "by-row" ? (given?.[0] ?? null) : null };
  if (shape === "records" || shape === "single" || shape === "columns" || shape === "by-row" || shape === "by-column") {
    const { names, batches, nested } = recordTable(file, rows);
    return { format: "json", names, batches, layout: { ...layout, nested } };
  }
  const lists = rows.map(listRow);
  const width = lists.reduce((most, row) => Math.max(most, row.length), given?.length ?? 0);
  const names = given ?? Array.from({ length: width }, (_, index) => String(index));
  return { format: "json", names, batches: batchesOf(lists, file), layout };
}

async function readDocument(file: OpenedFile, encoding: TextEncoding): Promise<Table> {
  const pieces: string[] = [];
  let length = 0;
  for await (const piece of readText(file, encoding)) {
    length += piece.text.length;
    if (length > largestDocument) {
      throw tooLarge(file, "JSON of more than 512 MB cannot be read at once");
    }
    pieces.push(piece.text);
  }
  const text = pieces.join("");
  let document: unknown;
  try {
    document = parseJson(text);
  } catch (error) {
    throw severalDocuments(file, text) ?? damaged(file, error);
  }
  const features = featuresOf(document);
  if (features !== null) {
    const within = Array.isArray(document) ? [] : ["features"];
    const single = isFeature(document);
    return featureTable(file, features, { recordPath: single ? [] : within, wholeIsRecord: single });
  }
  const records = findRecords(document);
  if (records === null) {
    throw notATable(file);
  }
  const table = documentTable(file, records);
  return hasInfinity(text) ? { ...table, layout: { ...table.layout, infinite: true } } : table;
}

/** A word that may be a number; a text that says it is read by Python in the same way. */
const hasInfinity = (text: string): boolean => /[:[,]\s*-?Infinity\b/u.test(text);

interface Line {
  readonly record: unknown;
  readonly readBytes: number;
}

/**
 * The records of a file that has one on each line.
 *
 * @yields records in file order
 */
async function* linesOf(file: OpenedFile, encoding: TextEncoding): AsyncGenerator<Line> {
  let rest = "";
  let number = 0;
  const parse = (line: string): unknown => {
    try {
      return parseJson(line);
    } catch (error) {
      throw damaged(file, new Error(`line ${number}: ${messageOf(error)}`));
    }
  };
  for await (const { text, readBytes } of readText(file, encoding)) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > largestHeld) {
      throw tooLarge(file, "one of its lines has more than 64 MB");
    }
    for (const line of lines) {
      number += 1;
      if (line.trim() !== "") {
        yield { record: parse(line), readBytes };
      }
    }
  }
  number += 1;
  if (rest.trim() !== "") {
    yield { record: parse(rest), readBytes: Number.isFinite(file.sizeBytes) ? file.sizeBytes : 0 };
  }
}

async function* streamedRows(
  file: OpenedFile,
  encoding: TextEncoding,
  names: readonly string[],
): AsyncGenerator<RowBatch> {
  let rows: RawRow[] = [];
  let readSoFar = 0;
  for await (const { record, readBytes } of linesOf(file, encoding)) {
    rows.push(recordRow(record, names));
    readSoFar = readBytes;
    if (rows.length >= batchRows) {
      yield { rows, readBytes };
      rows = [];
    }
  }
  yield { rows, readBytes: readSoFar };
}

async function readLines(file: OpenedFile, encoding: TextEncoding): Promise<Table> {
  if (file.sizeBytes > largestHeld) {
    const columns = new Columns(file);
    for await (const { record } of linesOf(file, encoding)) {
      columns.add(record);
    }
    const names = [...columns.names];
    return { format: "jsonl", names, batches: streamedRows(file, encoding, names), layout: { nested: columns.nested } };
  }
  const records: unknown[] = [];
  for await (const { record } of linesOf(file, encoding)) {
    records.push(record);
  }
  if (records.length > 0 && records.every(isFeature)) {
    return featureTable(file, records, { lines: true });
  }
  if (records.length > 0 && records.every((record) => Array.isArray(record))) {
    const found = findRecords(records);
    const table = found === null ? null : documentTable(file, found);
    return table === null
      ? { format: "jsonl", ...recordTable(file, records), layout: {} }
      : { ...table, format: "jsonl" };
  }
  const { names, batches, nested } = recordTable(file, records);
  return { format: "jsonl", names, batches, layout: { nested } };
}

/**
 * Opens the records of a JSON document, of JSON Lines or of GeoJSON.
 *
 * @throws AgentError `table.damaged`, `table.not-a-table`, `table.too-large`
 */
export async function openJson(
  file: OpenedFile,
  encoding: TextEncoding,
  format: "json" | "jsonl",
  _choice: DialectChoice,
): Promise<TableSource> {
  const named = /\.(jsonl|ndjson|jsonlines|geojsonl)$/iu.test(file.name);
  const table = format === "jsonl" || named ? await readLines(file, encoding) : await readDocument(file, encoding);
  return {
    dialect: {
      format: table.format,
      encoding: encoding.name,
      delimiter: null,
      quote: null,
      decimal: null,
      thousands: null,
      headerRow: null,
      sheet: null,
    },
    sheets: [],
    names: table.names,
    cells: "typed",
    style: { decimal: ".", thousands: null },
    layout: { ...plainLayout, ...table.layout, marked: encoding.bomBytes > 0 },
    notes: emptyNotes(),
    warnings: [],
    batches: table.batches,
  };
}
