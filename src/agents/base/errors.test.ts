import { expect, test } from "vitest";
import { AgentError } from "./errors.ts";

/** As a second bundle has it: the same name and fields, another class. */
class FromAnotherBundle extends Error {
  override readonly name = "AgentError";
  readonly code = "model.missing";
  readonly details = { looked: [] };
}

test("an error of another bundle is one of the product", () => {
  const error: unknown = new FromAnotherBundle("none");
  expect(error instanceof AgentError).toBe(true);
  expect(AgentError.is(error, "model.missing")).toBe(true);
  expect(AgentError.is(error, "model.empty")).toBe(false);
});

test.each([new Error("plain"), { name: "AgentError", code: "model.missing" }, null])("%s is none", (value) => {
  expect(value instanceof AgentError).toBe(false);
});
