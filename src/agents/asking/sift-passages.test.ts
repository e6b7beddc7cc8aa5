import { expect, test } from "vitest";
import type { NamedPassage } from "./passage-shelf.ts";
import { withoutCopies, withoutFarOff } from "./sift-passages.ts";

function passage(score: number, more: Partial<NamedPassage> = {}): NamedPassage {
  const text = more.text ?? `Passage of ${score}`;
  return {
    path: "a.md",
    file: "/docs/a.md",
    name: "a.md",
    start: 0,
    end: text.length,
    startLine: 1,
    endLine: 1,
    page: null,
    place: "",
    score,
    text,
    ...more,
  };
}

const scoresOf = (passages: readonly NamedPassage[]) => passages.map(({ score }) => score);

test("passages far below the best are left out, but for the first four", () => {
  expect(scoresOf(withoutFarOff([10, 9, 8, 3, 3, 2.9, 1].map((score) => passage(score))))).toEqual([10, 9, 8, 3, 3]);
  expect(scoresOf(withoutFarOff([10, 1, 0.5, 0.2, 0.1].map((score) => passage(score))))).toEqual([10, 1, 0.5, 0.2]);
  expect(withoutFarOff([])).toEqual([]);
});

function closePassage(score: number, vector: number): NamedPassage {
  return passage(score, { scores: { text: null, vector, reranked: null } });
}

test("what is close in meaning is kept, however few words it shares", () => {
  const found = [
    closePassage(10, 0.2),
    closePassage(9, 0.1),
    closePassage(8, 0.1),
    closePassage(7, 0.3),
    closePassage(2, 0.9),
    closePassage(1, 0.05),
  ];
  expect(scoresOf(withoutFarOff(found))).toEqual([10, 9, 8, 7, 2]);
});

test("the same text is told once, with the names of the files that have it too", () => {
  const found = [
    passage(5, { text: "A fee of EUR 20\nis charged." }),
    passage(4, { text: "A fee of EUR 21 is charged." }),
    passage(3, { text: "A fee  of EUR 20 is charged.\n", name: "b.md" }),
    passage(2, { text: "a fee of EUR 20 is charged.", name: "b.md", start: 90 }),
  ];
  expect(withoutCopies(found).map(({ score, copies }) => [score, copies])).toEqual([
    [5, ["b.md"]],
    [4, undefined],
  ]);
});
