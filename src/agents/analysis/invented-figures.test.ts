import { expect, test } from "vitest";
import { inventedFigures } from "./invented-figures.ts";
import { languageByScript } from "./language.ts";

test.each([
  ["It is 200018.", "deaths 200,018", []],
  ["It is 200,018.", "deaths 200018", []],
  ["共 200\u202f018 人", "200018", []],
  ["It is 400036.", "200018", ["400036"]],
  ["400,036, again 400,036", "", ["400,036"]],
  ["About 12.5 of 99", "", []],
  ["From 1901 to 2024", "", []],
  ["Figure 2,018", "", ["2,018"]],
  ["1234.56", "1234.5", ["1234.56"]],
  ["0.001234", "", []],
  ["no figures", "", []],
])("in %j, knowing %j", (answer, known, invented) => {
  expect(inventedFigures(answer, known)).toEqual(invented);
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
