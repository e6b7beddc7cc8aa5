import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { remoteProblemInChinese } from "../../src/agents/protocol/words/remote-problems-zh.ts";

const source = readFileSync(new URL("../../src/agents/base/errors.ts", import.meta.url), "utf8");
const details = [...source.matchAll(/^ {2}"(remote\.[a-z-]+)":\s*(\{[^}]*\}|Record<[^>]*>)/gmu)];

test("every problem with a cluster is said in Chinese, with its facts", () => {
  expect(details.length).toBeGreaterThan(20);
  for (const [, code = "", shape = ""] of details) {
    const facts = [...shape.matchAll(/readonly (\w+): (?:string|number)/gu)].map(([, name = ""]) => name);
    const given = Object.fromEntries(facts.map((name, index) => [name, `fact${index}`]));
    const said = remoteProblemInChinese(code, given);
    expect(said, code).toMatch(/[\u4e00-\u9fff]{4}/u);
    const silent = facts.filter((name) => !String(said).includes(String(given[name])));
    expect(silent.length, `${code} says none of its facts`).toBeLessThan(Math.max(facts.length, 1));
  }
});
