import { expect, test } from "vitest";
import type { NamedPassage } from "./passage-shelf.ts";
import { spreadOverFiles, withSiblings, withoutCopies, withoutFarOff } from "./sift-passages.ts";

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

test.each([
  ["below three tenths of the best", [10, 9, 8, 3, 3, 2.9, 1], 5],
  ["behind a gap", [10, 9, 8, 7, 6, 4.1, 4, 3.9], 5],
  ["but four that are not far off", [10, 1.6, 1.5, 1.5, 1.4], 4],
  ["and of these what is", [10, 1.6, 1.4, 0.5, 0.4], 2],
  ["but two in any case", [10, 0.1, 0.1], 2],
  ["none of a few", [10], 1],
])("passages that are far off are left out: %s", (_what, scores, kept) => {
  expect(scoresOf(withoutFarOff(scores.map((score) => passage(score))))).toEqual(scores.slice(0, kept));
});

const of = (path: string, score: number) => passage(score, { path, file: `/docs/${path}`, name: path });
const pathsOf = (passages: readonly NamedPassage[]) => passages.map(({ path }) => path);

test.each([
  ["a date", "minutes-2026-01.md", "minutes-2026-04.md"],
  ["a date without marks", "minutes 20260120.md", "minutes 20260414.md"],
  ["a year of a folder", "2024/fees.md", "2026/fees.md"],
  ["a Chinese date", "2026年1月纪要.md", "2026年4月纪要.md"],
  ["a version", "spec-v1.2.md", "spec-v2.md"],
])("of files that only differ by %s, none is cut off", (_what, kept, other) => {
  const found = [of("a.md", 80), of(kept, 5), of(other, 4.9), of("b.md", 4.8)];
  expect(pathsOf(withSiblings(found.slice(0, 2), found))).toEqual(["a.md", kept, other]);
});

test("siblings that match far less, of other names or read already are not added; of many, the latest", () => {
  const names = ["minutes-2025.md", "minutes-2026.md", "report-2026.md", "part-1.md", "part-2.md"];
  const found = names.map((name, index) => of(name, index === 1 ? 4 : 10));
  expect(pathsOf(withSiblings([...found.slice(0, 1), ...found.slice(3, 4)], found))).toEqual([
    "minutes-2025.md",
    "part-1.md",
  ]);
  const years = ["2019", "2023", "2021", "2020"].flatMap((year) => [of(`${year}.md`, 5), of(`${year}.md`, 4)]);
  expect(pathsOf(withSiblings(years.slice(0, 2), years))).toEqual(["2019.md", "2019.md", "2023.md", "2021.md"]);
});

test("of more passages than are wanted, those beyond the sixth of one file wait behind those of others", () => {
  const long = Array.from({ length: 9 }, (_item, index) => of("long.md", 20 - index));
  const found = [...long, of("b.md", 3), of("c.md", 2), of("d.md", 1)];
  expect(pathsOf(spreadOverFiles(found, 9))).toEqual([...pathsOf(long.slice(0, 6)), "b.md", "c.md", "d.md"]);
  expect(scoresOf(spreadOverFiles(found, 11))).toEqual([20, 19, 18, 17, 16, 15, 14, 13, 3, 2, 1]);
  expect(spreadOverFiles(found, 12)).toEqual(found);
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
