import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as z from "zod/mini";

const call = /l10n\.t\(\s*("(?:[^"\\]|\\.)*")/gu;

function stringsInCode(): readonly string[] {
  const sources = globSync("src/extension/**/*.ts", { exclude: ["**/*.test.ts"] });
  const found = sources.flatMap((path) => [...readFileSync(path, "utf8").matchAll(call)]);
  return found.map((match) => z.string().parse(JSON.parse(match[1] ?? '""')));
}

const bundleSchema = z.record(z.string(), z.string());
const chinese = bundleSchema.parse(JSON.parse(readFileSync("l10n/bundle.l10n.zh-cn.json", "utf8")));

test("every string of the extension has its Chinese, and no Chinese is left over", () => {
  expect(new Set(Object.keys(chinese))).toEqual(new Set(stringsInCode()));
});

test("no call of l10n.t hides its string from the check above", () => {
  const sources = globSync("src/extension/**/*.ts", { exclude: ["**/*.test.ts"] });
  const calls = sources.flatMap((path) => readFileSync(path, "utf8").match(/l10n\.t\(/gu) ?? []);
  expect(calls.length).toBe(stringsInCode().length);
});

test("placeholders are kept", () => {
  for (const [english, translated] of Object.entries(chinese)) {
    expect(placeholdersOf(translated), english).toEqual(placeholdersOf(english));
  }
});

function placeholdersOf(text: string): ReadonlySet<string> {
  return new Set(text.match(/\{\d\}/gu));
}
