import type { RawCell } from "./table-source.ts";

/** A number where it keeps all its digits, else text. */
function wholeNumber(value: bigint): number | string {
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}

/** Bytes as people write them. */
function bytesText(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString("hex")}`;
}

/** What JSON cannot say, as text or a number. */
function plainValue(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") {
    return wholeNumber(value);
  }
  return value instanceof Uint8Array ? bytesText(value) : value;
}

/** A moment as ISO 8601, to the day where it is midnight. */
export function momentText(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime())
    ? String(ms)
    : date
        .toISOString()
        .replace(/(T00:00:00)?\.000Z$/u, "")
        .replace(/Z$/u, "");
}

const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");

/** A time of day, or a length of time, as `26:30:00`; thousandths only where there are some. */
export function clockText(ms: number): string {
  const size = Math.abs(Math.round(ms));
  const clock = `${two(size / 3_600_000)}:${two((size / 60_000) % 60)}:${two((size / 1000) % 60)}`;
  const rest = size % 1000;
  return `${ms < 0 ? "-" : ""}${clock}${rest === 0 ? "" : `.${String(rest).padStart(3, "0")}`}`;
}

/** Lists of typed formats come as arrays and as views of buffers. */
function isIterable(value: object): value is Iterable<unknown> {
  return Symbol.iterator in value && !(value instanceof Map);
}

/** A value of a typed format as a cell: dates as ISO 8601, bytes as hexadecimal, lists and structures as JSON. */
export function typedCell(value: unknown): RawCell {
  if (value === null || value === undefined) {
    return null;
  }
  switch (typeof value) {
    case "bigint":
      return Number.isSafeInteger(Number(value)) ? Number(value) : value;
    case "string":
    case "boolean":
      return value;
    case "number":
      return Number.isNaN(value) ? null : value;
    default:
      break;
  }
  if (value instanceof Date) {
    return momentText(value.getTime());
  }
  if (value instanceof Uint8Array) {
    return bytesText(value);
  }
  return JSON.stringify(isIterable(value) ? [...value] : value, plainValue);
}
