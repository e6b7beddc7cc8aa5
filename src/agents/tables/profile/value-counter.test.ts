import { describe, expect, it } from "vitest";
import { CellScan } from "./cell-scan.ts";
import { DistinctCounter } from "./distinct-counter.ts";
import { NumberSummary } from "./number-summary.ts";
import { ValueCounter } from "./value-counter.ts";

const texts = Array.from({ length: 5000 }, (_, index) => `value ${(index * 7919) % 1000}`);

describe("counting by hash", () => {
  it("gives what a map of the values gives", () => {
    const scan = new CellScan({ decimal: "." });
    const counter = new ValueCounter();
    const expected = new Map<string, number>();
    for (const text of texts) {
      expected.set(text, (expected.get(text) ?? 0) + 1);
      scan.look(text);
      const index = counter.find(scan.high, scan.low);
      if (index < 0) {
        counter.insert(text, scan.high, scan.low);
      } else {
        counter.counts[index] = (counter.counts[index] ?? 0) + 1;
      }
    }
    expect(counter.values.map((value, index) => [value, counter.counts[index]])).toEqual([...expected]);
  });

  it("counts different values exactly while they fit, and nearly beyond", () => {
    const scan = new CellScan({ decimal: "." });
    const exact = new DistinctCounter(100_000);
    const estimate = new DistinctCounter(4096);
    for (let index = 0; index < 60_000; index += 1) {
      scan.look(`${index % 50_000}`);
      exact.add(scan.high, scan.low);
      estimate.add(scan.high, scan.low);
    }
    expect([exact.distinct, exact.repeats, exact.approximate]).toEqual([50_000, 10_000, false]);
    expect(estimate.approximate).toBe(true);
    expect(Math.abs(estimate.distinct / 50_000 - 1)).toBeLessThan(0.06);
  });
});

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
    const scan = new CellScan({ decimal: "." });
    scan.look(text);
    expect(scan.plain).toBe(plain);
    if (plain !== null) {
      expect(scan.value).toBe(value);
    }
  });

  it("tells a text from a number of the same writing", () => {
    const scan = new CellScan({ decimal: "." });
    const hashes = new Set(
      ["1", 1, 1n, true, "true", -1, "-1"].map((cell) => (scan.look(cell), `${scan.high},${scan.low}`)),
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
