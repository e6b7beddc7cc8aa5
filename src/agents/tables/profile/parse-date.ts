/** Which of two leading numbers is the day. `fixed`: the shape itself says it. */
export type DateOrder = "fixed" | "day-first" | "month-first";

/** A date as it may be read: one ISO text per order that makes a real date. */
export interface ParsedDate {
  /** strftime terms, with `{1}` and `{2}` where day and month could be either. */
  readonly shape: string;
  readonly readings: Readonly<Partial<Record<DateOrder, string>>>;
  readonly hasTime: boolean;
}

const months = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const fullMonths = "january february march april may june july august september october november december".split(" ");

const yearFirst = /^(\d{4})([-/.])(\d{1,2})(?:\2(\d{1,2}))?(?=$|[T ])/u;
const yearLast = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?=$|[T ])/u;
const chinese = /^(\d{4})年(?:(\d{1,2})月(?:(\d{1,2})日)?)?/u;
const dayMonthName = /^(\d{1,2})([- ])([A-Za-z]{3,9})([- ]|, )(\d{4}|\d{2})(?=$|[T ])/u;
const monthNameDay = /^([A-Za-z]{3,9}) (\d{1,2})(,?) (\d{4})(?=$|[T ])/u;
const clock = /^([T ]|)(\d{1,2}):(\d{2})(?::(\d{2})([.,]\d+)?)?( ?[AP]M)?( ?)(Z|UTC|[+-]\d{2}:?\d{2})?$/iu;

const two = (value: string | number): string => String(value).padStart(2, "0");

function isoDate(year: string, month: string | number, day: string | number): string | null {
  const y = year.length === 2 ? String(Number(year) < 69 ? 2000 + Number(year) : 1900 + Number(year)) : year;
  const m = Number(month);
  const d = Number(day);
  if (m < 1 || m > 12 || d < 1 || d > new Date(Date.UTC(Number(y), m, 0)).getUTCDate()) {
    return null;
  }
  return `${y}-${two(m)}-${two(d)}`;
}

interface DatePart {
  readonly length: number;
  readonly shape: string;
  readonly readings: Partial<Record<DateOrder, string>>;
}

function fixed(length: number, shape: string, iso: string | null): DatePart | null {
  return iso === null ? null : { length, shape, readings: { fixed: iso } };
}

/** The groups of a match, those that are not there as empty text; `null` where there is no match. */
function groupsOf<const Name extends string>(
  pattern: RegExp,
  text: string,
  names: readonly Name[],
): Record<Name | "all", string> | null {
  const found = pattern.exec(text);
  if (found === null) {
    return null;
  }
  const groups: Partial<Record<string, string>> = { all: found[0] };
  for (let index = 0; index < names.length; index += 1) {
    groups[names[index] ?? "all"] = found[index + 1] ?? "";
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every name was just given a value
  return groups as Record<Name | "all", string>;
}

function yearFirstDate(text: string): DatePart | null {
  const found = groupsOf(yearFirst, text, ["year", "mark", "month", "day"]);
  if (found === null) {
    return null;
  }
  const { all, year, mark, month, day } = found;
  return day === ""
    ? fixed(all.length, `%Y${mark}%m`, isoDate(year, month, 1)?.slice(0, 7) ?? null)
    : fixed(all.length, `%Y${mark}%m${mark}%d`, isoDate(year, month, day));
}

function yearLastDate(text: string): DatePart | null {
  const last = groupsOf(yearLast, text, ["a", "mark", "b", "year"]);
  if (last === null) {
    return null;
  }
  const { all, a, mark, b, year } = last;
  const dayFirst = isoDate(year, b, a);
  const monthFirst = isoDate(year, a, b);
  if (dayFirst === null && monthFirst === null) {
    return null;
  }
  return {
    length: all.length,
    shape: `{1}${mark}{2}${mark}${year.length === 2 ? "%y" : "%Y"}`,
    readings: {
      ...(dayFirst === null ? {} : { "day-first": dayFirst }),
      ...(monthFirst === null ? {} : { "month-first": monthFirst }),
    },
  };
}

function chineseDate(text: string): DatePart | null {
  const found = chinese.exec(text);
  if (found === null) {
    return null;
  }
  const [all, year = "", month, day] = found;
  if (month === undefined) {
    return fixed(all.length, "%Y年", year);
  }
  const iso = isoDate(year, month, day ?? 1);
  return day === undefined
    ? fixed(all.length, "%Y年%m月", iso?.slice(0, 7) ?? null)
    : fixed(all.length, "%Y年%m月%d日", iso);
}

/** The number of a month by its English name, and how strftime names it; `null` when it is none. */
function monthByName(name: string): { month: number; term: string } | null {
  const lower = name.toLowerCase();
  const short = months.indexOf(lower);
  if (short >= 0) {
    return { month: short + 1, term: "%b" };
  }
  const full = fullMonths.indexOf(lower);
  return full >= 0 ? { month: full + 1, term: "%B" } : null;
}

function namedDate(text: string): DatePart | null {
  const dayFirst = groupsOf(dayMonthName, text, ["day", "mark", "name", "second", "year"]);
  if (dayFirst !== null) {
    const { all, day, mark, name, second, year } = dayFirst;
    const month = monthByName(name);
    const shape = `%d${mark}${month?.term}${second}${year.length === 2 ? "%y" : "%Y"}`;
    return month === null ? null : fixed(all.length, shape, isoDate(year, month.month, day));
  }
  const monthFirst = groupsOf(monthNameDay, text, ["name", "day", "comma", "year"]);
  if (monthFirst === null) {
    return null;
  }
  const { all, name, day, comma, year } = monthFirst;
  const month = monthByName(name);
  return month === null ? null : fixed(all.length, `${month.term} %d${comma} %Y`, isoDate(year, month.month, day));
}

/** The hour from 0 to 23 of an hour with AM or PM. */
function hourOfDay(hour: number, half: string): number {
  return half === "" ? hour : (hour % 12) + (half.trim().toUpperCase() === "PM" ? 12 : 0);
}

function clockPart(text: string): { shape: string; iso: string } | null {
  const names = ["mark", "hour", "minute", "second", "fraction", "half", "gap", "zone"] as const;
  const found = groupsOf(clock, text, names);
  if (found === null) {
    return null;
  }
  const { mark, minute, second, fraction, half, gap, zone } = found;
  const hour = hourOfDay(Number(found.hour), half);
  if (hour > 24 || Number(minute) > 59 || Number(second) > 60) {
    return null;
  }
  const seconds = second === "" ? "" : `:%S${fraction === "" ? "" : `${fraction.slice(0, 1)}%f`}`;
  const halves = half === "" ? "" : `${half.startsWith(" ") ? " " : ""}%p`;
  const shape = `${mark}${half === "" ? "%H" : "%I"}:%M${seconds}${halves}${zone === "" ? "" : `${gap}%z`}`;
  const iso = `T${two(hour)}:${minute}:${second || "00"}${fraction.replace(",", ".")}${zone === "UTC" ? "Z" : zone}`;
  return { shape, iso };
}

const isoMoment = /^\d{4}-(?:0[1-9]|1[0-2])-(?:[01]\d|2[0-8])(?:[T ](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)?$/u;

/** Dates of most files, the quick way; `null` for those that need a closer look. */
function plainIsoDate(text: string): ParsedDate | null {
  if ((text.length !== 10 && text.length !== 19) || text.charCodeAt(4) !== 45 || !isoMoment.test(text)) {
    return null;
  }
  if (text.length === 10) {
    return { shape: "%Y-%m-%d", readings: { fixed: text }, hasTime: false };
  }
  const blank = text.charCodeAt(10) === 32;
  return {
    shape: blank ? "%Y-%m-%d %H:%M:%S" : "%Y-%m-%dT%H:%M:%S",
    readings: { fixed: blank ? `${text.slice(0, 10)}T${text.slice(11)}` : text },
    hasTime: true,
  };
}

/** Reads a date, with a time perhaps; `null` when the text is none. */
export function parseDate(text: string): ParsedDate | null {
  const plain = plainIsoDate(text);
  if (plain !== null) {
    return plain;
  }
  const trimmed = text.trim();
  const date = yearFirstDate(trimmed) ?? yearLastDate(trimmed) ?? chineseDate(trimmed) ?? namedDate(trimmed);
  if (date === null) {
    return null;
  }
  const rest = trimmed.slice(date.length);
  if (rest === "") {
    return { shape: date.shape, readings: date.readings, hasTime: false };
  }
  const time = clockPart(rest);
  if (time === null) {
    return null;
  }
  const readings: Partial<Record<DateOrder, string>> = {};
  for (const order of ["fixed", "day-first", "month-first"] as const) {
    const iso = date.readings[order];
    if (iso !== undefined) {
      readings[order] = iso + time.iso;
    }
  }
  return { shape: date.shape + time.shape, readings, hasTime: true };
}

/** The strftime format of a shape under an order. */
export function formatFor(shape: string, order: DateOrder): string {
  const dayFirst = order !== "month-first";
  return shape.replace("{1}", dayFirst ? "%d" : "%m").replace("{2}", dayFirst ? "%m" : "%d");
}
