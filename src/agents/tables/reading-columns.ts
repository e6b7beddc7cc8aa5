import { pandasMissingWords } from "./profile/column-evidence.ts";
import type { ColumnReading } from "./profile/column-reading.ts";
import type { BuiltTable } from "./profile/table-builder.ts";
import { pythonList, pythonText } from "./python-text.ts";
import type { TableSource } from "./readers/table-source.ts";

/** The names of the columns of a table without a header. */
export function nameList(names: readonly string[]): string {
  const madeUp = names.every((name, index) => name === `column_${index + 1}`);
  return madeUp && names.length > 8 ? `[f"column_{i + 1}" for i in range(${names.length})]` : pythonList(names);
}

function dictionary(entries: readonly (readonly [string, string])[]): string {
  return `{${entries.map(([name, value]) => `${pythonText(name)}: ${value}`).join(", ")}}`;
}

/** Types that pandas would not guess as the profile did. */
function types(columns: readonly ColumnReading[], converted: ReadonlySet<string>): string[] {
  const entries = columns.flatMap(({ profile, decided, evidence }): [string, string][] => {
    if (converted.has(profile.name)) {
      return [];
    }
    const big = evidence.kinds["big-integer"] > 0;
    if ((profile.type === "identifier" && decided.whole !== true) || evidence.beyondInt64) {
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

/** Dates that are not written as ISO 8601. */
function dates(columns: readonly ColumnReading[]): string[] {
  const found = columns.filter(
    ({ profile, decided }) =>
      (profile.type === "date" || profile.type === "datetime") &&
      decided.format !== undefined &&
      !/^%Y(-%m(-%d([T ]%H:%M(:%S(\.%f)?)?( ?%z)?)?)?)?$/u.test(decided.format) &&
      /%d/u.test(decided.format),
  );
  if (found.length === 0) {
    return [];
  }
  const names = `parse_dates=${pythonList(found.map(({ profile }) => profile.name))}`;
  const formats = [...new Set(found.map(({ decided }) => decided.format ?? ""))];
  const [only] = formats;
  const format =
    formats.length === 1 && only !== undefined
      ? pythonText(only)
      : dictionary(found.map(({ profile, decided }) => [profile.name, pythonText(decided.format ?? "")] as const));
  return [names, `date_format=${format}`];
}

/** Amounts with currency signs, parentheses or per cent signs, which pandas takes for text. */
function converters(
  columns: readonly ColumnReading[],
  source: TableSource,
): { argument: string[]; names: ReadonlySet<string> } {
  const entries = columns.flatMap(({ profile, evidence, missing: words }): [string, string][] => {
    if (evidence.kinds.money === 0 && evidence.kinds.percent === 0) {
      return [];
    }
    if (profile.type !== "money" && profile.type !== "percent") {
      return [];
    }
    return [[profile.name, converter(source, [...words])]];
  });
  return {
    argument: entries.length === 0 ? [] : [`converters=${dictionary(entries)}`],
    names: new Set(entries.map(([name]) => name)),
  };
}

/** A Python function from the written amount to a number. */
function converter({ style }: TableSource, words: readonly string[]): string {
  const decimalComma = style.decimal === ",";
  const from = decimalComma ? "(," : "(";
  const to = decimalComma ? "-." : "-";
  const dropped = `${decimalComma ? "." : ","})$€£¥￥₹₩₽元%％ '\u00a0USDEURGBPJPYCNYRMBHKNT`;
  const unique = [...new Set(dropped)].join("");
  const clean = `x.translate(str.maketrans(${pythonText(from)}, ${pythonText(to)}, ${pythonText(unique)}))`;
  const missingTest = words.length === 0 ? "x.strip()" : `x.strip() and x not in ${pythonList(words)}`;
  return `lambda x: float(${clean}) if ${missingTest} else None`;
}

/** Arguments about columns that `read_csv` and `read_excel` share. */
export function columnArguments(source: TableSource, built: BuiltTable): string[] {
  const { columns } = built;
  if (source.cells === "typed") {
    return [...types(columns, new Set()), ...missing(columns)];
  }
  const converted = converters(columns, source);
  return [...types(columns, converted.names), ...missing(columns), ...dates(columns), ...converted.argument];
}
