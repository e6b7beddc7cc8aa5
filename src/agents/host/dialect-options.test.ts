import { describe, expect, it } from "vitest";
import { dialectChoice, type DialectValues } from "./dialect-options.ts";

describe("options of a reading", () => {
  it.each<[DialectValues, object]>([
    [{}, {}],
    [
      { encoding: "gbk", sheet: "一月" },
      { encoding: "gbk", sheet: "一月" },
    ],
    [{ delimiter: "tab" }, { delimiter: "\t" }],
    [{ delimiter: "||" }, { delimiter: "||" }],
    [
      { delimiter: "space", thousands: "space" },
      { delimiter: "\\s+", thousands: " " },
    ],
    [
      { quote: "none", thousands: "none", decimal: "comma" },
      { quote: null, thousands: null, decimal: "," },
    ],
    [
      { "header-row": "3", "header-rows": "2" },
      { headerRow: 2, headerRows: 2 },
    ],
    [{ "header-row": "none" }, { headerRow: null }],
  ])("%j", (values, choice) => {
    expect(dialectChoice(values)).toEqual(choice);
  });

  it.each<[DialectValues, string]>([
    [{ "header-row": "0" }, "--header-row"],
    [{ "header-row": "two" }, "--header-row"],
    [{ "header-rows": "0" }, "--header-rows"],
  ])("refuses %j", (values, option) => {
    expect(() => dialectChoice(values)).toThrow(option);
  });
});
