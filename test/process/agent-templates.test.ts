import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { filesOf, typesFile } from "../../src/agents/declared/templates.ts";
import { codeAgents } from "./code-agents-fixture.ts";

const run = promisify(execFile);
let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "byzer-templates-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a template as "New Agent" does. @returns What the compiler complains of. */
async function complaints(kind: "typescript" | "javascript", change = (text: string): string => text): Promise<string> {
  mkdirSync(dirname(join(folder, typesFile)), { recursive: true });
  copyFileSync(resolve("dist", "byzer-agent", "index.d.ts"), join(folder, typesFile));
  for (const { name, text } of filesOf(kind, "助手", "zh-cn")) {
    writeFileSync(join(folder, name), name.endsWith(".json") ? text : change(text));
  }
  const compiler = resolve("node_modules", "typescript", "bin", "tsc");
  return run(process.execPath, [compiler, "-p", folder]).then(
    ({ stdout }) => stdout,
    (error: unknown) => (error instanceof Error && "stdout" in error ? String(error.stdout) : String(error)),
  );
}

test.each(["typescript", "javascript"] as const)(
  "a new agent in %s has types, and they refuse what is wrong",
  async (kind) => {
    expect(await complaints(kind)).toBe("");
    expect(await complaints(kind, (text) => text.replace("[false]", '["no"]'))).toContain("not assignable");
  },
);

test.each([
  ["typescript", "en", "hello there", "Hello, user!"],
  ["javascript", "zh-cn", "你好", "你好，user！"],
] as const)("a new agent in %s answers in %s", async (kind, locale, question, reply) => {
  const [file] = filesOf(kind, "greeter", locale);
  const code = codeAgents();
  const entry = await code.load(file?.name ?? "", file?.text ?? "");
  expect(entry).toMatchObject({ state: "ready", definition: { name: "greeter" } });
  expect((await code.ask(entry, question))?.content).toBe(reply);
  expect(code.agents.tools.map(({ name, effect }) => [name, effect])).toEqual([["clock", "reads"]]);
});
