import { expect, test } from "vitest";
import { hasShortCells } from "./short-cells.ts";

test.each<readonly [string, readonly number[], boolean]>([
  ["no records", [], false],
  ["a cell with its column", [2, 2, 13, 14], false],
  [
    "a long record of a high kind, with bytes of short kinds in it",
    [0x94, 0x01, 0x81, 0x01, ...Array(129).fill(13)],
    false,
  ],
  ["a blank cell in the short form, which holds nothing", [12, 1, 0], false],
  ["a number in the short form after another record", [0x94, 0x01, 1, 0, 16, 12, ...Array(12).fill(0)], true],
  ["a record cut short", [0x94, 0x81], false],
])("%s", (_name, bytes, found) => {
  expect(hasShortCells(Uint8Array.from(bytes))).toBe(found);
});
