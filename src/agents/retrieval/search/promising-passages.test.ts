import { expect, test } from "vitest";
import type { StoredChunk } from "../index/passage-store.ts";
import { promisingPassages } from "./promising-passages.ts";
import { countedTerm } from "./rarity.ts";
import { queryTerms } from "../../words/query-terms.ts";

function chunk(id: number, text: string): StoredChunk {
  const passage = { path: "a.md", place: "", page: null, start: 0, end: text.length, startLine: 1, endLine: 1, text };
  return { id, passage };
}

function promising(
  query: string,
  texts: readonly string[],
  worth: ReadonlyMap<number, number> = new Map(),
): readonly number[] {
  const terms = queryTerms(query).map((term) => countedTerm(term, 10, 1000));
  const chunks = texts.map((text, id) => chunk(id, text));
  return promisingPassages(chunks, { terms, averageLength: 20, worth, most: 1 }).map(({ id }) => id);
}

test("of texts beyond ASCII those are kept that have the words most often, and all others", () => {
  expect(promising("退款", ["公司的退款", "退款政策:退款", "plain", "没有"])).toEqual([1, 2]);
  expect(promising("отклики", ["один отклик", "отклики и отклик", "ничего"])).toEqual([1]);
  expect(promising("is an art", ["start – cart part", "the art – of", "–"])).toEqual([1]);
});

test("what is written with accents is worth as much as the index says", () => {
  expect(promising("resume", ["nichts für", "un résumé"], new Map([[1, 3]]))).toEqual([1]);
});
