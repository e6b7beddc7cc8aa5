import { expect, test } from "vitest";
import { builtInTools } from "./built-in-tools.ts";
import { agentFileKind, readAgentFile, stemOf } from "./read-agent-file.ts";
import { filesOf, templateKinds } from "./templates.ts";

const cases = templateKinds.flatMap((kind) => ["en", "zh-cn"].map((locale) => [kind, locale] as const));

test.each(cases)("a new %s in %s is sound, and whom it names comes with it", async (kind, locale) => {
  const files = filesOf(kind, "助手-2", locale);
  const agents = files.map(({ name }) => ({ name: stemOf(name), description: "" }));
  for (const { name, text } of files.filter((file) => agentFileKind(file.name) !== null)) {
    // oxlint-disable-next-line no-await-in-loop -- one file after the other, so that a failure names its own
    const { definition, problems } = await readAgentFile(name, text, { agents, tools: builtInTools(locale) });
    expect(problems, `${name}\n${text}`).toEqual([]);
    expect(definition?.name).toBe(stemOf(name));
  }
  expect(files[0]?.name).toMatch(/^助手-2\.(?:agent\.(?:md|mjs|ts)|group\.md)$/u);
});
