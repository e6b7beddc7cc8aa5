import { expect, test } from "vitest";
import { judgeStatement } from "./judge-statement.ts";
import { nearestName } from "./nearest-name.ts";
import { sqlDialect } from "./sql-dialect.ts";

const tables = [
  {
    name: "orders",
    columns: [
      { name: "Unit Price", type: "DOUBLE" },
      { name: "销售额", type: "BIGINT" },
    ],
  },
  { name: "cities", columns: [{ name: "city", type: "VARCHAR" }] },
];

function judged(kinds: readonly string[], reason: string | null, engine: "duckdb" | "spark" = "duckdb") {
  const check = { status: "checked" as const, kinds, reason };
  return judgeStatement({ sql: "", files: ["orders"], check, tables, dialect: sqlDialect(engine) });
}

test.each([
  ["select", "query"],
  ["copy", "copy"],
  ["drop", "change"],
  ["merge_into", "change"],
])("a statement of kind %s may run as a %s", (kind, as) => {
  expect(judged([kind], null)).toMatchObject({ verdict: "approved", kind: as });
});

test.each([[["select", "select"]], [[]], [["attach"]], [["pragma"]], [["multi"]], [["set"]]])(
  "%j does not run",
  (kinds) => {
    expect(judged(kinds, null).verdict).toBe("rejected");
  },
);

test("Spark copies nothing to files", () => {
  expect(judged(["copy"], null, "spark").verdict).toBe("rejected");
});

test.each([
  [
    'Binder Error: Referenced column "unit_price" not found in FROM clause!\nCandidate bindings: "x"',
    "duckdb",
    'Nearest: "Unit Price" of table "orders".',
  ],
  [
    'Binder Error: Referenced column "销售" not found in FROM clause!',
    "duckdb",
    'Nearest: "销售额" of table "orders".',
  ],
  ['Binder Error: Table "o" does not have a column named "Citty"', "duckdb", 'Nearest: "city" of table "cities".'],
  [
    'Binder Error: Referenced column "zzz" not found in FROM clause!',
    "duckdb",
    '"orders" has "Unit Price", "销售额"; "cities" has "city".',
  ],
  [
    "[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column, variable, or function parameter with name `o`.`unit price` cannot be resolved.",
    "spark",
    "There is no column `unit price` here. Nearest: `Unit Price`",
  ],
  [
    "Catalog Error: Table with name order does not exist!\nDid you mean",
    "duckdb",
    'There is no table "order". "orders" was probably meant.',
  ],
  ["[TABLE_OR_VIEW_NOT_FOUND] The table or view `city` cannot be found.", "spark", "`cities`"],
  [
    'Parser Error: syntax error at or near "FROM"\n\nLINE 1: SELECT FROM\n               ^',
    "duckdb",
    'Parser Error: syntax error at or near "FROM"',
  ],
] as const)("%s names what was meant", (reason, engine, comment) => {
  const verdict = judged(["select"], reason, engine);
  expect(verdict.verdict).toBe("rejected");
  expect(verdict.comment).toContain(comment);
});

test.each([
  ["TOTAL_DEATHS", "Total Deaths"],
  ["deaths", "Total Deaths"],
  ["yaer", "Year"],
  ["zz", undefined],
  ["", undefined],
])("the nearest name to %j", (name, expected) => {
  expect(nearestName(name, ["Year", "Total Deaths", "Entity"])).toBe(expected);
});

const dated = [
  {
    name: "t",
    columns: [
      { name: "Order Day", type: "VARCHAR" },
      { name: "price", type: "VARCHAR" },
    ],
  },
];
const unmatched = (call: string, candidates: readonly string[], line: string) =>
  `Binder Error: No function matches the given name and argument types '${call}'. You might need to add explicit type casts.\n\tCandidate functions:\n${candidates.map((one) => `\t${one}\n`).join("")}\n\nLINE 1: ${line}\n      ^`;

test.each([
  [
    unmatched(
      "year(VARCHAR)",
      ['"year"(ts DATE) -> BIGINT', '"year"(ts INTERVAL) -> BIGINT'],
      'SELECT year("Order Day")',
    ),
    'year takes a date, and is given text ("Order Day"). Cast it first: CAST("Order Day" AS DATE)',
  ],
  [
    'Binder Error: Could not choose a best candidate function for the function call "strftime(VARCHAR, STRING_LITERAL)". In order to select one, please add explicit type casts.\n\tCandidate functions:\n\tstrftime(format VARCHAR, "data" DATE) -> VARCHAR\n\n\nLINE 1: select strftime("order day", \'%Y\')',
    'strftime takes a date, and is given text ("Order Day")',
  ],
  [
    unmatched(
      "-(VARCHAR, INTERVAL)",
      ['"-"(x TINYINT, /) -> TINYINT', '"-"("left" DATE) -> DATE'],
      "select x - INTERVAL 1 DAY",
    ),
    '- takes a date, and is given text. Cast it first: CAST("the_column" AS DATE)',
  ],
  [
    unmatched("avg(VARCHAR)", ["avg(x DECIMAL) -> DECIMAL", "avg(x TIMESTAMP, /) -> TIMESTAMP"], "select avg(price)"),
    'avg is given text ("price"). Cast it first: TRY_CAST("price" AS DOUBLE)',
  ],
])("%s says which cast is missing", (reason, comment) => {
  const check = { status: "checked", kinds: ["select"], reason } as const;
  const verdict = judgeStatement({ sql: "", files: [], check, tables: dated, dialect: sqlDialect("duckdb") });
  expect(verdict.comment).toContain(comment);
  expect(verdict.comment).not.toContain("Candidate");
});

test.each([
  ["DELETE FROM orders WHERE x = 1", "delete"],
  ['-- away with it\ndelete from "Orders"', "delete"],
  ['UPDATE main."orders" SET x = 1', "update"],
  ["INSERT INTO orders VALUES (1)", "insert"],
  ["MERGE INTO orders USING cities ON TRUE WHEN MATCHED THEN DELETE", "merge_into"],
  ["CREATE OR REPLACE TABLE orders AS SELECT * FROM orders", "create"],
  ['create temp view "orders" as select 1', "create"],
  ["ALTER TABLE orders ADD COLUMN x INTEGER", "alter"],
])("what would change a table that shows a file is refused, with what to write instead: %s", (sql, kind) => {
  for (const reason of [null, "Binder Error: Can only delete from base table"]) {
    const check = { status: "checked" as const, kinds: [kind], reason };
    expect(judgeStatement({ sql, files: ["orders"], check, tables, dialect: sqlDialect("duckdb") })).toEqual({
      verdict: "rejected",
      comment: expect.stringContaining('CREATE OR REPLACE TABLE "orders_changed" AS SELECT … FROM "orders" …'),
    });
  }
});

test.each([
  ["CREATE TABLE orders_2 AS SELECT * FROM orders", "create"],
  ["DELETE FROM orders_2", "delete"],
  ["DROP VIEW orders", "drop"],
])("a table of the person's own may be made and changed: %s", (sql, kind) => {
  const check = { status: "checked" as const, kinds: [kind], reason: null };
  const verdict = judgeStatement({ sql, files: ["orders"], check, tables, dialect: sqlDialect("duckdb") });
  expect(verdict).toMatchObject({ verdict: "approved", kind: "change" });
});

test("Spark makes views", () => {
  const check = { status: "checked" as const, kinds: ["delete"], reason: "INTERNAL_ERROR" };
  const sql = "DELETE FROM `orders`";
  const verdict = judgeStatement({ sql, files: ["orders"], check, tables, dialect: sqlDialect("spark") });
  expect(verdict.comment).toContain("CREATE OR REPLACE TEMP VIEW `orders_changed` AS SELECT … FROM `orders` …");
});
