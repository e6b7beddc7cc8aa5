import * as z from "zod/mini";
import type { AgentUsage } from "./session-state.ts";

/** What models cost, by name: for a million tokens read (`input`) and written (`output`), in a currency of the person's. */
export const modelPricesSchema = z.record(
  z.string(),
  z.object({ input: z.number().check(z.gte(0)), output: z.number().check(z.gte(0)) }),
);
export type ModelPrices = z.infer<typeof modelPricesSchema>;

/** What some model calls cost. */
export interface Cost {
  /** In the currency of the prices; `null` where no price is known for any of the models. */
  readonly amount: number | null;
  /** Whether there were calls of models without a price, so that it was more than this. */
  readonly isLeast: boolean;
}

const perPrice = 1_000_000;

/** The cost of model calls. Models are found by their whole name. */
export function costOf(
  usages: readonly Pick<AgentUsage, "model" | "promptTokens" | "completionTokens">[],
  prices: ModelPrices,
): Cost {
  const priced = usages.filter(({ model }) => Object.hasOwn(prices, model));
  const amount = priced.reduce((sum, { model, promptTokens, completionTokens }) => {
    const { input = 0, output = 0 } = prices[model] ?? {};
    return sum + (promptTokens * input + completionTokens * output) / perPrice;
  }, 0);
  return { amount: priced.length === 0 ? null : amount, isLeast: priced.length < usages.length };
}
