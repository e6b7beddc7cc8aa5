import { expect, test } from "vitest";
import { declaredNames } from "./declared-names.ts";

test.each([
  ['export default defineAgent({ name: "haiku_agent", replies: [{ name: "help" }] });', "haiku_agent", []],
  ["export default defineAgent({ replies: [{ name: 'help' }], name: '审稿人' })", "审稿人", []],
  ["export default { description: `x`, name: `plain` };", "plain", []],
  ['defineAgent({ "name": "quoted" })', "quoted", []],
  ["export default defineAgent({ replies: [{ name: 'help' }] });", null, []],
  ["export default defineAgent({ name: prefix + 'x' });", null, []],
  ["export default defineAgent({ name: 'x' + suffix });", null, []],
  ['// defineAgent({ name: "no" })\n/* { name: "no" } */ defineAgent({ name: "yes" })', "yes", []],
  ['const sign = /["{]/u; const half = 4 / 2; export default defineAgent({ name: "x" })', "x", []],
  ['const text = "defineAgent({ name: \\"no\\" })";', null, []],
  ['const t = defineTool({ name: "count", run: ({ name }) => name }); defineAgent({ tools: [t] })', null, ["count"]],
  ['defineAgent({ name: "a", tools: [defineTool({ description: "", name: "b" })] })', "a", ["b"]],
  ["defineAgent({ name: 'has blanks' })", null, []],
  ["} ] ) defineAgent({ name: ", null, []],
])("%s", (text, agent, tools) => {
  expect(declaredNames(text)).toEqual({ agent, tools });
});
