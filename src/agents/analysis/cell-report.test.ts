import { describe, expect, test } from "vitest";
import type { CellOutput } from "../protocol/cell-output.ts";
import { cellReport, outputsText, shortened } from "./cell-report.ts";

const printed = (text: string): CellOutput => ({ type: "text", stream: "stdout", text });

describe("a cell's report", () => {
  test("begins as the transcript has always shown it", () => {
    expect(cellReport("ok", [printed("7\n")])).toBe("exitcode: 0 (execution succeeded)\nCode output: 7");
    expect(cellReport("ok", [])).toContain("(nothing was printed)");
  });

  test.each([
    ["error", "exitcode: 1"],
    ["interrupted", "exitcode: 130"],
    ["timeout", "variables are kept"],
    ["exited", "all variables are lost"],
    ["denied", "The code was not run: the user declined."],
  ] as const)("%s", (status, words) => {
    expect(cellReport(status, [])).toContain(words);
  });

  test("keeps the beginning and the end of long output", () => {
    const report = cellReport("ok", [printed(`first\n${"x".repeat(1_000_000)}\nlast`)]);
    expect(report.length).toBeLessThan(6_200);
    expect(report).toContain("Code output: first\n");
    expect(report).toMatch(/characters left out …\]\nx+\nlast$/);
  });

  test("keeps the end of a long traceback, where the error stands", () => {
    const error: CellOutput = { type: "error", name: "E", message: "m", traceback: `${"frame\n".repeat(9_999)}E: m` };
    expect(cellReport("error", [error]).length).toBeLessThan(2_700);
    expect(cellReport("error", [error]).endsWith("E: m")).toBe(true);
    expect(outputsText([{ ...error, traceback: "" }])).toBe("E: m");
  });

  test("shows a table's head and how large it is", () => {
    const table: CellOutput = {
      type: "table",
      columns: [
        { name: "年", kind: "number", dtype: "int64" },
        { name: "b", kind: "text", dtype: "object" },
      ],
      rows: Array.from({ length: 40 }, (_, index) => [index, index === 1 ? null : "x"]),
      rowCount: 100_000,
      columnCount: 2,
    };
    const text = outputsText([table]);
    expect(text.split("\n").slice(0, 3)).toEqual(["年 | b", "0 | x", "1 | "]);
    expect(text.split("\n")).toHaveLength(27);
    expect(text).toContain("[100000 rows × 2 columns; the first 25 rows are shown here]");
    expect(outputsText([{ ...table, rows: [[1, "x"]], rowCount: 1 }])).toContain("[1 rows × 2 columns]");
  });

  test("says what a picture shows, and that output was cut", () => {
    const image: CellOutput = { type: "image", mime: "image/png", file: "1.png", width: 1, height: 1, alt: "死亡人数" };
    expect(outputsText([image, { type: "truncation", file: "o.txt", totalBytes: 9 }])).toBe(
      "[A figure was shown to the user: 死亡人数]\n[9 bytes of output; only a part is shown]",
    );
  });
});

test("shortened leaves short text as it is and says how much it left out", () => {
  expect(shortened("abcdef", 6)).toBe("abcdef");
  expect(shortened("abcdefgh", 4)).toBe("ab\n[… 4 characters left out …]\ngh");
});
