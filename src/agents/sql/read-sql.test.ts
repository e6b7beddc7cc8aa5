import { expect, test } from "vitest";
import { readAskedSql, readSql, wordsSoFar } from "./read-sql.ts";

test.each([
  ["```sql\nSELECT 1\n```", "SELECT 1", ""],
  [
    "First this.\n```SQL\nWITH a AS (SELECT 1)\nSELECT * FROM a;\n```\nThe result is 7.",
    "WITH a AS (SELECT 1)\nSELECT * FROM a;",
    "First this.",
  ],
  ["```\n-- sums\nselect x from t\n```", "-- sums\nselect x from t", ""],
  ["```sql\nSELEC 1\n```", "SELEC 1", ""],
  ["~~~duckdb\nFROM t\n~~~", "FROM t", ""],
  ["```sql\nSELECT 1", "SELECT 1", ""],
  ["SELECT a, b\nFROM t\nWHERE a = 'x.'", "SELECT a, b\nFROM t\nWHERE a = 'x.'", ""],
  ["with sums as (select 1) select * from sums", "with sums as (select 1) select * from sums", ""],
  ["DROP TABLE t;", "DROP TABLE t;", ""],
])("reads %j as a statement", (text, sql, comment) => {
  expect(readSql(text)).toEqual({ kind: "statement", sql, comment });
});

test.each([
  ["From 1900 to 2018 **200,018** people died.\nIt rests on 119 rows of the table."],
  ["With 12 deaths, 1901 was the worst year from the table."],
  ["Show me more."],
  ["DROP was not run."],
  ["The code:\n```python\nprint(1)\n```"],
  ["| a | b |\n|---|---|\n| 1 | 2 |"],
  [""],
])("reads %j as words", (text) => {
  expect(readSql(text)).toEqual({ kind: "words", text });
});

test("words are shown as they come, and nothing that may become a statement", () => {
  expect(wordsSoFar("The ")).toBe("The ");
  expect(wordsSoFar("SELECT a FR")).toBe("");
  expect(wordsSoFar("First.\n``")).toBe("First.");
  expect(wordsSoFar("First.\n```sql\nSELECT")).toBe("First.");
});

test.each([
  ["这条语句能用吗？ select a from t", "select a from t", "这条语句能用吗？"],
  ["Please check SELECT a, (SELECT 1 FROM u) FROM t", "SELECT a, (SELECT 1 FROM u) FROM t", "Please check"],
  ["Does this run:\nwith s as (select 1) select * from s", "with s as (select 1) select * from s", "Does this run:"],
  ["SELECT a FROM t", "SELECT a FROM t", ""],
])("a person asks about a statement: %j", (text, sql, comment) => {
  expect(readAskedSql(text)).toEqual({ kind: "statement", sql, comment });
});

test.each([
  ["Can I select cities from orders?"],
  ["Tell me, which of them to select"],
  ["```python\nSELECT a FROM t\n```"],
])("a person says words: %j", (text) => {
  expect(readAskedSql(text)).toEqual({ kind: "words", text });
});
