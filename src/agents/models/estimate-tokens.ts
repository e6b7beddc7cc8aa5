import type { TokenUsage } from "../protocol/model.ts";
import type { ModelRequest, ModelToolCall } from "../ports/chat-model.ts";

const wideScripts = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;

/** Tokens of a text, roughly: 0.8 for each Chinese, Japanese or Korean character, a quarter for any other. */
export function estimateTokens(text: string): number {
  const wide = text.match(wideScripts)?.length ?? 0;
  return Math.ceil(wide * 0.8 + (text.length - wide) / 4);
}

/** Usage of a call whose server did not count; marked `estimated`. A picture counts as 800 tokens. */
export function estimateUsage(
  request: ModelRequest,
  answer: { readonly text: string; readonly reasoning: string; readonly toolCalls: readonly ModelToolCall[] },
): TokenUsage {
  let promptTokens = estimateTokens(request.tools === undefined ? "" : JSON.stringify(request.tools));
  for (const message of request.messages) {
    promptTokens += 4 + estimateTokens(message.content);
    if (message.role === "assistant" && message.toolCalls !== undefined) {
      promptTokens += estimateTokens(JSON.stringify(message.toolCalls));
    }
    if ((message.role === "user" || message.role === "system") && message.images !== undefined) {
      promptTokens += 800 * message.images.length;
    }
  }
  const calls = answer.toolCalls.map((call) => call.name + call.arguments).join("");
  return {
    promptTokens,
    completionTokens: estimateTokens(answer.text + answer.reasoning + calls),
    estimated: true,
  };
}

/** The sum of several calls; estimated when any part is. */
export function addUsage(a: TokenUsage, b: TokenUsage): TokenUsage {
  return {
    promptTokens: a.promptTokens + b.promptTokens,
    completionTokens: a.completionTokens + b.completionTokens,
    estimated: a.estimated || b.estimated,
  };
}
