import { pandasMissingWords } from "./profile/column-evidence.ts";
import type { ColumnReading } from "./profile/column-reading.ts";
import type { BuiltTable } from "./profile/table-builder.ts";
import { pythonList, pythonText } from "./python-text.ts";
import { converter } from "./reading-converters.ts";
import type { TableSource } from "./readers/table-source.ts";

/** The names of the columns of a table without a header. */
export function nameList(names: readonly string[]): string {
  const madeUp = names.every((name, index) => name === `column_${index + 1}`);
  return madeUp && names.length > 8 ? `[f"column_{i + 1}" for i in range(${names.length})]` : pythonList(names);
}

function dictionary(entries: readonly (readonly [string, string])[]): string {
  return `{${entries.map(([name, value]) => `${pythonText(name)}: ${value}`).join(", ")}}`;
}

/**
 * Words such as `1.2.3` or `1,2` that pandas would take for numbers, since it leaves out every thousands mark; in a
 * workbook also text such as `007`, which it turns into numbers.
 */
function readsAsNumbers({ profile, values, ...column }: ColumnReading, { cells, style }: TableSource): boolean {
  const { thousands } = style;
  const words = profile.type === "text" || profile.type === "category";
  if (words && cells === "typed") {
    return column.evidence.numberAsText > 0;
  }
  if (!words || thousands === null || values === null || values.length === 0) {
    return false;
  }
  return values.every(
    (value) => column.missing.has(String(value)) || /^[+-]?\d+$/u.test(String(value).replaceAll(thousands, "")),
  );
}

/** Types that pandas would not guess as the profile did. */
function types(columns: readonly ColumnReading[], converted: ReadonlySet<string>, source: TableSource): string[] {
  const entries = columns.flatMap((column): [string, string][] => {
    const { profile, decided, evidence } = column;
    if (converted.has(profile.name)) {
      return [];
    }
    const big = evidence.kinds["big-integer"] > 0;
    const identifier = profile.type === "identifier" && decided.whole !== true;
    if (identifier || evidence.beyondInt64 || readsAsNumbers(column, source)) {
      return [[profile.name, '"string"']];
    }
    return big && profile.type === "integer" && profile.nulls > 0 ? [[profile.name, '"Int64"']] : [];
  });
  return entries.length === 0 ? [] : [`dtype=${dictionary(entries)}`];
}

/** Words that mean missing here and not to pandas, or the other way round. */
function missing(columns: readonly ColumnReading[]): string[] {
  const kept = columns.some((column) => column.keptWords.length > 0);
  const extra = columns.filter((column) => [...column.missing].some((word) => !pandasMissingWords.has(word)));
  if (!kept && extra.length === 0) {
    return [];
  }
  const all = [...new Set(columns.flatMap((column) => [...column.missing]))];
  const values = new Set(
    columns.flatMap((column) => [...column.evidence.words.keys()].filter((word) => !column.missing.has(word))),
  );
  if (kept) {
    if (all.every((word) => !values.has(word))) {
      return ["keep_default_na=False", `na_values=${pythonList(["", ...all])}`];
    }
    const entries = columns
      .filter((column) => column.profile.nulls > 0)
      .map((column) => [column.profile.name, pythonList(["", ...column.missing])] as const);
    return ["keep_default_na=False", `na_values=${dictionary(entries)}`];
  }
  const entries = extra.map(
    ({ profile, missing: words }) =>
      [profile.name, pythonList([...words].filter((word) => !pandasMissingWords.has(word)))] as const,
  );
  return [`na_values=${dictionary(entries)}`];
}

/** A date that pandas would leave as text or take apart in the wrong order. */
function needsParsing({ profile, decided, evidence }: ColumnReading): boolean {
  if (profile.type !== "date" && profile.type !== "datetime") {
    return false;
  }
  if (decided.format === undefined) {
    return [...evidence.dateShapes.keys()].every((shape) => !/%z|年/u.test(shape) && /%d|\{1\}/u.test(shape));
  }
  return /%d/u.test(decided.format) && !/^%Y(-%m(-%d([T ]%H:%M(:%S(\.%f)?)?( ?%z)?)?)?)?$/u.test(decided.format);
}

/** Dates that are not written as ISO 8601, alike or in several styles. */
function dates(columns: readonly ColumnReading[], converted: ReadonlySet<string>): string[] {
  const found = columns.filter((column) => !converted.has(column.profile.name) && needsParsing(column));
  if (found.length === 0) {
    return [];
  }
  const formats = found.map(({ profile, decided }) => [profile.name, pythonText(decided.format ?? "mixed")] as const);
  const [first] = formats;
  const alike = first !== undefined && formats.every(([, format]) => format === first[1]);
  const mixed = found.filter(({ decided }) => decided.format === undefined);
  return [
    `parse_dates=${pythonList(found.map(({ profile }) => profile.name))}`,
    `date_format=${alike ? first[1] : dictionary(formats)}`,
    ...(mixed.some(({ decided }) => decided.dateOrder === "day-first") ? ["dayfirst=True"] : []),
  ];
}

/** Columns that pandas would take for text, and the functions that read them. */
function converters(
  columns: readonly ColumnReading[],
  source: TableSource,
): { argument: string[]; names: ReadonlySet<string> } {
  const entries = columns.flatMap((column): [string, string][] => {
    const expression = converter(column, source.style);
    return expression === null ? [] : [[column.profile.name, expression]];
  });
  return {
    argument: entries.length === 0 ? [] : [`converters=${dictionary(entries)}`],
    names: new Set(entries.map(([name]) => name)),
  };
}

/** Arguments about columns that `read_csv` and `read_excel` share. */
export function columnArguments(source: TableSource, built: BuiltTable): string[] {
  const { columns } = built;
  if (source.cells === "typed") {
    return [...types(columns, new Set(), source), ...missing(columns)];
  }
  const converted = converters(columns, source);
  return [
    ...types(columns, converted.names, source),
    ...missing(columns),
    ...dates(columns, converted.names),
    ...converted.argument,
  ];
}
