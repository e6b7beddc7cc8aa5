import { expect, test } from "vitest";
import { languageByScript } from "./language.ts";
import { unsupportedFigures } from "./unsupported-figures.ts";

test.each([
  ["It is 200018.", "deaths 200,018", []],
  ["It is 200,018.", "deaths 200018", []],
  ["共 200\u202f018 人", "200018", []],
  ["It is 400036.", "200018", ["400036"]],
  ["400,036, again 400,036", "", ["400,036"]],
  ["About 12 of 99", "", []],
  ["From 1901 to 2024", "", []],
  ["Figure 2,018", "", ["2,018"]],
  ["no figures", "", []],
  ["A mean of 1,234.57", "mean 1234.5671", []],
  ["A mean of 1,234.58", "mean 1234.5671", ["1,234.58"]],
  ["36.89 %", "share 0.368912", []],
  ["36.99 %", "share 0.368912", ["36.99"]],
  ["370.6 万人", "3706227", []],
  ["3.706 million", "3706227", []],
  ["about 2,390,000", "2386206", []],
  ["2,188,431 died in droughts", "Drought 2211294\nFlood 2386206", ["2,188,431"]],
  ["1.5e6 rows", "1500000", []],
  ["over 1,000,000", "df[df.x > 1_000_000]", []],
  ["1 行合计，其余 512 行未使用", "中国 513 行，合计 1 行", []],
  ["the other 512 source rows were left out", "513 rows, 1 total", []],
  ["512 people", "513 rows, 1 total", ["512"]],
  ["共 144 行", "Code output: city | total | n\nA | 9 | 104\nB | 8 | 40\n[2 rows × 3 columns]", []],
  ["144 rows in all", "| city | n |\n| A | 104 |\n| B | 40 |", []],
  ["144 people", "city | n\nA | 104\nB | 40", ["144"]],
  ["共 145 行", "city | n\nA | 104\nB | 40", ["145"]],
  ["其余 511 行未使用", "中国 513 行，合计 1 行", ["511"]],
])("in %j, knowing %j", (answer, known, unsupported) => {
  expect(unsupportedFigures(answer, known)).toEqual(unsupported);
});

test.each([
  ["1901年有多少人死亡？", "Chinese (简体中文 unless the question is in traditional characters)"],
  ["何人ですか", "Japanese"],
  ["몇 명입니까", "Korean"],
  ["How many?", null],
  ["Combien?", null],
])("language of %s", (text, language) => {
  expect(languageByScript(text)).toBe(language);
});
