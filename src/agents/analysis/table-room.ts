import type { ColumnType, TableProfile } from "../protocol/table-profile.ts";

/** What a session's Python can hold, and whether it can spread over a cluster. */
export interface TableRoom {
  /** What Python may use of memory. */
  readonly memoryBytes: number;
  /** `cluster`: its code runs there, and can take other machines' memory where it has Dask. */
  readonly place: "here" | "cluster";
}

/** Types whose values pandas keeps as numbers of eight bytes. */
const numeric: ReadonlySet<ColumnType> = new Set([
  "integer",
  "decimal",
  "money",
  "percent",
  "year",
  "date",
  "datetime",
  "boolean",
  "empty",
]);
const numberBytes = 8;
/** Of one text beside its characters: the object, and the reference to it. */
const textBytes = 57;
/** Computing makes copies: what is to be worked on may take half of the memory. */
const workingShare = 0.5;
/** How a file grows when it becomes a table, where not all of it was read. */
const growth: Readonly<Record<string, number>> = { parquet: 6, arrow: 2 };
const textGrowth = 2;
const packedGrowth = 10;

/** How much memory a table takes as a frame of pandas, bytes: an estimate from its rows and the types of its columns. */
export function heldBytes(profile: TableProfile): number {
  const perRow = profile.columns.reduce(
    (sum, { type }, index) => sum + (numeric.has(type) ? numberBytes : textBytes + meanLength(profile, index)),
    0,
  );
  const counted = profile.rowCount * perRow;
  return Math.round(profile.complete ? counted : Math.max(counted, profile.sizeBytes * grown(profile)));
}

/** Whether a table is more than Python can work on at once. */
export function isBeyond(profile: TableProfile, memoryBytes: number): boolean {
  return heldBytes(profile) > memoryBytes * workingShare;
}

/** Such as `38 GB`, for people and models. */
export function gigabytes(bytes: number): string {
  const amount = bytes / 1e9;
  return `${amount >= 10 ? Math.round(amount) : Number(amount.toPrecision(2))} GB`;
}

function meanLength({ rows }: TableProfile, index: number): number {
  const lengths = rows.map((row) => String(row[index] ?? "").length);
  return lengths.length === 0 ? 0 : lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
}

function grown({ dialect }: TableProfile): number {
  return dialect.compression === undefined ? (growth[dialect.format] ?? textGrowth) : packedGrowth;
}
