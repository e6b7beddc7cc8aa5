import { isAscii } from "node:buffer";
import { describe, expect, it } from "vitest";
import { pick, seededDraw, type Draw } from "../../testing/seeded-draw.ts";
import { ByteTokenizer } from "../readers/byte-tokenizer.ts";
import { tokenize, type TokenizerOptions } from "../readers/csv-tokenizer.ts";
import { emptyNotes, plainLayout, type NumberStyle, type TableSource } from "../readers/table-source.ts";
import { TableBuilder, type BuiltTable } from "./table-builder.ts";

const options: TokenizerOptions = { delimiter: ";", quote: '"', escape: null, skipInitialSpace: false, comment: null };

/** No batch: the rows are given to the builder by hand. */
async function* none(): AsyncGenerator<never> {}

function sourceOf(names: readonly string[], style: NumberStyle): TableSource {
  return {
    dialect: {
      format: "csv",
      encoding: "utf-8",
      delimiter: ";",
      quote: '"',
      decimal: style.decimal,
      thousands: style.thousands,
      headerRow: 0,
      sheet: null,
    },
    sheets: [],
    names,
    cells: "text",
    style,
    layout: plainLayout,
    notes: emptyNotes(),
    warnings: [],
    batches: none(),
  };
}

/** The table from its bytes, which arrive in pieces. */
function fromBytes(text: string, source: TableSource, draw: Draw): BuiltTable {
  const builder = new TableBuilder(source, 10);
  const width = source.names.length;
  const tokenizer = new ByteTokenizer(options, { width, firstRecord: 0, notes: emptyNotes(), header: null });
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) {
    let stop = Math.min(bytes.length, at + 1 + draw(200_000));
    while (((bytes[stop] ?? 0) & 0xc0) === 0x80) {
      stop += 1;
    }
    const piece = bytes.subarray(at, stop);
    builder.add({ block: tokenizer.push(piece, isAscii(piece)), readBytes: stop });
    if (at === 0) {
      builder.snapshot();
    }
    at = stop;
  }
  builder.add({ block: tokenizer.end(), readBytes: bytes.length });
  return builder.finish();
}

/** The table from its texts, row by row: the plain way. */
function fromTexts(text: string, source: TableSource): BuiltTable {
  const builder = new TableBuilder(source, 10);
  const rows = tokenize(text, options).rows.map((row) => row.slice(0, source.names.length));
  builder.add({ rows, readBytes: text.length });
  return builder.finish();
}

/** What a table is, without what is only estimated. */
function described({ columns, rowCount, duplicateRows, rows, footer, kept }: BuiltTable) {
  return {
    columns: columns.map(({ profile, ...column }) => ({
      profile: { ...profile, ...(profile.approximate === true ? { quartiles: null } : {}) },
      evidence: Object.entries(column.evidence).filter(([name]) => name !== "numbers" && name !== "texts"),
      longest: column.evidence.texts.longest,
      ascending: [column.evidence.numbers.ascending, column.evidence.numbers.running],
      decided: column.decided,
      values: column.values,
      hasEmptyText: column.hasEmptyText,
    })),
    kept: columns.map((_, index) => kept.column(index)),
    rowCount,
    duplicateRows,
    rows,
    footer,
  };
}

type Writer = (row: number, draw: Draw) => string;

/** Columns of every kind, each with some cells that do not fit. */
const writers: Readonly<Record<string, Writer>> = {
  running: (row) => String(row + 1),
  whole: (_, draw) => `${draw(3) === 0 ? "-" : ""}${draw(90_000)}`,
  decimal: (_, draw) => `${draw(1000)}.${String(draw(1000)).padStart(3, "0")}`,
  comma: (_, draw) => `${draw(1000)},${draw(100)}`,
  grouped: (_, draw) => (draw(3) === 0 ? `${1 + draw(9)},${String(draw(1000)).padStart(3, "0")}` : String(draw(999))),
  zeros: (_, draw) => String(draw(1_000_000)).padStart(7, "0"),
  large: (_, draw) => (draw(9) === 0 ? "12345678901234567890" : String(draw(40_000))),
  money: (_, draw) => `$${draw(100_000)}.50`,
  day: (_, draw) =>
    `20${10 + draw(20)}-${String(1 + draw(12)).padStart(2, "0")}-${String(1 + draw(28)).padStart(2, "0")}`,
  moment: (_, draw) => `2024-0${1 + draw(9)}-1${draw(10)} 1${draw(10)}:${10 + draw(50)}:${10 + draw(50)}`,
  american: (_, draw) => `${1 + draw(12)}/${1 + draw(31)}/20${10 + draw(15)}`,
  word: (_, draw) => pick(draw, ["red", "green", "blue", "N/A", "", "绿", '"a; ""b"""']),
  name: (_, draw) => `name ${draw(60_000)}`,
  code: (_, draw) => `${pick(draw, ["A", "B", "9a"])}-${draw(70_000)}`,
  hanzi: (_, draw) => `城${String.fromCharCode(0x4e00 + draw(20_000), 0x4e00 + draw(9000))}`,
  mixed: (row, draw) =>
    draw(2) === 0 ? String(row) : pick(draw, ["x1", "=1+1", "1e5", "inf", "-", "😀", `t${draw(30_000)}`]),
  late: (row, draw) => (row > 22_000 ? pick(draw, ["late", "", "n/a", "12:30"]) : String(row * 2)),
  sparse: (_, draw) => (draw(4) === 0 ? String(draw(100)) : ""),
};

function tableText(names: readonly string[], rowCount: number, draw: Draw): string {
  let text = "";
  for (let row = 0; row < rowCount; row += 1) {
    const cells = names.map((name) => (draw(400) === 0 ? "" : (writers[name]?.(row, draw) ?? "")));
    cells.length = draw(500) === 0 ? 1 + draw(names.length) : cells.length;
    const line = `${cells.join(";")}\n`;
    text += draw(300) === 0 ? line + line : line;
  }
  return text;
}

describe("a table built from bytes", () => {
  it.each([
    [1, 5, "."],
    [2, 40, "."],
    [3, 700, ","],
    [4, 26_000, "."],
  ] as const)("is the one built from texts (seed %i, %i rows, decimal %s)", (seed, rowCount, decimal) => {
    const draw = seededDraw(seed);
    const names = Object.keys(writers);
    const source = sourceOf(names, { decimal, thousands: decimal === "." && seed === 2 ? "," : null });
    // A record of empty cells is no row, and both ways are given the same records here.
    const text = tableText(names, rowCount, draw);
    const found = described(fromBytes(text, source, draw));
    const expected = described(fromTexts(text, source));
    found.columns.forEach((column, index) => expect(column).toEqual(expected.columns[index]));
    expect({ ...found, columns: [], kept: [] }).toEqual({ ...expected, columns: [], kept: [] });
    expect(JSON.stringify(found.kept)).toBe(JSON.stringify(expected.kept));
  });

  it("says what a plain count of its cells says", () => {
    const draw = seededDraw(9);
    const names = ["running", "whole", "decimal", "name", "day"];
    const text = tableText(names, 25_000, draw);
    const built = fromBytes(text, sourceOf(names, { decimal: ".", thousands: null }), draw);
    const rows = tokenize(text, options).rows;
    expect([built.rowCount, built.duplicateRows]).toEqual([
      rows.length,
      rows.length - new Set(rows.map((row) => JSON.stringify(row.concat("", "", "", "", "").slice(0, 5)))).size,
    ]);
    names.forEach((name, column) => {
      const cells = rows.map((row) => row[column] ?? "").filter((cell) => cell !== "");
      const profile = built.columns[column]?.profile;
      expect([name, profile?.nulls, profile?.distinct]).toEqual([
        name,
        rows.length - cells.length,
        new Set(cells).size,
      ]);
      if (typeof profile?.sum === "number") {
        const numbers = cells.map(Number);
        const sum = numbers.reduce((all, number) => all + number, 0);
        expect([profile.min, profile.max]).toEqual([Math.min(...numbers), Math.max(...numbers)]);
        expect(Math.abs(profile.sum / sum - 1)).toBeLessThan(1e-12);
        const sorted = numbers.toSorted((a, b) => a - b);
        const middle =
          ((sorted[Math.floor((sorted.length - 1) / 2)] ?? 0) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? 0)) / 2;
        expect(profile.quartiles?.[1]).toBe(middle);
      }
    });
  });
});
