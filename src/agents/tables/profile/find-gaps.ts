import type { NumberStyle } from "../readers/table-source.ts";
import type { ColumnReading } from "./column-reading.ts";
import { parseNumber } from "./parse-cell.ts";
import { parseDate } from "./parse-date.ts";

/** Years, months or days that a column leaves out between its first and its last. */
export interface Gaps {
  /** The first few, as people write them. */
  readonly examples: readonly string[];
  readonly count: number;
  /** How many there would be without gaps. */
  readonly span: number;
  readonly unit: "years" | "months" | "days" | "weeks";
}

const mostExamples = 5;
/** A larger share is no gap but another rhythm, such as days without weekends. */
const largestShare = 0.1;
const fewestValues = 5;
const longestSpan = 100_000;
const dayMs = 86_400_000;

interface Steps {
  readonly places: readonly number[];
  readonly unit: Gaps["unit"];
  readonly write: (place: number) => string;
}

function yearSteps(reading: ColumnReading, style: NumberStyle): Steps | null {
  const years = reading.values?.map((value) => (typeof value === "string" ? parseNumber(value, style) : Number(value)));
  const places = years?.filter((year): year is number => Number.isInteger(year)) ?? [];
  return { places, unit: "years", write: String };
}

/** The dates of a column, `2024-01-31`, or with fewer parts; `null` where they are not all of one length. */
function isoDates({ values, decided, missing }: ColumnReading): readonly string[] | null {
  const dates: string[] = [];
  for (const value of values ?? []) {
    const text = String(value);
    if (!missing.has(text)) {
      const iso =
        decided.format === "%Y%m%d"
          ? text.replace(/^(\d{4})(\d{2})(\d{2})$/u, "$1-$2-$3")
          : parseDate(text)?.readings[decided.dateOrder ?? "fixed"];
      if (iso === undefined || iso.length !== (dates[0]?.length ?? iso.length)) {
        return null;
      }
      dates.push(iso);
    }
  }
  return dates;
}

const monthPlace = (iso: string): number => Number(iso.slice(0, 4)) * 12 + Number(iso.slice(5, 7)) - 1;
const monthText = (place: number): string => `${Math.floor(place / 12)}-${String((place % 12) + 1).padStart(2, "0")}`;

function dateSteps(reading: ColumnReading): Steps | null {
  const dates = isoDates(reading);
  const [first] = dates ?? [];
  if (dates === null || first === undefined) {
    return null;
  }
  if (first.length === 4) {
    return { places: dates.map(Number), unit: "years", write: String };
  }
  if (first.length === 7 || dates.every((iso) => iso.slice(8) === first.slice(8))) {
    const day = first.slice(7);
    return { places: dates.map(monthPlace), unit: "months", write: (place) => monthText(place) + day };
  }
  const days = dates.map((iso) => Date.parse(iso) / dayMs);
  const [start = 0] = days;
  if (days.every((day) => (day - start) % 7 === 0)) {
    const write = (place: number): string => new Date((start + place * 7) * dayMs).toISOString().slice(0, 10);
    return { places: days.map((day) => (day - start) / 7), unit: "weeks", write };
  }
  return { places: days, unit: "days", write: (place) => new Date(place * dayMs).toISOString().slice(0, 10) };
}

/** The places of a column, where it is one of years or dates and all its values are known. */
function stepsOf(reading: ColumnReading, style: NumberStyle): Steps | null {
  const { type, approximate } = reading.profile;
  if (reading.values === null || approximate === true) {
    return null;
  }
  return type === "year" ? yearSteps(reading, style) : type === "date" ? dateSteps(reading) : null;
}

/** Finds what a column of years or dates leaves out, where that is little: what is missing by mistake or for a reason. */
export function findGaps(reading: ColumnReading, style: NumberStyle): Gaps | null {
  const steps = stepsOf(reading, style);
  const places = new Set(steps?.places);
  if (steps === null || places.size < fewestValues) {
    return null;
  }
  const first = steps.places.reduce((a, b) => Math.min(a, b), Infinity);
  const last = steps.places.reduce((a, b) => Math.max(a, b), -Infinity);
  const span = last - first + 1;
  const count = span - places.size;
  if (!Number.isSafeInteger(span) || span > longestSpan || count < 1 || count > span * largestShare) {
    return null;
  }
  const examples: string[] = [];
  for (let place = first; place <= last && examples.length < mostExamples; place += 1) {
    if (!places.has(place)) {
      examples.push(steps.write(place));
    }
  }
  return { examples, count, span, unit: steps.unit };
}
