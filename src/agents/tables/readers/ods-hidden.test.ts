import { expect, test } from "vitest";
import { hiddenInOds } from "./ods-hidden.ts";

const none = { rows: [], columns: [] };

test.each([
  ["no sheet", "<office:spreadsheet/>", []],
  ["nothing hidden", '<table:table table:name="a"><table:table-row table:visibility="visible"/></table:table>', [none]],
  [
    "rows by hand and by a filter, repeated, after others",
    '<table:table><table:table-row table:number-rows-repeated="3"/><table:table-row table:visibility="collapse" table:number-rows-repeated="2"/><table:table-row/><table:table-row table:visibility=\'filter\'/></table:table>',
    [
      {
        rows: [
          { first: 3, last: 4 },
          { first: 6, last: 6 },
        ],
        columns: [],
      },
    ],
  ],
  [
    "columns of the second sheet, whatever stands around",
    '<table:table table:name="x > y"><table:table-column/></table:table><table:table table:name="b"><table:table-columns><table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse"/></table:table-columns><table:table-row-group table:display="false"><table:table-row><table:table-cell table:visibility="collapse"/></table:table-row></table:table-row-group></table:table>',
    [none, { rows: [], columns: [{ first: 2, last: 2 }] }],
  ],
])("%s", (_name, xml, hidden) => {
  expect(hiddenInOds(Buffer.from(xml))).toEqual(hidden);
});
