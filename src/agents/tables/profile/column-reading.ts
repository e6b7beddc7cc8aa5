import type { TableCell } from "../../protocol/cell-output.ts";
import type { ColumnProfile, ColumnType } from "../../protocol/table-profile.ts";
import type { NumberStyle, RawCell } from "../readers/table-source.ts";
import { isMissingAmongWords, pandasMissingWords, wrappedText, type ColumnEvidence } from "./column-evidence.ts";
import type { ColumnTally } from "./column-tally.ts";
import { decideType, isIdName, type DecidedType } from "./column-type.ts";
import { parseAmount } from "./parse-cell.ts";
import { parseDate } from "./parse-date.ts";
import { isCurrencyUnit, unitOf } from "./unit-of.ts";

/** A column's profile with what is needed to read its cells the same way again. */
export interface ColumnReading {
  readonly profile: ColumnProfile;
  readonly decided: DecidedType;
  readonly evidence: ColumnEvidence;
  /** Words of this column that are missing values. */
  readonly missing: ReadonlySet<string>;
  /** Words of this column that pandas would take for missing, and that are values. */
  readonly keptWords: readonly string[];
  /** Every different value as written, or `null` when they are too many. */
  readonly values: readonly (string | number | boolean | bigint)[] | null;
  /** Some missing cells are text of no length. */
  readonly hasEmptyText: boolean;
}

const numericTypes: ReadonlySet<ColumnType> = new Set(["integer", "decimal", "money", "percent", "year"]);

/** Types whose values are numbers. */
export function isNumericType(type: ColumnType): boolean {
  return numericTypes.has(type);
}

/** Integers beyond 2^53 and numbers JSON cannot say travel as text. */
function numberCell(value: number): TableCell {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value)) ? value : String(value);
}

/** Describes a column from the tally of all its cells. */
export function readColumn(name: string, tally: ColumnTally, style: NumberStyle): ColumnReading {
  const evidence = tally.evidence();
  const filled = tally.rows - tally.empty;
  const counted = tally.distinct();
  const hasNot = saysHasOrHasNot(tally, evidence);
  const first = decideType(evidence, {
    name,
    values: hasNot ? filled : filled - evidence.kinds.missing,
    distinct: counted.count - evidence.words.size,
    onlyHasAndHasNot: hasNot,
  });
  const asWords = hasNot || wordTypes.has(first.type);
  const { missing, keptWords, missingCount } = sortWords(tally, evidence, asWords);
  const unit = unitOf(name) ?? (first.type === "percent" ? "%" : null);
  const decided = asIdentifier(asMoney(first, unit), { name, evidence, filled, distinct: counted });
  const numeric = isNumericType(decided.type);
  const numbers = numeric || decided.whole === true;
  const top = tally.top(decided.whole === true ? 0 : 12, (value) => typeof value === "string" && missing.has(value));
  const reading = { decided, missing, style };
  const profile: ColumnProfile = {
    name,
    type: decided.type,
    nulls: tally.empty + missingCount,
    distinct: Math.max(0, distinctValues(tally, evidence, numbers, style) - missing.size),
    ...rangeOf(evidence, decided, numbers),
    ...amountsOf(evidence, numeric),
    top: top.map(({ value, count }) => ({ value: presentCell(value, reading), count })),
    ...(decided.format === undefined ? {} : { format: decided.format }),
    ...(unit === null ? {} : { unit }),
    ...(missing.size === 0 ? {} : { missingWords: [...missing] }),
    ...(counted.approximate || (numeric && evidence.numbers.approximate) ? { approximate: true } : {}),
  };
  return { profile, decided, evidence, missing, keptWords, values: tally.values, hasEmptyText: tally.emptyTexts > 0 };
}

/** What can be computed of amounts. */
function amountsOf(
  { numbers, fractional }: ColumnEvidence,
  numeric: boolean,
): Pick<ColumnProfile, "mean" | "sum" | "exactSum" | "quartiles"> {
  if (!numeric) {
    return { mean: null, sum: null, quartiles: null };
  }
  const { mean, sum, wholeSum } = numbers;
  const rounded = wholeSum !== null && !fractional && !Number.isSafeInteger(sum);
  return {
    mean,
    ...(rounded ? { sum: Number(wholeSum), exactSum: String(wholeSum) } : { sum }),
    quartiles: numbers.quartiles(),
  };
}

const wordTypes: ReadonlySet<ColumnType> = new Set(["text", "category", "mixed"]);

/** Plain numbers under a header that names a currency are money. */
function asMoney(decided: DecidedType, unit: string | null): DecidedType {
  const number = decided.type === "integer" || decided.type === "decimal";
  return number && isCurrencyUnit(unit) ? { ...decided, type: "money" } : decided;
}

/** Whole numbers, each once, under a name that says so or counted up one by one, tell rows apart. */
function asIdentifier(
  decided: DecidedType,
  column: {
    readonly name: string;
    readonly evidence: ColumnEvidence;
    readonly filled: number;
    readonly distinct: { readonly count: number; readonly approximate: boolean };
  },
): DecidedType {
  const { numbers, kinds } = column.evidence;
  const unique = column.filled >= 2 && column.distinct.count === column.filled && !column.distinct.approximate;
  if (
    decided.type !== "integer" ||
    !unique ||
    kinds["big-integer"] > 0 ||
    kinds.missing > 0 ||
    !isIdName(column.name)
  ) {
    return decided;
  }
  const counted = numbers.min >= 0 && numbers.min <= 1 && numbers.max - numbers.min + 1 === column.filled;
  return counted || numbers.ascending || numbers.min >= 1000
    ? { ...decided, type: "identifier", whole: true }
    : decided;
}

/** A column of 有 and 无, in which 无 is an answer. */
function saysHasOrHasNot(tally: ColumnTally, evidence: ColumnEvidence): boolean {
  return (
    evidence.words.size === 1 && evidence.words.has("无") && tally.values?.length === 2 && tally.values.includes("有")
  );
}

/** Parts the words that may mean missing into those that do here and those that are values. */
function sortWords(
  tally: ColumnTally,
  evidence: ColumnEvidence,
  amongWords: boolean,
): { missing: ReadonlySet<string>; keptWords: readonly string[]; missingCount: number } {
  const words = [...evidence.words.keys()];
  const codes = words.includes("NA") && isCodeColumn(tally);
  const missing = new Set(amongWords ? words.filter((word) => isMissingAmongWords(word, codes)) : words);
  let missingCount = 0;
  for (const word of missing) {
    missingCount += evidence.words.get(word) ?? 0;
  }
  return {
    missing,
    keptWords: words.filter((word) => !missing.has(word) && pandasMissingWords.has(word)),
    missingCount,
  };
}

/** Codes of two or three capital letters, among which `NA` is Namibia. */
function isCodeColumn(tally: ColumnTally): boolean {
  const values = tally.values;
  if (values === null || values.length < 3) {
    return false;
  }
  const codes = values.filter((value) => /^[A-Z]{2,3}$/u.test(String(value))).length;
  return codes >= 3 && codes >= values.length * 0.9;
}

/** `1.0` and `1` are one number. */
function distinctValues(tally: ColumnTally, evidence: ColumnEvidence, numeric: boolean, style: NumberStyle): number {
  const values = tally.values;
  if (!numeric || values === null) {
    return tally.distinct().count;
  }
  if (!evidence.fractional && style.thousands === null) {
    return values.length;
  }
  const numbers = new Set<number | string | bigint | boolean>();
  for (const value of values) {
    numbers.add(typeof value === "string" && !evidence.words.has(value) ? (parseAmount(value, style) ?? value) : value);
  }
  return evidence.kinds["big-integer"] > 0 ? values.length : numbers.size;
}

function rangeOf(evidence: ColumnEvidence, decided: DecidedType, numeric: boolean): { min: TableCell; max: TableCell } {
  if (decided.type === "empty" || decided.type === "mixed") {
    return { min: null, max: null };
  }
  if (numeric || decided.format === "%Y%m%d") {
    const { bigMin, bigMax, numbers } = evidence;
    const min = bigMin !== null && Number(bigMin) <= numbers.min ? String(bigMin) : numberCell(numbers.min);
    const max = bigMax !== null && Number(bigMax) >= numbers.max ? String(bigMax) : numberCell(numbers.max);
    return decided.format === "%Y%m%d" ? { min: dayText(min), max: dayText(max) } : { min, max };
  }
  const range = decided.dateOrder === null ? undefined : evidence.dateRanges[decided.dateOrder];
  const plain = (text: string | null): string | null =>
    decided.wrapped === true && text !== null ? text.replace(wrappedText, "$1") : text;
  return range === undefined
    ? { min: plain(evidence.texts.min), max: plain(evidence.texts.max) }
    : { min: range.min, max: range.max };
}

/** 20240131 as `2024-01-31`. */
function dayText(value: TableCell): TableCell {
  return String(value).replace(/^(\d{4})(\d{2})(\d{2})$/u, "$1-$2-$3");
}

/** A cell as it is shown: numbers as numbers, dates in ISO 8601, missing words as `null`, integers beyond 2^53 as text. */
export function presentCell(
  cell: RawCell | undefined,
  column: { readonly decided: DecidedType; readonly missing: ReadonlySet<string>; readonly style: NumberStyle },
): TableCell {
  if (cell === null || cell === undefined || cell === "") {
    return null;
  }
  if (typeof cell === "bigint") {
    return String(cell);
  }
  if (typeof cell === "number" && column.decided.format !== "%Y%m%d") {
    return numberCell(cell);
  }
  return typeof cell === "boolean" ? cell : column.missing.has(String(cell)) ? null : presentText(String(cell), column);
}

function presentText(text: string, column: { readonly decided: DecidedType; readonly style: NumberStyle }): TableCell {
  const { type, dateOrder, format } = column.decided;
  if (isNumericType(type) || column.decided.whole === true) {
    return presentNumber(text, column.style);
  }
  if (column.decided.wrapped === true) {
    return text.replace(wrappedText, "$1");
  }
  if (type === "boolean") {
    return truths.get(text.toLowerCase()) ?? text;
  }
  if (type !== "date" && type !== "datetime") {
    return text;
  }
  return format === "%Y%m%d" ? dayText(text) : (parseDate(text)?.readings[dateOrder ?? "fixed"] ?? text);
}

const truths: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["false", false],
]);

function presentNumber(text: string, style: NumberStyle): TableCell {
  const value = parseAmount(text, style);
  if (value === null) {
    return text;
  }
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? text.trim() : numberCell(value);
}
