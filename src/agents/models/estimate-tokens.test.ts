import { expect, test } from "vitest";
import { addUsage, estimateTokens } from "./estimate-tokens.ts";

test.each([
  ["", 0],
  ["abcdefgh", 2],
  ["自然灾害死亡", 5],
  ["自然灾害 deaths", 5],
])("%j is about %i tokens", (text, tokens) => {
  expect(estimateTokens(text)).toBe(tokens);
});

test("a sum with an estimate in it is an estimate", () => {
  const counted = { promptTokens: 1, completionTokens: 2, estimated: false };
  expect(addUsage(counted, { ...counted, estimated: true })).toEqual({
    promptTokens: 2,
    completionTokens: 4,
    estimated: true,
  });
});
