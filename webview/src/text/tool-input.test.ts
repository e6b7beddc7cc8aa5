import { expect, test } from "vitest";
import { toolInputLine, toolInputText } from "./tool-input.ts";

test.each([
  ['{"query":"deaths in 1901"}', "deaths in 1901"],
  ['{"path":"a.md","lines":[1,20]}', "a.md · [1,20]"],
  ['{"code":"a = 1\\n\\nb = 2"}', "a = 1 b = 2"],
  ["{}", ""],
  ["", ""],
  ['{"query": "cut', '{"query": "cut'],
  ['"words"', "words"],
  ["[1,2]", "[1,2]"],
])("%s is one line", (input, line) => {
  expect(toolInputLine(input)).toBe(line);
});

test("a long input is cut on its line and whole behind it", () => {
  const input = JSON.stringify({ text: "word ".repeat(100).trim() });
  expect(toolInputLine(input)).toHaveLength(161);
  expect(toolInputText(input)).toContain("word ".repeat(100).trim());
});

test("each value stands on a line of its own, text as it reads", () => {
  expect(toolInputText('{"code":"a = 1\\nb = 2","limit":{"rows":3}}')).toBe(
    'code: \na = 1\nb = 2\nlimit: {\n  "rows": 3\n}',
  );
  expect(toolInputText('{"cut')).toBe('{"cut');
});
