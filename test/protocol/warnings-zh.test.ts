import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { TableWarning } from "../../src/agents/protocol/table-profile.ts";
import { createNumberWords } from "../../src/agents/protocol/words/number-words.ts";
import { warningInChinese } from "../../src/agents/protocol/words/warnings-zh.ts";

const agents = join(import.meta.dirname, "../../src/agents");

/** Every code with which readers, the profile and the comparison with Python warn, as their sources write them. */
function codes(): readonly string[] {
  const tables = readdirSync(join(agents, "tables"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .map((name) => join(agents, "tables", name));
  const found = [...tables, join(agents, "analysis/compare-readings.ts")].flatMap((path) => {
    const text = readFileSync(path, "utf8");
    return [...text.matchAll(/(?:\bcode: |\b(?:warn|differs)\(\s*)"([a-z]+(?:-[a-z]+)*)"/gu)].map(
      ([, code = ""]) => code,
    );
  });
  return [...new Set(found)];
}

test("every warning about a table has Chinese words", () => {
  const all = codes();
  expect(all).toEqual(
    expect.arrayContaining(["total-rows", "short-rows", "sentinel-values", "outliers", "python-rows"]),
  );
  const silent = all.filter((code) => {
    const warning: TableWarning = { code, severity: "info", message: "", columns: [], values: {} };
    return warningInChinese(warning, createNumberWords("zh-cn")) === null;
  });
  expect(silent).toEqual([]);
});
