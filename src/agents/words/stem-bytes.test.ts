import { stemmer } from "stemmer";
import { expect, test } from "vitest";
import { stemBytes } from "./stem-bytes.ts";

function stem(word: string): string {
  const bytes = Buffer.from(word, "latin1");
  return bytes.toString("latin1", 0, stemBytes(bytes, bytes.length));
}

test("words get the stems that Porter's algorithm gives them", () => {
  const words =
    "caresses ponies ties cats feed agreed plastered sing motoring conflated troubled sized hopping falling hissing failing filing happy sky relational digitizer operator hopefulness electrical formative adoption probate controlling roll yes yellow yying eed ies";
  expect(words.split(" ").map(stem)).toEqual(words.split(" ").map((word) => stemmer(word)));
  expect(["ponies", "relational", "hopefulness"].map(stem)).toEqual(["poni", "relat", "hope"]);
});

test("the stem of whatever letters end in is that of the algorithm's reference", () => {
  const pieces =
    "a e i o u y s es ed ing eed ies sses ational tional enci anci izer bli alli entli eli ousli ization ation ator alism iveness fulness ousness aliti iviti biliti logi icate ative alize iciti ical ful ness al ance ence er ic able ible ant ement ment ent ou ism ate iti ous ive ize ion sion tion ll yy at bl iz tt ss b c d l r t w x z".split(
      " ",
    );
  const differing: string[] = [];
  const look = (word: string): void => {
    differing.push(...(stem(word) === stemmer(word) ? [] : [word]));
  };
  for (const first of ["", "y", "e", "tr", "oper", "succ", "yon"]) {
    for (const second of pieces) {
      look(first + second);
      for (const last of pieces) {
        look(first + second + last);
      }
    }
  }
  expect(differing).toEqual([]);
});
