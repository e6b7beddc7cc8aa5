import type { TableWarning } from "../../protocol/table-profile.ts";
import type { ColumnReading } from "./column-reading.ts";

const mostExamples = 3;

/** One writing for words that differ in blanks, width or case only. */
function oneWriting(text: string, foldCase: boolean): string {
  const plain = text.normalize("NFKC").trim().replaceAll(/\s+/gu, " ");
  return foldCase ? plain.toLowerCase() : plain;
}

/** Values that mean one thing and are written in several ways, which count as several. */
export function wordVariants({ profile, values, missing }: ColumnReading): TableWarning[] {
  const { name, type } = profile;
  if (values === null || (type !== "category" && type !== "text" && type !== "mixed")) {
    return [];
  }
  const groups = new Map<string, string[]>();
  for (const value of values) {
    if (typeof value === "string" && !missing.has(value) && value.length <= 100) {
      const key = oneWriting(value, type === "category");
      const group = groups.get(key);
      if (group === undefined) {
        groups.set(key, [value]);
      } else {
        group.push(value);
      }
    }
  }
  const several = [...groups.values()].filter((group) => group.length > 1);
  if (several.length === 0) {
    return [];
  }
  const shown = several.slice(0, mostExamples).map((group) => group.slice(0, 3).map((text) => JSON.stringify(text)));
  const examples = shown.map((group) => group.join(" = ")).join("; ");
  return [
    {
      code: "word-variants",
      severity: "warning",
      message: `${name} writes one value in several ways (${examples}${several.length > shown.length ? "; …" : ""}). Grouping counts them apart: make blanks${type === "category" ? " and case" : ""} alike first.`,
      columns: [name],
      values: { column: name, count: several.length, examples },
    },
  ];
}

const unitNames =
  "km|hm|dm|cm|mm|m|mi|miles?|yd|ft|in|kg|g|mg|t|lbs?|oz|l|ml|cl|h|hrs?|hours?|min|mins|minutes?|s|sec|ms|d|days?|weeks?|months?|years?|°c|°f|℃|℉|kwh|mwh|wh|kw|mw|w|kb|mb|gb|tb|%|％|‰|bn|k|usd|eur|gbp|cny|rmb|jpy|元|万元|亿元|万|亿|千克|公斤|斤|克|吨|米|厘米|毫米|公里|千米|天|小时|分钟|秒|岁|人|个|平方米|㎡";
const measured = new RegExp(`^\\s*[$€£¥￥]?\\s*[+-]?\\d[\\d.,' ]*\\s*(${unitNames})\\s*$`, "iu");
const currencySign = /US\$|HK\$|NT\$|[$€£¥￥₹₩₽]|\b(USD|EUR|GBP|CNY|RMB|JPY)\b|(?<=\d\s*)元/gu;
const leastShare = 0.8;

function unitsOf({ profile, values, missing }: ColumnReading): readonly string[] {
  const texts = (values ?? []).filter((value) => !missing.has(String(value))).map(String);
  if (texts.length === 0) {
    return [];
  }
  if (profile.type === "money") {
    return [
      ...new Set(texts.flatMap((text) => [...text.matchAll(currencySign)].map(([sign]) => sign.replace("￥", "¥")))),
    ];
  }
  const units = texts.flatMap((text) => measured.exec(text)?.[1]?.toLowerCase() ?? []);
  return units.length < texts.length * leastShare ? [] : [...new Set(units)];
}

/** Amounts that are text because their unit stands in the cell; worse where there are several units. */
export function unitDoubts(reading: ColumnReading): TableWarning[] {
  const { name, type } = reading.profile;
  if (!["money", "text", "category", "mixed"].includes(type)) {
    return [];
  }
  const units = unitsOf(reading);
  const [unit = ""] = units;
  if (units.length > 1) {
    const list = units.slice(0, 6).join(", ");
    return [
      {
        code: "mixed-units",
        severity: "warning",
        message: `${name} mixes units (${list}). Adding or comparing its numbers as they are is wrong: bring them to one unit first.`,
        columns: [name],
        values: { column: name, units: list },
      },
    ];
  }
  return unit === "" || type === "money"
    ? []
    : [
        {
          code: "unit-in-cells",
          severity: "info",
          message: `${name} writes its unit (${unit}) in every cell, so that it is read as text. Take the unit off before computing.`,
          columns: [name],
          values: { column: name, unit },
        },
      ];
}
