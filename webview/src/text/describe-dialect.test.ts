import { describe, expect, test } from "vitest";
import type { TableDialect, TableProfile } from "../../../src/agents/protocol/table-profile.ts";
import { en } from "../strings/en.ts";
import { zh } from "../strings/zh.ts";
import { changeableIn, describeDialect, partKindOf } from "./describe-dialect.ts";
import { createFormat } from "./format.ts";

const format = createFormat("en");
const csv: TableDialect = {
  format: "csv",
  encoding: "utf-8",
  delimiter: ",",
  quote: '"',
  decimal: ".",
  thousands: null,
  headerRow: 0,
  sheet: null,
};
const workbook: TableDialect = { ...csv, format: "xlsx", encoding: null, delimiter: null, sheet: "Sales" };

function profileOf(dialect: TableDialect, parts: readonly string[] = []): TableProfile {
  return {
    path: "/data/a",
    name: "a",
    sizeBytes: 1,
    modifiedMs: 1,
    dialect,
    sheets: parts.map((name) => ({ name, rowCount: null, hidden: false })),
    rowCount: 1,
    columns: [],
    duplicateRows: 0,
    totals: [],
    warnings: [],
    rows: [],
    reading: { pandas: "", packages: [], standardLibrary: null },
    complete: true,
    durationMs: 1,
  };
}

test.each<readonly [Partial<TableDialect>, string]>([
  [{}, "UTF-8 · comma"],
  [{ encoding: "utf-8-sig", delimiter: "\t" }, "UTF-8 BOM · tab"],
  [{ delimiter: "||", headerRow: null }, "UTF-8 · separated by || · no header row"],
  [{ headerRow: 1233, headerRows: 2 }, "UTF-8 · comma · header in line 1,234 · 2 header rows"],
  [{ decimal: ",", thousands: "." }, "UTF-8 · comma · decimal comma · thousands point"],
  [{ thousands: "," }, "UTF-8 · comma"],
  [{ compression: "gzip" }, "gzip · UTF-8 · comma"],
  [{ compression: "zip", sheet: "b.csv" }, "zip · UTF-8 · comma · b.csv inside"],
])("%j reads as %s", (fields, words) => {
  expect(describeDialect(profileOf({ ...csv, ...fields }), en, format)).toBe(words);
});

test("what is usual in a workbook is its only sheet; of several the picker says which", () => {
  expect(describeDialect(profileOf(workbook, ["Sales"]), en, format)).toBe("XLSX · sheet Sales");
  expect(describeDialect(profileOf(workbook, ["Sales", "Notes"]), en, format)).toBe("XLSX");
  expect(describeDialect(profileOf({ ...workbook, headerRow: 2 }), zh, format)).toBe(
    "XLSX · 工作表 Sales · 表头在第 3 行",
  );
});

describe("what may be changed", () => {
  test("is what was guessed", () => {
    expect(changeableIn(csv)).toEqual({ encoding: true, delimiter: true, header: true, numbers: true });
    expect(changeableIn(workbook)).toEqual({ encoding: false, delimiter: false, header: true, numbers: false });
    expect(changeableIn({ ...workbook, format: "parquet" })).toEqual({
      encoding: false,
      delimiter: false,
      header: false,
      numbers: false,
    });
  });

  test("parts are called what they are", () => {
    expect(partKindOf(workbook)).toBe("sheet");
    expect(partKindOf({ ...workbook, format: "sqlite" })).toBe("table");
    expect(partKindOf({ ...csv, compression: "zip" })).toBe("member");
  });
});
