import { describe, expect, test } from "vitest";
import { sampleColumn, sampleProfile } from "../testing/sample-profile.ts";
import { fileBriefing } from "./briefing.ts";

describe("a briefing", () => {
  test("gives the variables of further files names of their own", () => {
    const text = fileBriefing(sampleProfile(), { hasPandas: true, fileNumber: 2 });
    expect(text).toContain('path2 = "/data/deaths.csv"\ndf2 = pd.read_csv(path2, encoding="utf-8")');
    const plain = fileBriefing(sampleProfile(), { hasPandas: false, fileNumber: 2 });
    expect(plain).toContain('open(path2, encoding="utf-8")');
    expect(plain).toContain("rows2 = rows");
  });

  test("says what the file is, how to read it, its columns and its first rows", () => {
    const text = fileBriefing(sampleProfile(), { hasPandas: true });
    expect(text).toContain('File: deaths.csv (csv, utf-8, delimiter ","), 4 rows, 2 columns, 0 duplicate rows.');
    expect(text).toContain('path = "/data/deaths.csv"\ndf = pd.read_csv(path, encoding="utf-8")');
    expect(text).toContain('"Entity" | category | 0 | 3 |  |  |  | 1 (2)');
    expect(text).toContain('"Deaths" | integer | 0 | 3 | 1 | 9 | 4.5 | 1 (2)');
    expect(text).toContain("First rows:\nFlood | 3\nDrought | 4");
    expect(text).not.toContain("Warnings");
  });

  test("without pandas reads with the standard library, or says that it cannot", () => {
    const text = fileBriefing(sampleProfile(), { hasPandas: false });
    expect(text).toContain("pandas is not installed. Read it exactly like this");
    expect(text).toContain('rows = list(csv.DictReader(open(path, encoding="utf-8")))');
    expect(text).not.toContain("import pandas");
    const { pandas, packages } = sampleProfile().reading;
    const binary = sampleProfile({ reading: { pandas, packages, standardLibrary: null } });
    expect(fileBriefing(binary, { hasPandas: false })).toContain(
      "Python's standard library alone cannot read this format",
    );
  });

  test("does not give a reading that leaves cells out", () => {
    const message = "Python leaves cells out.";
    const warning = { code: "python-misreads", severity: "error" as const, message, columns: [], values: {} };
    const text = fileBriefing(sampleProfile({ warnings: [warning] }), { hasPandas: true });
    expect(text).toContain("ask for the workbook saved as .xlsx");
    expect(text).not.toContain("pd.read_csv");
  });

  test("carries the warnings about totals, found over the whole file", () => {
    const message = 'The rows where Entity is "All natural disasters" are the totals of the other rows of each Year.';
    const warning = { code: "total-rows", severity: "warning" as const, message, columns: ["Entity"], values: {} };
    const text = fileBriefing(sampleProfile({ warnings: [warning] }), { hasPandas: true });
    expect(text).toContain(`Warnings, found by code over the whole file:\n- ${message}`);
  });

  test("says which columns tell rows apart, and how the file is joined with those before it", () => {
    const side = { path: "/data/a.csv", name: "a.csv", column: "id", distinct: 4, found: 0.756, unmatched: [] };
    const join = {
      left: side,
      right: { ...side, path: "/data/deaths.csv", name: "deaths.csv", column: "no", found: 1 },
      sharedValues: 3,
      cardinality: "many-to-one" as const,
      normalise: ["leading-zeros" as const],
      examples: [],
      pandas: "df.merge(df2)",
    };
    const text = fileBriefing(sampleProfile({ keys: [["Entity", "Year"], ["id"]] }), {
      hasPandas: true,
      joins: [join],
    });
    expect(text).toContain('Each row is told apart by "Entity" + "Year", or by "id".');
    expect(text).toContain(
      '- "id" = "no", many-to-one; 75% of the values of a.csv are in deaths.csv, 100% the other way; differs in leading zeros: df.merge(df2)',
    );
    const columns = Array.from({ length: 8 }, (_, index) => `c${index}`);
    const collided = { ...join, collisions: { columns, suffix: "_deaths" } };
    expect(fileBriefing(sampleProfile(), { hasPandas: true, joins: [collided] })).toContain(
      '; both have "c0", "c1", "c2", "c3", "c4", "c5" and 2 more columns: those of deaths.csv end in "_deaths": df.merge',
    );
    expect(fileBriefing(sampleProfile(), { hasPandas: true })).not.toContain("Joins");
  });

  test("gives a way that fits a large file and the packages that are there", () => {
    const large = sampleProfile({ rowCount: 12_000_000, sizeBytes: 1024 ** 3 });
    const text = fileBriefing(large, { hasPandas: true, packages: ["pandas", "duckdb"] });
    expect(text).toContain("Large file (1024 MB, 12000000 rows).");
    expect(text).toContain("duckdb.sql");
    expect(text).toContain("usecols=");
    expect(text).not.toContain("pl.scan_csv");
    const chinese = { ...large, dialect: { ...large.dialect, encoding: "gb18030" } };
    const other = fileBriefing(chinese, { hasPandas: true, packages: ["pandas", "duckdb", "polars"] });
    expect(other).not.toContain("duckdb");
    expect(other).toContain("chunksize=");
    expect(fileBriefing(sampleProfile(), { hasPandas: true })).not.toContain("Large file");
  });

  test("keeps Chinese names, quotes and backslashes of paths as Python reads them", () => {
    const path = 'C:\\数据\\a "b".csv';
    const text = fileBriefing(
      sampleProfile({ path, name: "灾害.csv", columns: [sampleColumn('死亡"人数"', { unit: "人" })] }),
      { hasPandas: true },
    );
    expect(text).toContain(String.raw`path = "C:\\数据\\a \"b\".csv"`);
    expect(text).toContain(String.raw`"死亡\"人数\"" | integer`);
    expect(text).toContain("unit 人");
  });

  test("stays short with 5,000 columns, and names those that it does not describe as far as they go", () => {
    const columns = Array.from({ length: 5_000 }, (_, index) => sampleColumn(`column_${index}`));
    const rows = [columns.map((_, index) => index)];
    const text = fileBriefing(sampleProfile({ columns, rows }), { hasPandas: true });
    expect(text).toContain("5000 columns");
    expect(text).toContain('"column_59" | integer');
    expect(text).not.toContain('"column_60" | integer');
    expect(text).toMatch(/and 4940 further columns: "column_60", .*"column_459", …/);
    expect(text.length).toBeLessThan(16_000);
  });

  test("stays short with long cells, names and many warnings; a cell is one line", () => {
    const long = "x\n".repeat(50_000);
    const warning = { code: "w", severity: "info" as const, message: long, columns: [], values: {} };
    const text = fileBriefing(
      sampleProfile({
        name: long,
        columns: [sampleColumn(long, { min: long, max: long, top: [{ value: long, count: 1 }] })],
        rows: [[long]],
        warnings: Array.from({ length: 100 }, () => warning),
      }),
      { hasPandas: true },
    );
    expect(text.length).toBeLessThan(16_000);
    expect(text).not.toContain("x\nx");
  });

  test("says which sheet it is about, and which are hidden", () => {
    const profile = sampleProfile();
    const text = fileBriefing(
      sampleProfile({
        dialect: { ...profile.dialect, sheet: "一月" },
        sheets: [
          { name: "一月", rowCount: 4, hidden: false },
          { name: "old", rowCount: 9, hidden: true },
        ],
      }),
      { hasPandas: true },
    );
    expect(text).toContain('All sheets: "一月" (4 rows), "old" (9 rows, hidden). What follows is about sheet "一月".');
  });

  test("says that a part has been read, how missing is written, and shortens figures", () => {
    const columns = [
      sampleColumn("d", { type: "date", format: "%Y-%m-%d", missingWords: ["N/A", "缺失"], nulls: 2 }),
      sampleColumn("m", { type: "decimal", mean: 1 / 3 }),
      sampleColumn("y", { type: "year", mean: 1999.5 }),
    ];
    const text = fileBriefing(sampleProfile({ complete: false, columns }), { hasPandas: true });
    expect(text).toContain("3 columns read so far");
    expect(text).toContain('"d" | date | 2 | 3 | 1 | 9 |  | 1 (2) | format %Y-%m-%d; missing is written "N/A", "缺失"');
    expect(text).toContain("| 0.33333333 | 1 (2)");
    expect(text).not.toContain("1999.5");
  });
});
