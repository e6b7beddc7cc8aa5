import { wrappedText } from "./profile/column-evidence.ts";
import { isNumericType, type ColumnReading } from "./profile/column-reading.ts";
import { pythonList, pythonText } from "./python-text.ts";
import type { NumberStyle } from "./readers/table-source.ts";

/** What may stand in amounts, where the values are too many to be looked through. */
const usualSigns = "$€£¥￥₹₩₽元%％ '’\u00a0\u202f\u2009USDEURGBPJPYCNYRMBHKNTCHFkrzł";

/** A condition under which a written value is there, and `x` otherwise `None`. */
function unlessMissing(expression: string, words: readonly string[]): string {
  const test = words.length === 0 ? "x.strip()" : `x.strip() and x not in ${pythonList(words)}`;
  return `lambda x: ${expression} if ${test} else None`;
}

/** The characters of the values that are no part of a plain number. */
function signsOf({ values, missing }: ColumnReading, keep: string): string {
  const text = values === null ? usualSigns : values.filter((value) => !missing.has(String(value))).join("");
  return [...new Set(text)].filter((character) => !/[\d０-９]/u.test(character) && !keep.includes(character)).join("");
}

/** Thousands marks beyond ASCII, which pandas cannot leave out. */
function hasForeignMarks({ values, missing }: ColumnReading, { thousands }: NumberStyle): boolean {
  const foreign = thousands !== null && thousands > "\u007f";
  return (
    foreign &&
    (values === null || values.some((value) => !missing.has(String(value)) && String(value).includes(thousands)))
  );
}

/** A Python expression of the number that is written in `x`. */
function amount(column: ColumnReading, style: NumberStyle): string {
  const written = (column.values ?? []).map((value) => String(value).trim());
  const comma = style.decimal === ",";
  const signs = signsOf(column, comma ? "-+," : "-+.");
  const mapped = [["(", "-"], ["−", "-"], ["－", "-"], ["．", "."], ...(comma ? [[",", "."]] : [])].filter(
    ([from]) => signs.includes(from ?? "") || from === ",",
  );
  const from = mapped.map(([sign]) => sign).join("");
  const to = mapped.map(([, sign]) => sign).join("");
  const dropped = Array.from(signs)
    .filter((sign) => !from.includes(sign))
    .join("");
  const trailing = written.some((value) => value.endsWith("-") && /\d/u.test(value));
  const text = trailing ? 'x.rstrip("- ")' : "x";
  const clean =
    from === "" && dropped === ""
      ? text
      : `${text}.translate(str.maketrans(${pythonText(from)}, ${pythonText(to)}, ${pythonText(dropped)}))`;
  const scaled = written.some((value) => /[千万萬亿億]$/u.test(value));
  const scale = `{"万": 1e4, "萬": 1e4, "亿": 1e8, "億": 1e8, "百万": 1e6, "千万": 1e7, "千": 1e3}`;
  return [
    `float(${clean})`,
    ...(trailing ? ['(-1 if x.rstrip().endswith("-") else 1)'] : []),
    ...(scaled ? [`${scale}.get(x.strip().lstrip("+-0123456789.,"), 1)`] : []),
  ].join(" * ");
}

/** Dates written with 年, 月 and 日 among others: the year first, and a day in all. */
function isHanziDate({ profile, decided, evidence }: ColumnReading): boolean {
  const shapes = [...evidence.dateShapes.keys()];
  return (
    profile.type === "date" &&
    decided.format === undefined &&
    shapes.some((shape) => shape.includes("年")) &&
    shapes.every((shape) => /^%Y.%m.%d日?$/u.test(shape))
  );
}

/** A Python function from the text of a cell to its value; `null` where pandas reads the column itself. */
export function converter(column: ColumnReading, style: NumberStyle): string | null {
  const { profile, decided, evidence } = column;
  const words = [...column.missing];
  const { money, percent, unusual } = evidence.kinds;
  if (isNumericType(profile.type) && (money + percent + unusual > 0 || hasForeignMarks(column, style))) {
    return unlessMissing(amount(column, style), words);
  }
  if (decided.wrapped === true && wrappedText.test(String(column.values?.[0] ?? '=""'))) {
    return `lambda x: x.strip('="') or None`;
  }
  return isHanziDate(column)
    ? unlessMissing('pd.to_datetime(x.strip().translate(str.maketrans("年月/.", "----", "日")))', words)
    : null;
}
