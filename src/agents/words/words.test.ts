import { expect, test } from "vitest";
import { eachWordWith, wordBeginnings } from "./find-words.ts";
import { identifierParts, indexWords } from "./index-words.ts";
import { queryTerms } from "./query-terms.ts";
import { hasForms, resembles } from "./resemblance.ts";
import { stemOf, wordsOf } from "./terms.ts";

test.each([
  ["北京市", ["北京", "京市", "市"]],
  ["第50届超级碗", ["第", "50", "届超", "超级", "级碗", "碗"]],
  ["parseHTTPRequest", ["parsehttprequest", "parse", "http", "request"]],
  ["snake_case_name", ["snake", "case", "name"]],
  ["a list of URLs", ["a", "list", "of", "urls", "urls"]],
  ["Café “Zoë” Ünï", ["cafe", "zoe", "uni"]],
  ["ＡＢＣ１２３", ["abc123"]],
  ["한국어", ["한국", "국어", "어"]],
  ["Москва́ — Ёж", ["москва", "еж"]],
  ["والكتابُ المدرسة على", ["كتاب", "مدرسه", "علي"]],
  ["שָׁלוֹם", ["שלום"]],
  ["𠮷野家", ["𠮷野", "野家", "家"]],
])("the words of %s", (text, words) => {
  expect(wordsOf(text)).toEqual(words);
});

test("ASCII without inner capitals stays as it is", () => {
  expect(indexWords("plain text, 12 words.\n")).toBe("plain text, 12 words.\n");
});

test("what no person writes is no identifier", () => {
  expect(identifierParts("openFile(readURLs)")).toEqual(["open", "file", "read", "urls"]);
  expect(identifierParts("aB".repeat(60))).toEqual([]);
});

test.each([
  ["Entdeckung", "Entdeckungen", true],
  ["государство", "государства", true],
  ["evlerimizden", "evlerimiz", true],
  ["registered", "registry", false],
  ["house", "hound", false],
])("%s and %s are forms of one word: %s", (left, right, expected) => {
  const [one, other] = [left, right].map((word) => wordsOf(word)[0] ?? "");
  expect([hasForms(one ?? ""), resembles(one ?? "", other ?? "")]).toEqual([true, expected]);
});

test("numbers, short words and text without spaces have no forms", () => {
  expect(["1984a", "open", "北京"].map(hasForms)).toEqual([false, false, false]);
});

test("stems join forms of a word", () => {
  expect(["registered", "register", "registers"].map(stemOf)).toEqual(["regist", "regist", "regist"]);
});

const stems = (query: string): readonly string[] => queryTerms(query).map(({ stem }) => stem);

test("words that only ask are not looked for", () => {
  expect(stems("How many points did the Panthers defense surrender?")).toEqual([
    "point",
    "panther",
    "defens",
    "surrend",
  ]);
  expect(stems("请问什么是退款政策？").filter((stem) => stem.length > 1)).toEqual(["退款", "款政", "政策"]);
});

test("a query of nothing but words that ask is looked for as it is", () => {
  expect(stems("what is this")).toEqual(["what", "is", "thi"]);
  expect(stems("什么")).toContain("什么");
});

test("one character is looked for at the beginning of pairs", () => {
  expect(queryTerms("税")).toEqual([{ stem: "税", match: '"税" *', weight: 1, place: 0 }]);
});

test("nothing to look for in signs", () => {
  expect(queryTerms("?!… —")).toEqual([]);
});

test.each([
  "function parseHTTPRequest(openFile, URLs) { return new XMLHttpRequest2(); } // snake_case, a1B2, IO",
  `${"longName".repeat(20)} thisOne ${"x".repeat(20_000)} lastOne`,
  "the openFile of 北京 and näherGelegen, Ёж",
])("all words of a text are found at their places: %.40s", (text) => {
  const all: string[] = [];
  const any = new Uint8Array(0x10000).fill(1);
  eachWordWith({ first: any, second: any }, text, (word, place) => {
    expect(place).toBe(all.length);
    all.push(word.toLowerCase());
  });
  expect(all).toEqual(wordsOf(text));
});

test("words are found by the stems they have, in whatever form and writing", () => {
  const text = "Eyed ties, SKIES of dyes; anOpenedFile 北京市 näher a bees being ays ies";
  const words = wordsOf(text);
  const wanted = words.map(stemOf);
  for (const stem of wanted) {
    const places: number[] = [];
    eachWordWith(wordBeginnings([stem]), text, (word, place) => {
      expect(word.toLowerCase()).toBe(words[place]);
      places.push(place);
    });
    expect(places).toEqual(expect.arrayContaining(wanted.flatMap((other, place) => (other === stem ? [place] : []))));
  }
  const none: string[] = [];
  eachWordWith(wordBeginnings(["zeb", "北"]), "zone ebb Zoo", (word) => none.push(word));
  expect(none).toEqual([]);
});
