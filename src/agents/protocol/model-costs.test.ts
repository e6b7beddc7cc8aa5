import { expect, test } from "vitest";
import { costOf } from "./model-costs.ts";

const prices = { large: { input: 2, output: 8 }, local: { input: 0, output: 0 } };
const used = (model: string, promptTokens: number, completionTokens: number) => {
  return { model, promptTokens, completionTokens };
};

test("tokens read and written cost what a million of each does", () => {
  expect(costOf([used("large", 500_000, 250_000), used("large", 1, 0)], prices)).toEqual({
    amount: 3.000_002,
    isLeast: false,
  });
});

test("a model that costs nothing has a price; one without makes the rest the least that it was", () => {
  expect(costOf([used("local", 10, 10)], prices)).toEqual({ amount: 0, isLeast: false });
  expect(costOf([used("large", 1_000_000, 0), used("other", 5, 5)], prices)).toEqual({ amount: 2, isLeast: true });
});

test("without any price nothing is said, also for names that every object has", () => {
  expect(costOf([used("constructor", 5, 5)], prices)).toEqual({ amount: null, isLeast: true });
  expect(costOf([], prices)).toEqual({ amount: null, isLeast: false });
});
