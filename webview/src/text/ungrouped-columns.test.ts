import { expect, test } from "vitest";
import type { TableCell } from "../../../src/agents/protocol/cell-output.ts";
import { ungroupedColumns } from "./ungrouped-columns.ts";

test.each<readonly [string, readonly TableCell[], boolean]>([
  ["Year", [12_345], true],
  ["年份", [1], true],
  ["customer_id", [1_000_000], true],
  ["customerId", [1_000_000], true],
  ["ID", [1_000_000], true],
  ["zip code", [10_001], true],
  ["Postcode", [10_001], true],
  ["phone", [5_551_234], true],
  ["邮编", [100_000], true],
  ["城市代码", [110_000], true],
  ["商品编码", [110_000], true],
  ["序号", [12_345], true],
  ["Paid", [12_345], false],
  ["grid", [12_345], false],
  ["No. of deaths", [12_345], false],
  ["价格指数", [12_345], false],
  ["decade", [1920, null, 2000], true],
  ["decade", [1920, 3000], false],
  ["total", [1920.5], false],
  ["total", ["1920"], false],
  ["total", [null], false],
  ["total", [999, 1000], false],
])("a column %s of %j is ungrouped: %s", (name, cells, expected) => {
  const columns = [{ name, kind: "number" as const, dtype: "int64" }];
  const rows = cells.map((cell) => [cell]);
  expect(ungroupedColumns({ type: "table", columns, rows, rowCount: rows.length, columnCount: 1 })).toEqual([expected]);
});
