import { expect, test } from "vitest";
import type { DialectChoice } from "../../../src/agents/protocol/table-profile.ts";
import { type DialectFields, fieldsOf, readForm } from "./dialect-form.ts";

const untouched = fieldsOf({});

test("a form that nobody touched chooses nothing, and keeps the part", () => {
  expect(readForm(untouched, {})).toEqual({ choice: {} });
  expect(readForm(untouched, { sheet: "Sales" })).toEqual({ choice: { sheet: "Sales" } });
});

test.each<DialectChoice>([
  { delimiter: ";" },
  { delimiter: "\t", encoding: "gb18030" },
  { delimiter: "||" },
  { headerRow: null },
  { headerRow: 0 },
  { headerRow: 3, headerRows: 2 },
  { decimal: ",", thousands: "." },
  { thousands: null },
  { sheet: "b.csv", encoding: "shift_jis" },
])("what was chosen fills the form and is read from it again: %j", (choice) => {
  expect(readForm(fieldsOf(choice), choice)).toEqual({ choice });
});

test("a tab may be written as it is in a program", () => {
  const fields: DialectFields = { ...untouched, delimiter: "written", writtenDelimiter: "\\t" };
  expect(readForm(fields, {})).toEqual({ choice: { delimiter: "\t" } });
});

test("header rows without a header are none", () => {
  expect(readForm({ ...untouched, header: "none", headerRows: "2" }, {})).toEqual({ choice: { headerRow: null } });
});

test.each<readonly [Partial<DialectFields>, string]>([
  [{ delimiter: "written", writtenDelimiter: "" }, "writtenDelimiter"],
  [{ delimiter: "written", writtenDelimiter: "a delimiter" }, "writtenDelimiter"],
  [{ header: "written", headerLine: "0" }, "headerLine"],
  [{ header: "written", headerLine: "two" }, "headerLine"],
  [{ header: "written", headerLine: "1.5" }, "headerLine"],
])("%j is refused where it stands", (fields, wrong) => {
  expect(readForm({ ...untouched, ...fields }, {})).toEqual({ wrong });
});
