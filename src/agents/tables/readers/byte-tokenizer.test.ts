import { isAscii } from "node:buffer";
import { describe, expect, it } from "vitest";
import { pick, seededDraw, type Draw } from "../../testing/seeded-draw.ts";
import { ByteTokenizer, splitsByBytes } from "./byte-tokenizer.ts";
import { rowOfBlock } from "./cell-block.ts";
import { acceptRows } from "./csv-rows.ts";
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
const scraps = [
  ...Array.from("ab1 ,;\t|\"'#é你😀"),
  "\n",
  "\r\n",
  "\r",
  '""',
  ",,",
  '"x,y"',
  '"a\nb"',
  "'it''s'",
  "# note\n",
  "word",
  "\nword\n",
  "\na,b\n",
  "---",
];

function textOf(draw: Draw, length: number): string {
  return Array.from({ length }, () => pick(draw, scraps)).join("");
}

const shown = ({
  shortRows,
  longRows,
  firstRaggedLine,
  commentInside,
  headerCopies,
  skippedRecords,
}: ReadingNotes) => ({
  shortRows,
  longRows,
  firstRaggedLine,
  commentInside,
  headerCopies,
  skippedRecords,
});

interface Case {
  readonly text: string;
  readonly dialect: TokenizerOptions;
  readonly width: number;
  readonly firstRecord: number;
  readonly header: readonly string[] | null;
}

/** Splits by bytes, in pieces that are cut between characters. */
function splitBytes({ text, dialect, ...placement }: Case, draw: Draw) {
  const notes = emptyNotes();
  const tokenizer = new ByteTokenizer(dialect, { ...placement, notes });
  const rows: unknown[] = [];
  const take = (block: ReturnType<ByteTokenizer["end"]>): void => {
    for (let row = 0; row < block.rowCount; row += 1) {
      rows.push(rowOfBlock(block, row));
    }
  };
  const characters = Array.from(text);
  while (characters.length > 0) {
    const piece = Buffer.from(characters.splice(0, 1 + draw(9)).join(""));
    take(tokenizer.push(piece, isAscii(piece)));
  }
  take(tokenizer.end());
  return { rows, unclosed: tokenizer.unclosedQuoteLine, notes: shown(notes) };
}

/** The same by splitting the text at once. */
function splitText({ text, ...options }: Case) {
  const notes = emptyNotes();
  const split = tokenize(text, options.dialect);
  const rows = acceptRows(split, { ...options, notes });
  return { rows, unclosed: split.unclosedQuoteLine, notes: shown(notes) };
}

describe("splitting bytes", () => {
  it.each(dialects)("gives what splitting the text gives, for %j", (options) => {
    const draw = seededDraw(11);
    for (let round = 0; round < 150; round += 1) {
      const text = textOf(draw, 1 + draw(60));
      const header = pick(draw, [null, ["a", "b"], ["word"], ["x,y", ""]]);
      const width = Math.max(header?.length ?? 0, 1 + draw(4));
      const table = { text, dialect: options, width, firstRecord: draw(2), header };
      expect({ ...table, ...splitBytes(table, draw) }).toEqual({ ...table, ...splitText(table) });
    }
  });

  it("cuts no note from a delimiter that ends every row", () => {
    const notes = { ...emptyNotes(), trailingDelimiter: true };
    const tokenizer = new ByteTokenizer(plain, { width: 2, firstRecord: 1, notes, header: null });
    const block = tokenizer.push(Buffer.from("a,b\n1,2,\n3,4,x\n"), true);
    expect([block.rowCount, notes.longRows, notes.firstRaggedLine]).toEqual([2, 1, 3]);
  });

  it.each([
    ["unquoted", "x".repeat(5000), "x".repeat(5000)],
    ["quoted", `"${'a""\r\n'.repeat(900)}"`, 'a"\r\n'.repeat(900)],
  ])("joins a cell over many pieces: %s", (_, written, cell) => {
    const text = `1,${written}\n2,y\n`;
    const split = splitBytes({ text, dialect: plain, width: 2, firstRecord: 0, header: null }, seededDraw(5));
    expect(split.rows).toEqual([
      ["1", cell],
      ["2", "y"],
    ]);
  });

  it("leaves the piece as it was", () => {
    const piece = Buffer.from('"a ""b""",c\n');
    const tokenizer = new ByteTokenizer(plain, { width: 2, firstRecord: 0, notes: emptyNotes(), header: null });
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
