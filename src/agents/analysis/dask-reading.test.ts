import { expect, test } from "vitest";
import { sampleColumn, sampleProfile } from "../testing/sample-profile.ts";
import type { ColumnProfile, TableProfile } from "../protocol/table-profile.ts";
import { daskReading } from "./dask-reading.ts";

function read(pandas: string, columns: readonly ColumnProfile[] = [], fields: Partial<TableProfile> = {}) {
  const reading = { pandas, packages: ["pandas"], standardLibrary: null };
  return daskReading(sampleProfile({ path: "/d/a.csv", reading, columns: [...columns], ...fields }));
}

test("a text file is read in blocks, with the arguments of pandas and the types that the profile knows", () => {
  const columns = [
    sampleColumn("id", { type: "identifier" }),
    sampleColumn("n"),
    sampleColumn("gaps", { nulls: 3 }),
    sampleColumn("x", { type: "decimal" }),
    sampleColumn("city", { type: "category" }),
    sampleColumn("price", { type: "money" }),
    sampleColumn("when", { type: "date" }),
    sampleColumn("open", { type: "boolean" }),
  ];
  const pandas =
    'pd.read_csv(path, sep=";", dtype={"id": "string"}, converters={"price": lambda x: x}, parse_dates=["when"])';
  expect(read(pandas, columns)?.split("\n")).toEqual([
    "import pandas as pd",
    "import ray",
    "import dask, dask.dataframe as dd",
    "from ray.util.dask import ray_dask_get",
    'ray.init(address="auto", log_to_driver=False, logging_level="ERROR", ignore_reinit_error=True)',
    'dask.config.set({"scheduler": ray_dask_get, "dataframe.shuffle.method": "tasks"})',
    'path = "/d/a.csv"',
    'df = dd.read_csv(path, blocksize="64MB", sep=";", dtype={"id": "string", "n": "int64", "gaps": "float64", "x": "float64", "city": "string"}, converters={"price": lambda x: x}, parse_dates=["when"])',
  ]);
});

test("types are said where pandas needed none, and for a file without a header", () => {
  expect(read("pd.read_csv(path)", [sampleColumn("n")])).toContain('blocksize="64MB", dtype={"n": "int64"})');
  const named = read('pd.read_csv(path, header=None, names=["n"])', [sampleColumn("n")]);
  expect(named).toContain('names=["n"], dtype={"n": "int64"})');
  const many = Array.from({ length: 61 }, (_, index) => sampleColumn(`c${index}`));
  expect(read("pd.read_csv(path)", many)).toContain('blocksize="64MB", assume_missing=True)');
});

test("Parquet keeps its arguments, and a second file its own names", () => {
  const reading = { pandas: "pd.read_parquet(path)", packages: ["pandas"], standardLibrary: null };
  const profile = sampleProfile({ reading, path: "/d/b.parquet" });
  expect(daskReading(profile, "2")).toMatch(/path2 = "\/d\/b.parquet"\ndf2 = dd\.read_parquet\(path2\)$/u);
});

test.each([
  ["pd.read_csv(path, nrows=3)", {}],
  ["pd.read_csv(path, index_col=False)", {}],
  ["pd.read_csv(path).reset_index()", {}],
  ["pd.read_fwf(path)", {}],
  ["pd.read_excel(path)", {}],
  ["pd.read_csv(path)", { dialect: { ...sampleProfile().dialect, encoding: "utf-16le" } }],
  ["pd.read_csv(path)", { dialect: { ...sampleProfile().dialect, compression: "gzip" } }],
])("%s %j cannot be read in parts", (pandas, fields) => {
  expect(read(pandas, [], fields)).toBeNull();
});
