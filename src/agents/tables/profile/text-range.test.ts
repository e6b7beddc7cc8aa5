import { describe, expect, it } from "vitest";
import { pick, seededDraw } from "../../testing/seeded-draw.ts";
import { blockText } from "../readers/cell-block.ts";
import { ColumnCells } from "./column-cells.ts";
import { TextRange } from "./text-range.ts";

/** The range of texts that stand one after another in a file. */
function rangeOfCells(texts: readonly string[]): TextRange {
  const bytes = Buffer.from(texts.join(","));
  const ends: number[] = [];
  for (const text of texts) {
    ends.push((ends.at(-1) ?? -1) + 1 + Buffer.byteLength(text));
  }
  const starts = ends.map((end, row) => end - Buffer.byteLength(texts[row] ?? ""));
  const cells = new ColumnCells({ decimal: "." });
  const places = { starts: Int32Array.from(starts), ends: Int32Array.from(ends) };
  cells.look({ ...blockText(bytes, false), width: 1, rowCount: texts.length, ...places }, 0, texts.length);
  const range = new TextRange();
  texts.forEach((_, row) => range.addCell(cells, row));
  return range;
}

function rangeOfTexts(texts: readonly string[]): TextRange {
  const range = new TextRange();
  texts.forEach((text) => range.addText(text, 1));
  return range;
}

describe("the order of texts", () => {
  it.each(["ab é你\u{ffff}\ue000😀\u{10ffff}z\0", "ab-01", "12."])(
    "is that of JavaScript's texts, of %j",
    (characters) => {
      const draw = seededDraw(8);
      for (let round = 0; round < 300; round += 1) {
        const texts = Array.from({ length: 1 + draw(8) }, () =>
          Array.from({ length: 1 + draw(11) }, () => pick(draw, Array.from(characters))).join(""),
        );
        const sorted = texts.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
        const longest = Math.max(...texts.map((text) => text.length));
        const expected = [sorted[0], sorted.at(-1), texts.join("").length, longest];
        for (const range of [rangeOfCells(texts), rangeOfTexts(texts)]) {
          expect([range.min, range.max, range.length, range.longest]).toEqual(expected);
        }
      }
    },
  );
});
