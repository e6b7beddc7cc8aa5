import { describe, expect, it } from "vitest";
import { blockText } from "../readers/cell-block.ts";
import { CellHash } from "./cell-hash.ts";
import { cellLook, ColumnCells } from "./column-cells.ts";
import { DistinctCounter } from "./distinct-counter.ts";
import { NumberSummary } from "./number-summary.ts";
import { ValueCounter } from "./value-counter.ts";

const texts = Array.from({ length: 5000 }, (_, index) => `value ${(index * 7919) % 1000}`);

describe("counting by hash", () => {
  it("gives what a map of the values gives", () => {
    const hash = new CellHash();
    const counter = new ValueCounter();
    const expected = new Map<string, number>();
    for (const text of texts) {
      expected.set(text, (expected.get(text) ?? 0) + 1);
      hash.look(text);
      const [high = 0] = hash.high;
      const [low = 0] = hash.low;
      if (!counter.count(high, low)) {
        counter.insert(text, high, low);
      }
    }
    expect(counter.values.map((value, index) => [value, counter.counts[index]])).toEqual([...expected]);
  });

  it("counts different values exactly while they fit, and nearly beyond", () => {
    const hash = new CellHash();
    const exact = new DistinctCounter(100_000);
    const estimate = new DistinctCounter(4096);
    for (let index = 0; index < 60_000; index += 1) {
      hash.look(`${index % 50_000}`);
      exact.add(hash.high[0] ?? 0, hash.low[0] ?? 0);
      estimate.add(hash.high[0] ?? 0, hash.low[0] ?? 0);
    }
    expect([exact.distinct, exact.repeats, exact.approximate]).toEqual([50_000, 10_000, false]);
    expect(estimate.approximate).toBe(true);
    expect(Math.abs(estimate.distinct / 50_000 - 1)).toBeLessThan(0.06);
  });
});

/** What the first look at a column of one cell says. */
function look(text: string, decimal: "." | "," = "."): ColumnCells {
  const bytes = Buffer.from(text);
  const cells = new ColumnCells({ decimal });
  const block = { ...blockText(bytes, false), width: 1, rowCount: 1 };
  cells.look({ ...block, starts: Int32Array.of(0), ends: Int32Array.of(bytes.length) }, 0, 1);
  return cells;
}

describe("a look at a cell", () => {
  it.each<[string, string | null, number]>([
    ["0", "integer", 0],
    ["-42", "integer", -42],
    ["123456789012345", "integer", 123_456_789_012_345],
    ["1234567890123456", null, 0],
    ["007", null, 0],
    ["0.1", "decimal", 0.1],
    ["-12.345", "decimal", -12.345],
    [".5", "decimal", 0.5],
    ["1.2.3", null, 0],
    ["1,5", null, 0],
    ["1e5", null, 0],
    ["-", null, 0],
    ["", null, 0],
    ["x1", null, 0],
  ])("reads %j as %s", (text, plain, value) => {
    const cells = look(text);
    const expected =
      plain === "integer" || plain === "decimal" ? cellLook[plain] : text === "" ? cellLook.empty : cellLook.other;
    expect(cells.looks[0]).toBe(expected);
    if (plain !== null) {
      expect(cells.numbers[0]).toBe(value);
    }
  });

  it("takes the decimal mark of the table", () => {
    expect([look("1,5", ",").numbers[0], look("1.5", ",").looks[0]]).toEqual([1.5, cellLook.other]);
  });

  it.each(["", "1", "-12.5", "word", "城市", "a😀é", "x".repeat(5000)])("hashes text and bytes of %j alike", (text) => {
    const hash = new CellHash();
    hash.look(text === "" ? null : text);
    const cells = look(text);
    expect([cells.high[0], cells.low[0]]).toEqual([hash.high[0], hash.low[0]]);
  });

  it("tells a text from a number of the same writing", () => {
    const hash = new CellHash();
    const hashes = new Set(
      ["1", 1, 1n, true, "true", -1, "-1"].map((cell) => (hash.look(cell), `${hash.high[0]},${hash.low[0]}`)),
    );
    expect(hashes.size).toBe(7);
  });
});

describe("quantiles", () => {
  it("weigh values by how often they came", () => {
    const weighted = new NumberSummary(1000);
    const single = new NumberSummary(1_000_000);
    for (let value = 0; value < 100; value += 1) {
      weighted.add(value, 50 * (value + 1));
      for (let time = 0; time < 50 * (value + 1); time += 1) {
        single.add(value, 1);
      }
    }
    expect(weighted.quartiles()).toEqual(single.quartiles());
    expect([weighted.approximate, weighted.sum, weighted.count]).toEqual([false, single.sum, single.count]);
  });

  it("come from an even sample where there are too many numbers", () => {
    const summary = new NumberSummary(2000);
    for (let value = 0; value < 200_000; value += 1) {
      summary.add((value * 7919) % 100_003, 1);
    }
    const [low, middle, high] = summary.quartiles() ?? [];
    expect(summary.approximate).toBe(true);
    for (const [found, wanted] of [
      [low, 25_000],
      [middle, 50_000],
      [high, 75_000],
    ] as const) {
      expect(Math.abs((found ?? 0) - wanted)).toBeLessThan(4000);
    }
  });

  it("know a running number", () => {
    const running = new NumberSummary(10);
    const ascending = new NumberSummary(10);
    for (let value = 1; value < 50; value += 1) {
      running.add(value, 1);
      ascending.add(value * 2, 1);
    }
    expect([running.running, ascending.running, ascending.ascending]).toEqual([true, false, true]);
  });
});
