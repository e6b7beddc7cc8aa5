import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CFB, read, write, type BookType } from "@e965/xlsx";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TableProfile } from "../../../src/agents/protocol/table-profile.ts";
import { profileFile } from "../../../src/agents/tables/profile-file.ts";
import { testPython } from "../test-python.ts";

/** A table as `make_tables.py` writes it, and what it is. */
interface Expected {
  readonly file: string;
  readonly sheet?: string;
  readonly shape: readonly [number, readonly string[]];
  readonly sums?: Readonly<Record<string, number>>;
  readonly warnings?: readonly string[];
  /** Codes of warnings that must not come. */
  readonly silent?: readonly string[];
  readonly dialect?: Readonly<Record<string, unknown>>;
}

const people = ["id", "name", "amount"];
const kinds = ["id", "name", "amount", "ok", "moment"];
const many = { shape: [3000, ["k", "v"]], sums: { v: 4498500 } } as const;
const typed = { shape: [6, kinds], sums: { amount: 22.5 } } as const;
const groups = ["Region", "2023 / Q1", "2023 / Q2", "2024 / Q1", "2024 / Q2"];

const tables: readonly Expected[] = [
  { file: "titled.xlsx", shape: [3, people], sums: { amount: 49.5 }, dialect: { headerRow: 3 } },
  { file: "formatted.xlsx", shape: [3, people], sums: { amount: 49.5 }, dialect: { headerRow: 3 } },
  { file: "grouped.xlsx", shape: [3, groups], sums: { "2023 / Q2": 18 }, dialect: { headerRow: 0, headerRows: 2 } },
  { file: "labelled.xlsx", shape: [4, ["region", "city", "n"]], warnings: ["merged-filled"] },
  {
    file: "hidden.xlsx",
    shape: [4, ["k", "secret", "v"]],
    sums: { v: 100 },
    warnings: ["hidden-rows", "hidden-columns"],
  },
  {
    file: "clocks.xlsx",
    shape: [4, ["day", "moment", "clock", "worked", "share", "price"]],
    warnings: ["percent-cells"],
  },
  { file: "old_epoch.xlsx", shape: [4, ["day", "n"]] },
  {
    file: "errors.xlsx",
    shape: [4, ["k", "v", "sum"]],
    sums: { v: 5 },
    warnings: ["error-cells", "formulas-without-values"],
  },
  { file: "text_numbers.xlsx", shape: [3, ["code", "amount"]], sums: { amount: 30 }, warnings: ["text-numbers"] },
  { file: "beside.xlsx", shape: [9, ["city", "people"]], sums: { people: 360 }, warnings: ["several-tables"] },
  { file: "beside.xlsx", sheet: "Data!A1:C4", shape: [3, people], sums: { amount: 49.5 } },
  { file: "stacked.xlsx", shape: [8, ["k", "v", "w"]], sums: { v: 28 }, warnings: ["several-tables"] },
  { file: "stacked.xlsx", sheet: "Data!A1:B5", shape: [3, ["k", "v"]], sums: { v: 6 } },
  { file: "covered.xlsx", shape: [3, people], dialect: { sheet: "Numbers" } },
  { file: "totalled.xlsx", shape: [3, ["k", "v"]], sums: { v: 6 }, warnings: ["total-line"] },
  { file: "year_names.xlsx", shape: [3, ["region", "2023", "2024-01-01"]], sums: { 2023: 9 } },
  { file: "book-called.csv", shape: [3, people], warnings: ["wrong-extension"], dialect: { format: "xlsx" } },
  { file: "book.xlsx.gz", shape: [3, people], dialect: { format: "xlsx", compression: "gzip" } },
  ...["none", "snappy", "gzip", "brotli", "zstd", "lz4"].map((codec) => ({ file: `${codec}.parquet`, ...typed })),
  {
    file: "rich.parquet",
    shape: [3, ["price", "day", "zoned", "city", "tags", "place", "big", "raw"]],
    sums: { price: 3.35 },
  },
  { file: "groups.parquet", shape: [50_000, kinds], sums: { amount: 1874962500 } },
  { file: "none-at-all.parquet", shape: [0, kinds], warnings: ["no-rows"] },
  ...["uncompressed", "lz4", "zstd"].map((codec) => ({
    file: `${codec}.feather`,
    shape: [50_000, kinds] as const,
    sums: { amount: 1874962500 },
  })),
  { file: "rich.arrow", shape: [3, ["price", "day", "zoned", "city", "tags", "big", "raw"]], sums: { price: 3.35 } },
  { file: "stream.arrows", ...typed, dialect: { format: "arrow" } },
  { file: "rows.csv.gz", ...many, dialect: { compression: "gzip" } },
  { file: "packed-called.csv", shape: [3, ["城市", "人数"]], sums: { 人数: 6 }, dialect: { encoding: "gb18030" } },
  { file: "lines.jsonl.gz", shape: [40, ["a", "b"]], sums: { a: 780 } },
  { file: "table.parquet.gz", ...typed },
  { file: "one.zip", ...many, dialect: { compression: "zip", sheet: "rows.csv" } },
  { file: "several.zip", ...many, warnings: ["other-parts"], dialect: { sheet: "data/large.csv" } },
  { file: "several.zip", sheet: "data/book.xlsx", shape: [3, people], sums: { amount: 49.5 } },
  { file: "several.zip", sheet: "data/records.json", shape: [2, ["p", "q.r"]], sums: { "q.r": 6 } },
  { file: "several.zip", sheet: "data/inner.csv.gz", ...many },
  {
    file: "shop.db",
    shape: [20, ["id", "item", "price", "code", "raw"]],
    sums: { price: 237.5 },
    warnings: ["other-parts"],
  },
  { file: "shop.db", sheet: "small", shape: [3, ["a", "b"]] },
  { file: "shop.db", sheet: "dear", shape: [15, ["item", "price"]], sums: { price: 225 } },
  { file: "records.json", shape: [2, ["id", "v"]], sums: { v: 2.5 } },
  { file: "columns.json", shape: [3, ["a", "b"]], sums: { a: 6 } },
  { file: "by-column.json", shape: [2, ["a", "b"]], sums: { a: 3 } },
  { file: "by-row.json", shape: [3, ["key", "n", "m"]], sums: { n: 9, m: 6 } },
  { file: "split.json", shape: [2, ["a", "b"]], sums: { a: 3 } },
  { file: "rows-under.json", shape: [2, ["a", "b"]], sums: { a: 3 } },
  { file: "arrays.json", shape: [3, ["city", "n"]], sums: { n: 6 } },
  { file: "bare-arrays.json", shape: [3, ["0", "1"]], sums: { 1: 12 } },
  { file: "values.json", shape: [3, ["0"]], sums: { 0: 15 } },
  { file: "single.json", shape: [1, ["id", "name", "n", "gone"]], sums: { n: 2.5 } },
  { file: "under.json", shape: [2, ["id", "g.lat"]], sums: { "g.lat": 4 } },
  { file: "huge.json", shape: [2, ["n"]] },
  { file: "nan.json", shape: [3, ["k", "v"]], sums: { v: 2 } },
  { file: "marked.json", shape: [2, ["名", "数"]], sums: { 数: 3 } },
  { file: "chinese.json", shape: [2, ["姓名", "城市", "金额"]], sums: { 金额: 15.5 } },
  { file: "varying.jsonl", shape: [3, ["a", "b", "c.d"]], sums: { a: 6 } },
  { file: "empty-objects.jsonl", shape: [3, ["a", "b.c"]], sums: { a: 6, "b.c": 1.5 } },
  { file: "single.jsonl", shape: [1, ["a", "b"]] },
  {
    file: "places.geojson",
    shape: [3, ["id", "name", "n", "geometry_type", "longitude", "latitude"]],
    sums: { n: 18, longitude: 2 },
  },
  { file: "shapes.geojson", shape: [3, ["area", "geometry_type"]] },
  { file: "page.html", sheet: "Cities", shape: [3, ["city", "people", "code"]], sums: { people: 3234 } },
  { file: "page.html", sheet: "table 3", shape: [3, ["region", "2024 / q1", "2024 / q2"]], sums: { "2024 / q1": 9 } },
  { file: "page-called.xls", shape: [2, ["编号", "金额"]], sums: { 金额: 4 }, dialect: { format: "html" } },
  { file: "archive-called.xls", shape: [2, ["城市", "n"]], sums: { n: 3 }, dialect: { format: "html" } },
  { file: "xml-called.xls", shape: [3, ["k", "v", "w"]], sums: { v: 4, w: 9 }, dialect: { format: "xml" } },
  { file: "text-called.xls", shape: [2, ["k", "v"]], sums: { v: 3 }, dialect: { format: "tsv" } },
  ...["hidden.xls", "hidden.ods"].map((file) => ({
    file,
    shape: [4, ["k", "secret", "v"]] as const,
    sums: { v: 100 },
    warnings: ["hidden-rows", "hidden-columns"],
  })),
  { file: "shown.ods", shape: [4, ["k", "secret", "v"]], silent: ["hidden-rows", "hidden-columns"] },
  ...(["xls", "ods"] as const).flatMap((kind): Expected[] => [
    { file: `titled.${kind}`, shape: [3, people], sums: { amount: 49.5 } },
    { file: `grouped.${kind}`, shape: [3, groups], sums: { "2023 / Q2": 18 } },
    { file: `labelled.${kind}`, shape: [4, ["region", "city", "n"]], warnings: ["merged-filled"] },
    { file: `beside.${kind}`, shape: [9, ["city", "people"]], warnings: ["several-tables"] },
    { file: `totalled.${kind}`, shape: [3, ["k", "v"]], sums: { v: 6 } },
  ]),
];

const script = `
import json, sys, warnings
import pandas as pd
warnings.simplefilter("ignore")
answers = []
for job in json.load(sys.stdin):
    frame = eval(job["pandas"], {"pd": pd, "path": job["path"]})
    sums = [None if total is None else float(pd.to_numeric(frame[name]).sum())
            for name, total in zip(frame.columns, job["sums"])]
    answer = {"rows": len(frame), "names": [str(name) for name in frame.columns],
              "nulls": [int(frame[name].isna().sum()) for name in frame.columns], "sums": sums,
              "first": [str(value) for value in frame.iloc[0]] if len(frame) else []}
    if job["standard"]:
        space = {"path": job["path"]}
        exec(job["standard"], space)
        answer["standard"] = len(space["rows"])
    answers.append(answer)
json.dump(answers, sys.stdout)
`;

interface PythonReading {
  readonly rows: number;
  readonly names: readonly string[];
  readonly nulls: readonly number[];
  readonly sums: readonly (number | null)[];
  /** The first row, as text. */
  readonly first: readonly string[];
  readonly standard?: number;
}

const directory = mkdtempSync(join(tmpdir(), "byzer-formats-"));
const profiles: TableProfile[] = [];
let readings: readonly PythonReading[] = [];

function convert(name: string, bookType: BookType): void {
  const book = read(readFileSync(join(directory, `${name}.xlsx`)), { cellNF: true });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- typed as any
  writeFileSync(join(directory, `${name}.${bookType}`), write(book, { type: "buffer", bookType }) as Uint8Array);
}

/** A record of a sheet in an xls. */
function biffRecord(kind: number, fields: readonly number[]): Uint8Array {
  return new Uint8Array(Uint16Array.of(kind, fields.length * 2, ...fields).buffer);
}

/** An xls whose only sheet hides its second column and its third and fourth row, which the library does not write. */
function writeHiddenXls(): void {
  const { Sheets } = read(readFileSync(join(directory, "hidden.xlsx")), { sheets: "Data" });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- typed as any
  const plain = write({ SheetNames: ["Data"], Sheets }, { type: "buffer", bookType: "xls" }) as Uint8Array;
  const container = CFB.read(plain, { type: "buffer" });
  const stream = container.FileIndex.find(({ name }: { readonly name: string }) => name === "Workbook");
  if (stream === undefined) {
    throw new Error("The container has no workbook in it.");
  }
  const bytes = Buffer.from(stream.content);
  const end = bytes.indexOf(Buffer.from([0x00, 0x02, 14, 0])) + 4 + 14;
  const records = [
    biffRecord(0x7d, [1, 1, 2048, 15, 1, 0]),
    ...[2, 3].map((row) => biffRecord(0x208, [row, 0, 3, 300, 0, 0, 0x20, 15])),
  ];
  stream.content = Buffer.concat([bytes.subarray(0, end), ...records, bytes.subarray(end)]);
  stream.size = stream.content.length;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- typed as any
  writeFileSync(join(directory, "hidden.xls"), CFB.write(container, { type: "buffer" }) as Uint8Array);
}

beforeAll(async () => {
  execFileSync(testPython(), ["-X", "utf8", join(import.meta.dirname, "make_tables.py"), directory]);
  for (const name of ["titled", "grouped", "labelled", "beside", "totalled"]) {
    convert(name, "xls");
    convert(name, "ods");
  }
  writeHiddenXls();
  for (const { file, sheet } of tables) {
    const dialect = sheet === undefined ? {} : { sheet };
    // oxlint-disable-next-line no-await-in-loop -- two processors are enough for one
    profiles.push(await profileFile({ path: join(directory, file), sampleRows: 20, dialect }));
  }
  const jobs = profiles.map(({ path, reading, columns }) => ({
    path,
    pandas: reading.pandas,
    standard: reading.standardLibrary,
    sums: columns.map(({ sum }) => sum),
  }));
  const output = execFileSync(testPython(), ["-X", "utf8", "-c", script], {
    input: JSON.stringify(jobs),
    encoding: "utf8",
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the script above writes it
  readings = JSON.parse(output) as readonly PythonReading[];
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe.each(tables.map((table, index) => ({ ...table, index })))("$file, part $sheet", ({ index, ...table }) => {
  it("is read as what it is", () => {
    const profile = profiles[index];
    expect([profile?.rowCount, profile?.columns.map(({ name }) => name)]).toEqual(table.shape);
    for (const [name, sum] of Object.entries(table.sums ?? {})) {
      expect(profile?.columns.find((column) => column.name === name)?.sum).toBeCloseTo(sum, 6);
    }
    expect(profile?.warnings.map(({ code }) => code)).toEqual(expect.arrayContaining([...(table.warnings ?? [])]));
    expect((table.silent ?? []).filter((code) => profile?.warnings.some((said) => said.code === code))).toEqual([]);
    expect(profile?.dialect).toMatchObject({ ...table.dialect });
  });

  it("is read by Python as the profile says", () => {
    const profile = profiles[index];
    const reading = readings[index];
    expect(reading?.rows).toBe(profile?.rowCount);
    expect(reading?.names).toEqual(profile?.columns.map(({ name }) => name));
    expect(reading?.nulls).toEqual(profile?.columns.map(({ nulls }) => nulls));
    expect(reading?.standard ?? profile?.rowCount).toBe(profile?.rowCount);
    profile?.columns.forEach(({ sum }, column) => {
      const found = reading?.sums[column] ?? null;
      expect(found === null).toBe(sum === null);
      expect(Math.abs((found ?? 0) - (sum ?? 0))).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(sum ?? 0)));
    });
  });
});

it("codes that a workbook stores as text keep their zeros in Python", () => {
  const index = tables.findIndex(({ file }) => file === "text_numbers.xlsx");
  expect(profiles[index]?.rows[0]).toEqual(["007", 12.5]);
  expect(readings[index]?.first).toEqual(["007", "12.5"]);
});
