import { expect, test } from "vitest";
import type { PythonReading } from "../ports/interpreter.ts";
import type { TableProfile } from "../protocol/table-profile.ts";
import { createNumberWords } from "../protocol/words/number-words.ts";
import { warningInChinese } from "../protocol/words/warnings-zh.ts";
import { sampleColumn, sampleProfile } from "../testing/sample-profile.ts";
import { compareReadings } from "./compare-readings.ts";

const profile: TableProfile = sampleProfile({
  rowCount: 812,
  columns: [
    sampleColumn("city", { type: "text", sum: null, nulls: 2 }),
    sampleColumn("people", { sum: 12_345 }),
    sampleColumn("change", { type: "decimal", sum: 0.000_001 }),
  ],
});

type Read = Extract<PythonReading, { readonly status: "read" }>;

const alike: Read = {
  status: "read",
  rows: 812,
  names: ["city", "people", "change"],
  missing: [2, 0, 0],
  sums: [null, 12_345, 0.000_001],
  magnitudes: [null, 12_345, 5e6],
};

function differences(reading: PythonReading, hasChanged = false): readonly (readonly [string, string])[] {
  return compareReadings(profile, reading, hasChanged).map(({ code, message }) => [code, message]);
}

test("readings that agree give no word", () => {
  expect(differences(alike)).toEqual([]);
});

test("another order of adding is no difference, a cell that is read otherwise is one", () => {
  expect(differences({ ...alike, sums: [null, 12_345, 0.000_9] })).toEqual([]);
  expect(differences({ ...alike, sums: [null, 12_345, 0.02] }).map(([code]) => code)).toEqual(["python-sums"]);
});

test("other rows, sums and missing values are told with both figures", () => {
  const reading: Read = { ...alike, rows: 813, missing: [3, 1, 0], sums: [null, 12_346, 0.000_001] };
  expect(differences(reading)).toEqual([
    ["python-rows", expect.stringMatching(/^Python reads 813 rows where 812 were counted here/u)],
    ["python-sums", expect.stringContaining('numbers in "people": their sum is 12346 there and 12345 here.')],
    [
      "python-missing",
      expect.stringContaining(
        'In "city" Python finds 3 missing values where 2 were counted here, and 1 more column differs.',
      ),
    ],
  ]);
});

test("columns that are not the same ones are not compared any further", () => {
  expect(differences({ ...alike, names: ["city", "people"], sums: [null, 1], missing: [0, 0] })).toEqual([
    ["python-columns", expect.stringContaining("2 columns where 3 were found")],
  ]);
  expect(differences({ ...alike, names: ["city", "People", "change"], sums: [null, 1, 1] })).toEqual([
    ["python-column-names", expect.stringContaining('column 2 "People" where it is called "people"')],
  ]);
});

test("a column that Python cannot add is told", () => {
  const [[code, message] = []] = differences({ ...alike, sums: [null, null, 0] });
  expect(code).toBe("python-sums");
  expect(message).toContain('does not read "people" as numbers, whose sum is 12345 here.');
});

test("a call that raises is told, a table that was not read is not", () => {
  expect(differences({ status: "failed", error: "ValueError: no" })).toEqual([
    ["python-fails", "Python cannot read this file by the call that fits its profile: ValueError: no."],
  ]);
  expect(differences({ status: "unread", reason: "no openpyxl" })).toEqual([]);
});

test("a file that has changed since explains the difference", () => {
  expect(differences({ ...alike, rows: 5 }, true)[0]?.[1]).toContain("; the file has changed on disk since.");
});

test("the standard library is compared by rows and names, records of JSON by rows", () => {
  expect(differences({ status: "read", rows: 812, names: ["city", "people", "change"] })).toEqual([]);
  expect(differences({ status: "read", rows: 0, names: null }).map(([code]) => code)).toEqual(["python-rows"]);
  const records = { ...profile, dialect: { ...profile.dialect, format: "jsonl" } };
  expect(compareReadings(records, { status: "read", rows: 812, names: ["people"] }, false)).toEqual([]);
  const other = compareReadings(records, { ...alike, names: ["city", "people", "changes"] }, false);
  expect(other.map(({ code }) => code)).toEqual(["python-column-names"]);
});

test("is said in Chinese with the same facts", () => {
  const reading: Read = { ...alike, rows: 813, missing: [3, 1, 0], sums: [null, null, 0] };
  const words = createNumberWords("zh-cn");
  expect(compareReadings(profile, reading, true).map((warning) => warningInChinese(warning, words))).toEqual([
    "Python 读到 813 行，而这里数出 812 行，代码的计算结果可能与此处显示的不符；此后文件在磁盘上发生了变化。使用前请找出是哪些行不同。",
    "Python 没有把“people”读成数字，而这里的合计为 12,345；此后文件在磁盘上发生了变化。计算前请查看这一列的值。",
    "Python 在“city”中读到 3 个缺失值，而这里数出 2 个，另有 1 列也不同；此后文件在磁盘上发生了变化。计数与平均值可能不同。",
  ]);
});
