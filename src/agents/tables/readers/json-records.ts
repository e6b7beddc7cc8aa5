import type { JsonShape, RawCell, RawRow } from "./table-source.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

/** The records of a document, and where and how it holds them. */
export interface JsonRecords {
  readonly rows: readonly unknown[];
  /** Keys that lead to the records. */
  readonly recordPath: readonly string[];
  readonly shape: JsonShape;
  /** Names of the columns, where the rows are lists. */
  readonly names: readonly string[] | null;
}

/** Says whether a value is an object, no list. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isScalar = (value: unknown): boolean => !isObject(value) && !Array.isArray(value);
const isWholeNumber = (text: string): boolean => /^(0|[1-9]\d*)$/u.test(text);
const deepestPath = 4;

/** Every member is a list of values, and all are of one length. */
function holdsColumns(document: JsonObject): boolean {
  const lists = Object.values(document);
  const plain = lists.every((list) => Array.isArray(list) && list.length > 0 && !list.some(isObject));
  const lengths = new Set(lists.map((list) => (Array.isArray(list) ? list.length : -1)));
  return lists.length > 0 && plain && lengths.size === 1;
}

/** Columns to rows. */
function turned(columns: JsonObject): JsonObject[] {
  const entries = Object.entries(columns).map(([key, list]): [string, readonly unknown[]] => [
    key,
    Array.isArray(list) ? list : [],
  ]);
  const length = entries[0]?.[1].length ?? 0;
  return Array.from({ length }, (_, row) => Object.fromEntries(entries.map(([key, list]) => [key, list[row]])));
}

/** Names first: text in every place, above rows of which some hold something else. */
function hasNames(rows: readonly unknown[]): boolean {
  const [first, ...rest] = rows;
  if (!Array.isArray(first) || rest.length === 0 || !first.every((cell) => typeof cell === "string" && cell !== "")) {
    return false;
  }
  const lists = rest.filter((row): row is unknown[] => Array.isArray(row));
  const typed = first.some((_, column) =>
    lists.some((row) => typeof row[column] === "number" || typeof row[column] === "boolean"),
  );
  const repeated = first.some((name, column) => lists.some((row) => row[column] === name));
  const widest = Math.max(...lists.map((row) => row.length));
  return new Set(first).size === first.length && (typed || !repeated) && widest === first.length;
}

function fromList(list: readonly unknown[], recordPath: readonly string[]): JsonRecords | null {
  if (list.length === 0) {
    return null;
  }
  if (list.every(isObject)) {
    return { rows: list, recordPath, shape: "records", names: null };
  }
  if (list.every((item) => Array.isArray(item))) {
    const first: unknown = list[0];
    return hasNames(list) && Array.isArray(first)
      ? { rows: list.slice(1), recordPath, shape: "arrays-with-header", names: first.map(String) }
      : { rows: list, recordPath, shape: "arrays", names: null };
  }
  return list.every(isScalar) && recordPath.length === 0
    ? { rows: list, recordPath, shape: "values", names: null }
    : null;
}

const nameKeys = ["columns", "headers", "header", "fields", "names"];
const rowKeys = ["data", "rows", "values", "records"];

/** Names beside a list of lists, as pandas writes with `orient="split"`. */
function fromSplit(document: JsonObject, path: readonly string[]): JsonRecords | null {
  const nameKey = nameKeys.find((key) => Array.isArray(document[key]));
  const rowKey = rowKeys.find((key) => Array.isArray(document[key]));
  const columns = nameKey === undefined ? null : document[nameKey];
  const rows = rowKey === undefined ? null : document[rowKey];
  if (
    !Array.isArray(columns) ||
    !Array.isArray(rows) ||
    rowKey === undefined ||
    !rows.every((row) => Array.isArray(row))
  ) {
    return null;
  }
  const names = columns.map((column: unknown) => (isObject(column) ? (column["name"] ?? column["id"]) : column));
  const fits = rows.every((row: unknown) => Array.isArray(row) && row.length === names.length);
  return fits && rows.length > 0 && names.every((name) => typeof name === "string" || typeof name === "number")
    ? { rows, recordPath: [...path, rowKey], shape: "split", names: names.map(String) }
    : null;
}

/** Objects under names: of rows, or of columns as pandas writes by default. */
function fromObjects(document: JsonObject, recordPath: readonly string[]): JsonRecords | null {
  const entries = Object.entries(document);
  const inner = entries.map(([, value]) => value);
  if (entries.length < 2 || !inner.every(isObject)) {
    return null;
  }
  const keys = new Set(inner.flatMap((value) => Object.keys(value)));
  const shared = [...keys].filter((key) => inner.filter((value) => key in value).length * 2 > inner.length);
  if (keys.size === 0 || shared.length * 2 < keys.size) {
    return null;
  }
  const scalars = inner.every((value) => Object.values(value).every(isScalar));
  if (scalars && [...keys].every(isWholeNumber) && !entries.every(([key]) => isWholeNumber(key))) {
    const order = [...keys];
    const rows = order.map((row) =>
      Object.fromEntries(entries.map(([name, cells]) => [name, isObject(cells) ? cells[row] : null])),
    );
    const counted = order.every((key, index) => key === String(index));
    return counted && recordPath.length === 0 ? { rows, recordPath, shape: "by-column", names: null } : null;
  }
  const keyName = keys.has("key") ? "key_1" : "key";
  return {
    rows: entries.map(([key, value]) => ({ [keyName]: key, ...(isObject(value) ? value : {}) })),
    recordPath,
    shape: "by-row",
    names: [keyName],
  };
}

function findLists(document: unknown, path: readonly string[]): JsonRecords | null {
  if (Array.isArray(document)) {
    return fromList(document, path);
  }
  if (!isObject(document) || path.length > deepestPath) {
    return null;
  }
  const split = fromSplit(document, path);
  if (split !== null) {
    return split;
  }
  if (path.length === 0 && holdsColumns(document)) {
    return { rows: turned(document), recordPath: [], shape: "columns", names: null };
  }
  return Object.entries(document)
    .map(([key, value]) => findLists(value, [...path, key]))
    .reduce<JsonRecords | null>((a, b) => (b !== null && (a === null || rank(b) > rank(a)) ? b : a), null);
}

/** Lists of lists under a key may be anything, so objects go first; then the longest. */
const rank = ({ shape, rows, recordPath }: JsonRecords): number =>
  rows.length + (shape === "records" || recordPath.length === 0 ? 1e12 : 0);

function findObjects(document: unknown, path: readonly string[]): JsonRecords | null {
  if (!isObject(document) || path.length > deepestPath) {
    return null;
  }
  const here = fromObjects(document, path);
  return (
    here ??
    Object.entries(document)
      .map(([key, value]) => findObjects(value, [...path, key]))
      .reduce<JsonRecords | null>((a, b) => (b !== null && (a === null || b.rows.length > a.rows.length) ? b : a), null)
  );
}

/** Finds the records of a document: a list, or the longest list of objects under some key; `null` when there are none. */
export function findRecords(document: unknown): JsonRecords | null {
  const lists = findLists(document, []);
  const objects =
    isObject(document) && (lists === null || lists.recordPath.length > 0) ? findObjects(document, []) : null;
  // The records of a document that is one object by row may each hold a list.
  return objects !== null && objects.recordPath.length === 0 && (lists === null || lists.recordPath.length > 1)
    ? objects
    : (lists ?? objects ?? singleRecord(document));
}

/** One record alone, without a list around it; of a single value it says nothing. */
function singleRecord(document: unknown): JsonRecords | null {
  return isObject(document) && Object.keys(document).length >= 2 && Object.values(document).every(isScalar)
    ? { rows: [document], recordPath: [], shape: "single", names: null }
    : null;
}

function cellOf(value: unknown): RawCell {
  switch (typeof value) {
    case "string":
    case "number":
    case "boolean":
    case "bigint":
      return value;
    default:
      return value === null || value === undefined
        ? null
        : JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? String(inner) : inner));
  }
}

function flattenInto(record: JsonObject, prefix: string, into: Map<string, RawCell>): void {
  for (const [key, value] of Object.entries(record)) {
    const name = `${prefix}.${key}`;
    if (isObject(value)) {
      flattenInto(value, name, into);
    } else {
      into.set(name, cellOf(value));
    }
  }
}

/**
 * Nested objects become `outer.inner`, empty ones nothing, lists stay JSON text. Plain members come first, as in pandas'
 * `json_normalize`.
 */
export function flattenRecord(record: JsonObject): Map<string, RawCell> {
  const into = new Map<string, RawCell>();
  const nested: [string, JsonObject][] = [];
  for (const [key, value] of Object.entries(record)) {
    if (isObject(value)) {
      nested.push([key, value]);
    } else {
      into.set(key, cellOf(value));
    }
  }
  for (const [key, value] of nested) {
    flattenInto(value, key, into);
  }
  return into;
}

/** Says whether some members of a record are objects. */
export const isNested = (record: unknown): boolean => isObject(record) && Object.values(record).some(isObject);

/** A list as a row. */
export function listRow(list: unknown): RawRow {
  return Array.isArray(list) ? list.map(cellOf) : [cellOf(list)];
}

/** A record as a row, its cells in the order of `names`. */
export function recordRow(record: unknown, names: readonly string[]): RawRow {
  const cells = flattenRecord(isObject(record) ? record : { "0": record });
  return names.map((name) => cells.get(name) ?? null);
}
