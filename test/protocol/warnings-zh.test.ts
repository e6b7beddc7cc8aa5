import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { TableWarning } from "../../src/agents/protocol/table-profile.ts";
import { createFormat } from "../../webview/src/text/format.ts";
import { warningInChinese } from "../../webview/src/strings/warnings-zh.ts";

const format = createFormat("zh-cn");

function codesInCode(): readonly string[] {
  const sources = globSync("src/agents/tables/**/*.ts", { exclude: ["**/*.test.ts"] });
  const found = sources.flatMap((path) => [
    ...readFileSync(path, "utf8").matchAll(/(?:\bcode:\s*|\bwarn\(\s*)"([a-z][a-z-]*)"/gu),
  ]);
  return [...new Set(found.map(([, code = ""]) => code))];
}

test("codes are found", () => {
  expect(codesInCode().length).toBeGreaterThan(15);
});

test.each(codesInCode())("the warning %s has its Chinese", (code) => {
  const warning: TableWarning = { code, severity: "info", message: "", columns: [], values: {} };
  expect(warningInChinese(warning, format)).toMatch(/\p{Script=Han}/u);
});
