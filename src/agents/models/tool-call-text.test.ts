import { expect, test } from "vitest";
import { findPrintedToolCalls, mayBecomeToolCall } from "./tool-call-text.ts";

const offered = ["run_python", "read_file"];
const code = { code: "print(1)\nprint(2)" };
const call = { name: "run_python", arguments: JSON.stringify(code) };
const json = JSON.stringify({ name: "run_python", arguments: code });

const printed: readonly (readonly [string, string, string])[] = [
  ["alone", json, ""],
  ["with parameters", JSON.stringify({ name: "run_python", parameters: code }), ""],
  ["arguments as text", JSON.stringify({ name: "run_python", arguments: JSON.stringify(code) }), ""],
  ["inside a function", JSON.stringify({ type: "function", function: { name: "run_python", arguments: code } }), ""],
  ["raw line breaks in a string", '{"name": "run_python", "arguments": {"code": "print(1)\nprint(2)"}}', ""],
  ["a list of one", `[${json}]`, ""],
  ["tool_calls", `{"tool_calls": [${json}]}`, ""],
  ["fenced, between prose", `I will run this.\n\`\`\`json\n${json}\n\`\`\`\nDone.`, "I will run this.\n\nDone."],
  ["tagged", `Let me see.\n<tool_call>\n${json}\n</tool_call>`, "Let me see."],
  ["tagged without an end", `<tool_call>${json}`, ""],
  ["Mistral's mark", `[TOOL_CALLS][${json}]`, ""],
  ["Llama's mark", `<|python_tag|>${json}`, ""],
  ["a function tag", `<function=run_python>${JSON.stringify(code)}</function>`, ""],
  [
    "a function tag with parameters",
    "<tool_call>\n<function=run_python>\n<parameter=code>\nprint(1)\nprint(2)\n</parameter>\n</function>\n</tool_call>",
    "",
  ],
];

test.each(printed)("%s is read as a call", (_, text, rest) => {
  expect(findPrintedToolCalls(text, offered)).toEqual({ calls: [call], text: rest });
});

test("several tagged calls are all read", () => {
  const found = findPrintedToolCalls(`<tool_call>${json}</tool_call>\n<tool_call>${json}</tool_call>`, offered);
  expect(found?.calls).toEqual([call, call]);
});

test.each([
  ["an unknown tool", '{"name": "delete_all", "arguments": {}}'],
  ["no arguments", '{"name": "run_python"}'],
  ["arguments that are no object", '{"name": "run_python", "arguments": [1]}'],
  ["a list with a stranger", `[${json}, {"name": "x", "arguments": {}}]`],
  ["prose around bare JSON", `The call would be ${json} here.`],
  ["a table in JSON", '{"columns": ["a"], "rows": [[1]]}'],
  ["a Python fence", "```python\nprint(1)\n```"],
  ["broken JSON", '{"name": "run_python", "arguments": {"code": '],
])("%s stays text", (_, text) => {
  expect(findPrintedToolCalls(text, offered)).toBeNull();
});

test("nothing is read when no tool was offered", () => {
  expect(findPrintedToolCalls(json, [])).toBeNull();
});

test.each([
  ["", true],
  ["<tool", true],
  ["{", true],
  ["``", true],
  ["```json\n{", true],
  ["<function=run", true],
  ["```python\n", false],
  ["```json\nname", false],
  ["The", false],
  ["<b>", false],
])("%j may become a call: %s", (text, may) => {
  expect(mayBecomeToolCall(text)).toBe(may);
});
