import { expect, test } from "vitest";
import { agentFileCodes, agentFileText } from "../protocol/words/agent-file-text.ts";
import { agentDefinitionSchema } from "../protocol/agent-definition.ts";
import { seededDraw } from "../testing/seeded-draw.ts";
import { lineAndColumn } from "./place.ts";
import { readAgentFile } from "./read-agent-file.ts";

const sound = `---
name: helper
description: "Answers: all"
model: [chat, router]
tools: [run_python, 'a/*'] # two
agents: &who
  - writer
  - 写手
handoffs:
  - agent: writer
    label: |
      Have it
      written
    prompt: >-
      folded
inputMode: NEVER
limits: { replies: 3, seconds: 20 }
members: *who
speaker: script
script: writer, 写手
end: [finish, speaker: writer]
maxRounds: 5
---
Be kind.
`;

/** Signs that mean something to YAML, and some that nothing should mind. */
const signs = [
  "---\n",
  "...\n",
  "\t",
  "\n",
  "\r",
  "\r\n",
  ": ",
  "- ",
  "? ",
  "*x ",
  "&x ",
  "!!js ",
  "!a ",
  "<<: ",
  "@",
  "`",
  "%",
];
const more = [
  "'",
  '"',
  "{",
  "}",
  "[",
  "]",
  ",",
  "|",
  ">",
  "#",
  "\\",
  "\ufeff",
  "\0",
  "🦜",
  "\ud800",
  "é",
  "null",
  "~",
  "__proto__: ",
  "1e999",
  "   ",
];
const pieces = [...signs, ...more, "agents: ", "limits:\n  ", "x".repeat(100), "[".repeat(200), "{a: ".repeat(100)];

function broken(draw: (below: number) => number): string {
  let text = draw(4) === 0 ? sound.replaceAll("\n", "\r\n") : sound;
  for (let change = 0; change <= draw(6); change += 1) {
    const at = draw(text.length + 1);
    const taken = draw(3) === 0 ? draw(30) : draw(3);
    text = text.slice(0, at) + (pieces[draw(pieces.length)] ?? "") + text.slice(at + taken);
  }
  return text;
}

test.each(["/w/.byzer/agents/a.agent.md", "/w/.byzer/agents/a.group.md", "/w/.github/agents/a.agent.md"])(
  "%s: whatever stands in it, each problem has a sentence and a place in it, and what is made is sound",
  async (path) => {
    const draw = seededDraw(20_261_122);
    const known = { agents: [{ name: "writer", description: "" }], tools: [] };
    for (let round = 0; round < 150; round += 1) {
      const text = broken(draw);
      // One file after the other, so that a failure names its own.
      // oxlint-disable-next-line no-await-in-loop
      const { definition, problems } = await readAgentFile(path, text, known);
      for (const problem of problems) {
        const { start, end, line, column, code } = problem;
        const isInside = 0 <= start && start <= end && end <= text.length;
        expect([isInside, agentFileCodes.includes(code)], JSON.stringify({ text, problem })).toEqual([true, true]);
        expect({ line, column }).toEqual(lineAndColumn(text, start));
        expect(agentFileText(problem, "zh-cn")).not.toMatch(/\{\w+\}/u);
      }
      expect(definition === null).toBe(problems.some(({ severity }) => severity === "error"));
      if (definition !== null) {
        expect(agentDefinitionSchema.safeParse(definition).success, JSON.stringify(definition)).toBe(true);
      }
    }
  },
);

test("a deep nesting is told", async () => {
  const text = `---\ntools: ${"[".repeat(60_000)}\n---\nHi.`;
  const { definition, problems } = await readAgentFile("/w/a.agent.md", text, { agents: [], tools: [] });
  expect(definition).toBeNull();
  expect(problems.map(({ severity }) => severity)).toEqual(["error"]);
});

test("an alias that stands for more and more of itself is told", async () => {
  const levels = Array.from(
    { length: 12 },
    (_, level) => `x${level}: &x${level} [${level === 0 ? "a" : `*x${level - 1}, `.repeat(9)}]`,
  );
  const { definition } = await readAgentFile("/w/a.agent.md", `---\n${levels.join("\n")}\n---\nHi.`, {
    agents: [],
    tools: [],
  });
  expect(definition).toBeNull();
});
