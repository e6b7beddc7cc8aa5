import type { JoinNormalisation } from "../../protocol/table-join.ts";
import type { ColumnProfile, ColumnType } from "../../protocol/table-profile.ts";
import { parseNumber } from "../profile/parse-cell.ts";
import { parseDate, type DateOrder } from "../profile/parse-date.ts";
import type { NumberStyle, RawCell } from "../readers/table-source.ts";

/** What kind of value a column joins by. Words and numbers may meet, dates meet dates only. */
export type KeyKind = "words" | "number" | "date";

const kinds: Readonly<Partial<Record<ColumnType, KeyKind>>> = {
  category: "words",
  text: "words",
  identifier: "words",
  mixed: "words",
  integer: "number",
  year: "number",
  date: "date",
  datetime: "date",
};

/** The kind of a column's keys; `null` where nothing is joined by such a column: amounts, times, truths. */
export function keyKindOf({ type, min }: Pick<ColumnProfile, "type" | "min">): KeyKind | null {
  return type === "identifier" && typeof min === "number" ? "number" : (kinds[type] ?? null);
}

/** Turns cells of a column into keys; `null` for a missing one. Equal keys are one value, however it is written. */
export type KeyReader = (cell: RawCell | undefined) => { readonly key: string; readonly written: string } | null;

const longestKey = 200;
const mostRemembered = 20_000;

/** A reader of the keys of a column, which remembers what comes again. */
export function keyReader(column: ColumnProfile, style: NumberStyle): KeyReader {
  const missing = new Set(column.missingWords);
  const kind = keyKindOf(column);
  const order = dateOrder(column);
  const remembered = new Map<RawCell, ReturnType<KeyReader>>();
  /** Cells that were new. Where they are many, remembering costs more than reading. */
  let misses = 0;
  const read = (cell: RawCell): ReturnType<KeyReader> => {
    const written = String(cell);
    if (written.trim() === "" || missing.has(written) || written.length > longestKey) {
      return null;
    }
    const key = kind === "date" ? dayKey(written, order) : kind === "number" ? numberKey(written, style) : null;
    return { key: key ?? wordKey(written), written };
  };
  return (cell) => {
    if (cell === null || cell === undefined) {
      return null;
    }
    if (misses > mostRemembered) {
      return read(cell);
    }
    let known = remembered.get(cell);
    if (known === undefined) {
      known = read(cell);
      misses += 1;
      remembered.set(cell, known);
    }
    return known;
  };
}

function dateOrder({ format }: ColumnProfile): DateOrder {
  const day = format?.indexOf("%d") ?? -1;
  const month = format?.indexOf("%m") ?? -1;
  return format === undefined || format.startsWith("%Y") || day < 0 || month < 0
    ? "fixed"
    : day < month
      ? "day-first"
      : "month-first";
}

function dayKey(written: string, order: DateOrder): string | null {
  const text = /^\d{8}$/u.test(written) ? written.replace(/^(\d{4})(\d{2})/u, "$1-$2-") : written;
  const readings = parseDate(text)?.readings;
  const iso = readings?.[order] ?? readings?.fixed;
  return iso?.replace(/T00:00(:00(\.0+)?)?$/u, "") ?? null;
}

function numberKey(written: string, style: NumberStyle): string | null {
  const value = parseNumber(written, style);
  return value === null || !Number.isSafeInteger(value) ? null : String(value);
}

/** Printable ASCII without blanks, which has one width. */
const plainAscii = /^[!-~]+$/u;

/** Words without what people write differently: width, blanks, case, leading zeros, a decimal zero. */
function wordKey(written: string): string {
  const first = written.charCodeAt(0);
  if ((first < 48 || first > 57) && plainAscii.test(written)) {
    return written.toLowerCase();
  }
  const words = written.normalize("NFKC").trim().replaceAll(/\s+/gu, " ").toLowerCase();
  const digits = /^0*(\d+)(?:\.0+)?$/u.exec(words)?.[1];
  return digits ?? words;
}

const digits = /^\d+$/u;

/** What must be made equal between two writings of one key, given what their columns are. */
export function differences(
  left: { readonly written: string; readonly kind: KeyKind },
  right: { readonly written: string; readonly kind: KeyKind },
): readonly JoinNormalisation[] {
  if (left.kind === "date" || right.kind === "date") {
    return left.written === right.written ? [] : ["date-format"];
  }
  const found: JoinNormalisation[] = left.kind === right.kind ? [] : ["number-text"];
  if (left.written === right.written || (left.kind === "number" && right.kind === "number")) {
    return found;
  }
  let [a, b] = [left.written, right.written];
  const step = (name: JoinNormalisation, change: (text: string) => string): void => {
    const [nextA, nextB] = [change(a), change(b)];
    // A step counts where it brings the two nearer: where only one of them changes, or both become one.
    if ((nextA === a) !== (nextB === b) || (a !== b && nextA === nextB)) {
      found.push(name);
    }
    [a, b] = [nextA, nextB];
  };
  step("width", (text) => text.normalize("NFKC"));
  step("spaces", (text) => text.trim().replaceAll(/\s+/gu, " "));
  step("case", (text) => (a.toLowerCase() === b.toLowerCase() && a !== b ? text.toLowerCase() : text));
  step("leading-zeros", (text) => (digits.test(text) ? text.replace(/^0+(?=\d)/u, "") : text));
  return found;
}
