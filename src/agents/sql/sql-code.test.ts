import { expect, test } from "vitest";
import { sampleProfile } from "../testing/sample-profile.ts";
import { pythonText, setupCode, statementCode } from "./sql-code.ts";
import { namedTables } from "./table-names.ts";

const sheets = (...names: readonly string[]) => names.map((name) => ({ name, rowCount: 1, hidden: false }));
const dialect = (format: string, sheet: string | null) => ({ ...sampleProfile({}).dialect, format, sheet });

test.each([
  ["deaths.csv", "deaths"],
  ["sales 2024 (final).csv.gz", "sales_2024_final"],
  ["2024.csv", "t_2024"],
  ["order.csv", "order_table"],
  ["销售.xlsx", "销售"],
  ["---.csv", "table"],
  [`x"; DROP TABLE y; --.csv`, "x_DROP_TABLE_y"],
  ["ＡＢＣ②.csv", "ABC2"],
])("the table of %s is called %s", (name, expected) => {
  expect(namedTables([sampleProfile({ name })])[0]?.name).toBe(expected);
});

test("parts are told apart, and no two tables bear one name", () => {
  const book = { name: "book.xlsx", sheets: sheets("Jan", "Feb 2") };
  const names = namedTables([
    sampleProfile({ ...book, dialect: dialect("xlsx", "Jan") }),
    sampleProfile({ ...book, dialect: dialect("xlsx", "Feb 2") }),
    sampleProfile({ name: "shop.db", sheets: sheets("orders", "x"), dialect: dialect("sqlite", "orders") }),
    sampleProfile({ name: "Orders.csv" }),
  ]).map(({ name }) => name);
  expect(names).toEqual(["book_Jan", "book_Feb_2", "orders", "Orders_2"]);
});

test("a statement keeps its lines where Python reads them as they are, and is written out otherwise", () => {
  expect(pythonText("SELECT 'a'\nFROM t ")).toBe(`"""\nSELECT 'a'\nFROM t\n"""`);
  expect(pythonText('SELECT """x"""')).toBe(String.raw`"SELECT \"\"\"x\"\"\""`);
  expect(pythonText("SELECT '\\n'")).toBe(String.raw`"SELECT '\\n'"`);
  expect(pythonText("SELECT '\u202Ex'")).not.toContain('"""');
});

test("a setup reads every file, and locks the engine after that", () => {
  const tables = namedTables([sampleProfile({ name: "a.csv", path: "/d/a'\".csv" }), sampleProfile({ name: "b.csv" })]);
  const code = setupCode(tables, { engine: "duckdb", sparkRemote: "" });
  expect(code).toContain(String.raw`path_a = "/d/a'\".csv"`);
  expect(code.match(/^import pandas as pd$/gmu)).toHaveLength(1);
  expect(code.indexOf('duck.register("b", df_b)')).toBeLessThan(code.indexOf("enable_external_access = false"));
  expect(code.trimEnd().endsWith('duck.execute("SET lock_configuration = true")\nprint("Tables: a, b")')).toBe(true);
});

test("Spark runs here, or where its server is", () => {
  const tables = namedTables([sampleProfile({ name: "a.csv" })]);
  expect(setupCode(tables, { engine: "spark", sparkRemote: "" })).toContain('.master("local[*]")');
  const remote = setupCode(tables, { engine: "spark", sparkRemote: 'sc://h:1/;x="' });
  expect(remote).toContain(String.raw`.remote("sc://h:1/;x=\"")`);
  expect(remote).not.toContain("local[*]");
  expect(statementCode("SELECT 1", "query", { engine: "spark", tables })).toContain("spark.sql(");
});

test("a statement that writes a file says how many rows it wrote", () => {
  const code = statementCode("COPY a TO 'a.csv'", "copy", { engine: "duckdb", tables: [] });
  expect(code).toMatch(/fetchone\(\)[^]*print\("Rows written:"/u);
});
