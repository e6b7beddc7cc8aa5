import { expect, test } from "vitest";
import { proseSentences } from "./prose-sentences.ts";

function sentencesIn(text: string): readonly (readonly [number, string])[] {
  return proseSentences(text, 320).map(({ stretch, paragraph }) => [
    paragraph,
    text.slice(stretch.start, stretch.end).replaceAll("\n", "/"),
  ]);
}

test("no sentence is a heading, or runs over one or over the end of a paragraph", () => {
  expect(sentencesIn("他出版了两卷版本。\n\n# Newcastle_upon_Tyne\n\n城市位于河边。它很大。")).toEqual([
    [1, "他出版了两卷版本。"],
    [3, "城市位于河边。"],
    [3, "它很大。"],
  ]);
  expect(sentencesIn("Title of it\n===========\nWords.")).toEqual([[3, "Words."]]);
});

test("a line that was full goes on in the next; items of a list do not", () => {
  const full = "The committee that was set up in the spring decided";
  expect(sentencesIn(`${full}\nto close. Then it left.`)).toEqual([
    [1, `${full}/to close.`],
    [1, "Then it left."],
  ]);
  expect(sentencesIn(`${full}\n- to close\n- to leave`)).toEqual([
    [1, full],
    [2, "- to close"],
    [3, "- to leave"],
  ]);
  expect(sentencesIn(`${full}\n\nto close.`)).toHaveLength(2);
});

test("rows of a table are apart, however long they are", () => {
  const rows = [
    "Item: bolt of the type 298 | Quantity: 894 | Place: 1",
    "Item: bolt of the type 299 | Quantity: 895 | Place: 2",
  ];
  expect(sentencesIn(rows.join("\n"))).toEqual([
    [1, rows[0]],
    [2, rows[1]],
  ]);
});
