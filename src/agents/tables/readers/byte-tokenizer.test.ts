import { isAscii } from "node:buffer";
import { describe, expect, it } from "vitest";
import { pick, seededDraw, type Draw } from "../../testing/seeded-draw.ts";
import { ByteTokenizer, splitsByBytes } from "./byte-tokenizer.ts";
import { rowOfBlock } from "./cell-block.ts";
import { tokenize, type TokenizerOptions } from "./csv-tokenizer.ts";
import { emptyNotes, type ReadingNotes } from "./table-source.ts";

const plain: TokenizerOptions = { delimiter: ",", quote: '"', escape: null, skipInitialSpace: false, comment: null };
const dialects: readonly TokenizerOptions[] = [
  plain,
  { ...plain, delimiter: "\t" },
  { ...plain, delimiter: "|", quote: null },
  { ...plain, delimiter: ";", quote: "'", skipInitialSpace: true },
  { ...plain, comment: "#" },
];
const scraps = [..."ab1 ,;\t|\"'#é你😀", "\n", "\r\n", "\r", '""', ",,", '"x,y"', '"a\nb"', "'it''s'", "# note\n", "word"];

function textOf(draw: Draw, length: number): string {
  return Array.from({ length }, () => pick(draw, scraps)).join("");
}

/** Splits by bytes, in pieces that are cut between characters. */
function splitBytes(text: string, options: TokenizerOptions, width: number, draw: Draw) {
  const notes = emptyNotes();
  const tokenizer = new ByteTokenizer(options, { width, firstRecord: 0, notes });
  const rows: unknown[] = [];
  const take = (block: ReturnType<ByteTokenizer["end"]>): void => {
    for (let row = 0; row < block.rowCount; row += 1) {
      rows.push(rowOfBlock(block, row));
    }
  };
  const characters = [...text];
  while (characters.length > 0) {
    const piece = Buffer.from(characters.splice(0, 1 + draw(9)).join(""));
    take(tokenizer.push(piece, isAscii(piece)));
  }
  take(tokenizer.end());
  const { shortRows, longRows, firstRaggedLine, commentInside } = notes;
  return {
    rows,
    unclosed: tokenizer.unclosedQuoteLine,
    notes: { shortRows, longRows, firstRaggedLine, commentInside },
  };
}

/** The same by splitting the text at once, and cutting the rows afterwards. */
function splitText(text: string, options: TokenizerOptions, width: number) {
  const split = tokenize(text, options);
  const notes: Pick<ReadingNotes, "shortRows" | "longRows" | "firstRaggedLine" | "commentInside"> = {
    shortRows: 0,
    longRows: 0,
    firstRaggedLine: null,
    commentInside: false,
  };
  const rows = split.rows.map((row, index) => {
    notes.shortRows += row.length < width ? 1 : 0;
    notes.longRows += row.length > width ? 1 : 0;
    notes.firstRaggedLine ??= row.length === width ? null : (split.lines[index] ?? 0);
    const cut = row.slice(0, width);
    notes.commentInside ||= typeof options.comment === "string" && cut.some((cell) => cell.includes(options.comment ?? ""));
    return cut;
  });
  return { rows, unclosed: split.unclosedQuoteLine, notes };
}

describe("splitting bytes", () => {
  it.each(dialects)("gives what splitting the text gives, for %j", (options) => {
    const draw = seededDraw(11);
    for (let round = 0; round < 400; round += 1) {
      const text = textOf(draw, 1 + draw(60));
      const width = 1 + draw(4);
      expect({ text, ...splitBytes(text, options, width, draw) }).toEqual({ text, ...splitText(text, options, width) });
    }
  });

  it("cuts no note from a delimiter that ends every row", () => {
    const notes = { ...emptyNotes(), trailingDelimiter: true };
    const tokenizer = new ByteTokenizer(plain, { width: 2, firstRecord: 1, notes });
    const block = tokenizer.push(Buffer.from("a,b\n1,2,\n3,4,x\n"), true);
    expect([block.rowCount, notes.longRows, notes.firstRaggedLine]).toEqual([2, 1, 3]);
  });

  it("leaves the piece as it was", () => {
    const piece = Buffer.from('"a ""b""",c\n');
    const tokenizer = new ByteTokenizer(plain, { width: 2, firstRecord: 0, notes: emptyNotes() });
    expect(rowOfBlock(tokenizer.push(piece, true), 0)).toEqual(['a "b"', "c"]);
    expect(piece.toString()).toBe('"a ""b""",c\n');
  });

  it.each<[Partial<TokenizerOptions>, boolean]>([
    [{}, true],
    [{ escape: "\\" }, false],
    [{ delimiter: "whitespace" }, false],
    [{ delimiter: "¦" }, false],
    [{ quote: null }, true],
    [{ quote: "“" }, false],
  ])("says whether it can: %j", (change, expected) => {
    expect(splitsByBytes({ ...plain, ...change })).toBe(expected);
  });
});
