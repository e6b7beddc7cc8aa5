import { expect, test } from "vitest";
import { isInLatinLetters, languageCalled, languagesOf } from "./languages.ts";

test.each([
  ["What does it cost?", "English"],
  ["Wie hoch ist die Gebühr?", "German"],
  ["Combien coûte la réparation et qui paie ?", "French"],
  ["¿Cuánto cuesta la reparación?", "Spanish"],
  ["Quanto costa la riparazione e chi paga? Non è nel contratto della casa.", "Italian"],
  ["Quanto custa a reparação e quem não paga?", "Portuguese"],
  ["Wat kost het en welke van de twee wordt gebruikt?", "Dutch"],
  ["手续费是多少？", "Chinese"],
  ["iPhone 的价格", "Chinese"],
  ["白鹭项目（小型浮标Egret）的售价定为多少？", "Chinese"],
  ["東京都の人口は何人ですか", "Japanese"],
  ["수수료는 얼마입니까?", "Korean"],
  ["Сколько это стоит?", "Russian"],
  ["Πόσο κοστίζει;", "Greek"],
  ["كم يكلف ذلك؟", "Arabic"],
])("%s is %s", (text, language) => {
  expect(languagesOf(text)).toEqual([language]);
});

test.each(["TB-402", "", "1,250.00", "summary", "Anna Keller"])("of %s no language is told", (text) => {
  expect(languagesOf(text)).toEqual([]);
});

test("a text may be in two languages, the one with more of it first; a few words of another do not count", () => {
  const english = "The fee is 20 euros, which is paid to the firm within 14 days of the delivery. ";
  expect(languagesOf(`${english}${english}手续费为二十欧元，在交货后十四天内付给公司。`)).toEqual([
    "English",
    "Chinese",
  ]);
  expect(languagesOf(`${english}${english}It is led by Zhou Min (周敏).`)).toEqual(["English"]);
  expect(
    languagesOf("书中引用了一个日语词「ありがとう」，并解释了它在不同场合的用法，以及它的来源和历史变化。"),
  ).toEqual(["Chinese"]);
});

test("a longer text needs more words than a question", () => {
  expect(languagesOf("const fee = of(items)", 3)).toEqual([]);
  expect(languagesOf("const fee = of(items) // the fee is what the firm is paid", 3)).toEqual(["English"]);
});

test("a language is known by what it calls itself", () => {
  expect(["chinese", "中文", "Deutsch", "Thai", "Fee"].map(languageCalled)).toEqual([
    "Chinese",
    "Chinese",
    "German",
    "Thai",
    null,
  ]);
  expect([isInLatinLetters("Dutch"), isInLatinLetters("Greek")]).toEqual([true, false]);
});
