import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { TableWarning } from "../../src/agents/protocol/table-profile.ts";
import { createNumberWords } from "../../src/agents/protocol/words/number-words.ts";
import { warningInChinese } from "../../src/agents/protocol/words/warnings-zh.ts";

const folder = join(import.meta.dirname, "../../src/agents/tables");

/** Every code with which readers and the profile warn, as its sources write them. */
function codes(): readonly string[] {
  const sources = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".ts") && !name.endsWith(".test.ts"),
  );
  const found = sources.flatMap((name) => {
    const text = readFileSync(join(folder, name), "utf8");
    return [...text.matchAll(/(?:\bcode: |\bwarn\(\s*)"([a-z]+(?:-[a-z]+)*)"/gu)].map(([, code = ""]) => code);
  });
  return [...new Set(found)];
}

test("every warning about a table has Chinese words", () => {
  const all = codes();
  expect(all).toEqual(expect.arrayContaining(["total-rows", "short-rows", "sentinel-values", "outliers"]));
  const silent = all.filter((code) => {
    const warning: TableWarning = { code, severity: "info", message: "", columns: [], values: {} };
    return warningInChinese(warning, createNumberWords("zh-cn")) === null;
  });
  expect(silent).toEqual([]);
});
