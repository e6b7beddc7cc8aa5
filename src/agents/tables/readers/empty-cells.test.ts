import { expect, test } from "vitest";
import { withoutEmptyCells } from "./empty-cells.ts";

const empty = (row: number): string =>
  `<row r="${row}" spans="1:3" s="2" customFormat="1"><c r="A${row}" s="2"/><c r="B${row}" s="2"></c><c s="2" r="C${row}" /></row>`;
const head = '<worksheet><dimension ref="A1:C60000"/><cols><col min="1"/></cols>';
const tail = '<mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells></worksheet>';

function sheetOf(...rows: readonly string[]): Buffer {
  const filling = Array.from({ length: 60_000 }, (_, index) => empty(index + 100)).join("\n");
  return Buffer.from(`${head}<sheetData>\n${rows.join("")}${filling}</sheetData>${tail}`);
}

function rowsLeft(...rows: readonly string[]): string | undefined {
  const [, left] = /<sheetData>([^]*)<\/sheetData>/u.exec(String(withoutEmptyCells(sheetOf(...rows)))) ?? [];
  return left?.trim();
}

test("rows of formats go, rows with values keep those, with their places", () => {
  const rows = [
    '<row r="1"><c r="A1" t="inlineStr"><is><t>a / "b" > c</t></is></c><c r="B1" s="1"/><c r="C1"><v>0</v></c></row>',
    '<row r="2" hidden="1"/>',
    '<row r="9"><c r="B9" s="1"/><c r="C9" s="4"><f>A1</f></c></row>',
  ];
  expect(rowsLeft(...rows)).toBe(
    '<row r="1"><c r="A1" t="inlineStr"><is><t>a / "b" > c</t></is></c><c r="C1"><v>0</v></c></row><row r="9"><c r="C9" s="4"><f>A1</f></c></row>',
  );
});

test("what stands around the rows stays, but for the area that they took", () => {
  const lean = withoutEmptyCells(sheetOf('<row r="1"><c r="A1"><v>1</v></c></row>'));
  expect(lean?.toString().replaceAll("\n", "")).toBe(
    `<worksheet><cols><col min="1"/></cols><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>${tail}`,
  );
});

test("a sheet of values, or a small one, is left as it is", () => {
  const values = Array.from({ length: 60_000 }, (_, row) => `<row r="${row}"><c r="A${row}"><v>${row}</v></c></row>`);
  expect(withoutEmptyCells(Buffer.from(`<worksheet><sheetData>${values.join("")}</sheetData></worksheet>`))).toBeNull();
  expect(withoutEmptyCells(Buffer.from(`<worksheet><sheetData>${empty(1)}</sheetData></worksheet>`))).toBeNull();
});

test.each([
  ["a cell that does not say its place", '<row r="1"><c s="1"/><c r="B1"><v>1</v></c></row>'],
  ["a row that does not say its place", '<row><c r="A1"><v>1</v></c></row>'],
  ["a comment", '<!-- <c r="A1"/> --><row r="1"><c r="A1"><v>1</v></c></row>'],
  ["text that may look like tags", '<row r="1"><c r="A1"><is><t><![CDATA[</c>]]></t></is></c></row>'],
  ["other names of tags", '<x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row>'],
  ["something else in a row", '<row r="1"><extLst/><c r="A1"><v>1</v></c></row>'],
  ["a cell that does not end", '<row r="1"><c r="A1"><v>1</v></row>'],
])("a sheet with %s is left as it is", (_what, row) => {
  expect(withoutEmptyCells(Buffer.from(`${sheetOf().toString().replace("</sheetData>", row)}</sheetData>`))).toBeNull();
});
