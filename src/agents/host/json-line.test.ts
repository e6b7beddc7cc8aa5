import { expect, test } from "vitest";
import { jsonLine } from "./json-line.ts";

test("a line of JSON has one end of line, whatever its texts hold", () => {
  const value = { text: "a\u2028b\u2029c\nd\u0085\\u2028" };
  const line = jsonLine(value);
  expect(line.split(/[\n\u2028\u2029]/u)).toHaveLength(2);
  expect(JSON.parse(line)).toEqual(value);
});
