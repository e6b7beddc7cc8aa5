import { expect, test } from "vitest";
import { commandCatalog } from "./command-catalog.ts";

const flags = { "sql-engine": "duckdb", "spark-remote": "" };
const place = (folder?: string) => commandCatalog(flags, folder).terms.place;

test("terms are kept for the folder that is named, else for that in which the command runs", () => {
  expect(place("/some/folder")).toBe(place("/some/other/../folder"));
  expect(place("/some/folder")).not.toBe(place());
  expect(place(process.cwd())).toBe(place());
});
