import { expect, test } from "vitest";
import { plainSchema } from "./plain-schema.ts";
import { readToolInput } from "./tool-input.ts";

const tool = (parameters: { readonly [key: string]: unknown }) => ({ name: "look", description: "", parameters });

test.each([
  [{ type: "object", properties: { name: { type: "string", pattern: "^(a+)+$" } } }],
  [{ type: "object", properties: { list: { type: "array", items: { anyOf: [{ pattern: "^(a|aa)+$" }] } } } }],
  [{ type: "object", patternProperties: { "^(a+)+$": {} }, additionalProperties: false }],
  [{ type: "object", $defs: { word: { pattern: "^(a+)+$" } }, properties: { name: { $ref: "#/$defs/word" } } }],
])("a pattern that takes for ever to check is not checked: %j", async (parameters) => {
  const hostile = `${"a".repeat(40)}!`;
  const text = JSON.stringify({ name: hostile, list: [hostile], [hostile]: 1 });
  await expect(readToolInput(tool(parameters), text)).resolves.toEqual({ value: JSON.parse(text) });
});

test("all else is checked as before, and keys that only are called so stay", async () => {
  const parameters = {
    type: "object",
    properties: { pattern: { type: "string" }, format: { enum: ["pattern", "format"] } },
    required: ["pattern"],
    additionalProperties: false,
  };
  expect(plainSchema(parameters)).toEqual(parameters);
  await expect(readToolInput(tool(parameters), '{"pattern": 1}')).resolves.toHaveProperty("mistake");
  await expect(readToolInput(tool(parameters), '{"pattern": "a", "format": "x"}')).resolves.toHaveProperty("mistake");
  await expect(readToolInput(tool(parameters), '{"pattern": "a", "format": "format"}')).resolves.toHaveProperty(
    "value",
  );
});
