import type { TableWarning } from "../../protocol/table-profile.ts";
import type { ColumnReading } from "./column-reading.ts";
import { parseDate } from "./parse-date.ts";

/** Days that programs write when no day is known. */
const defaults = new Set([
  "1900-01-01",
  "1899-12-30",
  "1899-12-31",
  "1970-01-01",
  "0001-01-01",
  "1753-01-01",
  "9999-12-31",
  "2099-12-31",
]);
const yearMs = 365.25 * 86_400_000;
const farYears = 5;
const fewestDates = 10;

/** The days of a column, ascending, once each; `null` where they are too many to be known. */
function daysOf({ values, missing, decided }: ColumnReading): readonly string[] | null {
  if (values === null) {
    return null;
  }
  const days = values.flatMap((value) => {
    const text = String(value);
    const iso =
      decided.format === "%Y%m%d"
        ? text.replace(/^(\d{4})(\d{2})(\d{2})$/u, "$1-$2-$3")
        : parseDate(text)?.readings[decided.dateOrder ?? "fixed"];
    return missing.has(text) || iso === undefined || iso.length < 10 ? [] : [iso.slice(0, 10)];
  });
  return [...new Set(days)].toSorted();
}

const yearsBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / yearMs;

/** Days that programs write, years apart from all others. */
function defaultDays(days: readonly string[]): readonly string[] {
  const [first = "", second = ""] = days;
  const [last = "", before = ""] = [days.at(-1), days.at(-2)];
  return [
    ...(defaults.has(first) && yearsBetween(first, second) > farYears ? [first] : []),
    ...(defaults.has(last) && yearsBetween(before, last) > farYears ? [last] : []),
  ];
}

function futureWarning(name: string, future: readonly string[]): TableWarning {
  const examples = future.slice(0, 3).join(", ");
  return {
    code: "future-dates",
    severity: "warning",
    message: `${name} holds ${future.length} ${future.length === 1 ? "day" : "days"} more than a year in the future (${examples}), while nearly all others are past. Check them before counting by time.`,
    columns: [name],
    values: { column: name, count: future.length, examples },
  };
}

/**
 * A day that stands for "unknown", or days that have not come yet among many that have.
 *
 * @param today as `2024-01-31`
 */
export function dateDoubts(reading: ColumnReading, today: string): TableWarning[] {
  const { name, type } = reading.profile;
  const days = type === "date" || type === "datetime" ? daysOf(reading) : null;
  if (days === null || days.length < fewestDates) {
    return [];
  }
  const odd = defaultDays(days);
  const future = days.filter((day) => !odd.includes(day) && yearsBetween(today, day) > 1);
  const few = future.length > 0 && future.length <= days.length * 0.05;
  return [
    ...odd.map((day): TableWarning => ({
      code: "default-dates",
      severity: "warning",
      message: `In ${name}, ${day} stands years apart from all other days: programs write it where no date is known. Treat it as missing.`,
      columns: [name],
      values: { column: name, day },
    })),
    ...(few ? [futureWarning(name, future)] : []),
  ];
}
