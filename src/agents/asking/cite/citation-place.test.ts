import { expect, test } from "vitest";
import { citedPlace } from "./citation-place.ts";

const rst = `Harbour rules
=============

Boats moor at the north pier.

Fees
----

.. note:: An old one
   ----

A night costs nine crowns.

====  ====
Boat  Fee
====  ====
Skiff 4

Winter
------

In winter a night costs six crowns.`;

function placeOf(name: string, text: string, quote: string): string {
  const start = text.indexOf(quote);
  const passage = { path: `/w/${name}`, name, number: 1, page: null, place: "Harbour rules", text };
  const whole = { start: 0, end: text.length, startLine: 1, endLine: text.split("\n").length, score: 1 };
  return citedPlace({ ...passage, ...whole }, { start, end: start + quote.length }).place;
}

test.each([
  ["rules.rst", "Boats moor", "Harbour rules"],
  ["rules.rst", "A night costs nine", "Fees"],
  ["rules.rst", "Skiff 4", "Fees"],
  ["rules.rst", "six crowns", "Winter"],
  ["rules.txt", "six crowns", "Harbour rules"],
])("in %s, %j stands under %j", (name, quote, place) => {
  expect(placeOf(name, rst, quote)).toBe(place);
});

test("in Markdown the last heading before a quote is its place, but none inside of code", () => {
  const text = "# Harbour rules\n\nBoats.\n\n## Fees ##\n\n```sh\n# no heading\n```\n\nNine crowns.";
  expect(placeOf("rules.md", text, "Nine crowns")).toBe("Fees");
});

test.each([
  ["Name: Ada", 1, 1],
  ["Name: Grace", 4, 4],
  ["Name: Grace | Year: 1906\nName: Lin", 4, 6],
])("%j stands in its own rows of a sheet with blank ones", (quote, startLine, endLine) => {
  const text = "Name: Ada | Year: 1815\nName: Grace | Year: 1906\nName: Lin | Year: 1958";
  const passage = {
    path: "/w/people.xlsx",
    name: "people.xlsx",
    number: 1,
    page: null,
    place: "Sheet1",
    text,
    score: 1,
  };
  const rows = { start: 0, end: text.length, startLine: 1, endLine: 6, lineNumbers: [1, 4, 6] };
  const start = text.indexOf(quote);
  expect(citedPlace({ ...passage, ...rows }, { start, end: start + quote.length })).toMatchObject({
    startLine,
    endLine,
  });
});
