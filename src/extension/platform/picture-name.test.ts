import { expect, test } from "vitest";
import { pictureName } from "./picture-name.ts";

test.each([
  ["各城市历年销售额", "各城市历年销售额.png"],
  ["Deaths per year (x: Year, y: Deaths)", "Deaths per year.png"],
  ["Overview · Floods (x: Year) · Droughts", "Overview.png"],
  ["Sales (millions)", "Sales (millions).png"],
  ["(x: Year, y: Deaths)", "Year, Deaths.png"],
  ["Figure with 2 plots, untitled", "plot.png"],
  ["Image picture", "plot.png"],
  ["", "plot.png"],
  ['a/b\\c: d*?"<>|\u0000e', "a b c d e.png"],
  ["../../etc/passwd", "etc passwd.png"],
  ["...", "plot.png"],
  ["CON", "plot.png"],
  ["Growth…  2020. ", "Growth… 2020.png"],
])("%j is saved as %j", (alt, name) => {
  expect(pictureName(alt, "cell-7f-1.png")).toBe(name);
});

test("a long title is cut to 60 characters, and the kind of picture stays", () => {
  expect(pictureName("题".repeat(90), "cell-1.jpg")).toBe(`${"题".repeat(60)}.jpg`);
  expect(pictureName(`${"a".repeat(59)} b`, "cell-1.png")).toBe(`${"a".repeat(59)}.png`);
});
