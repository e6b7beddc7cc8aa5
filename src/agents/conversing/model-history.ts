import type { ModelMessage } from "../ports/chat-model.ts";
import type { Message } from "../protocol/message.ts";

/** Characters of earlier messages that a model is told at most; Chinese ones count twice. */
export const longestHistory = 60_000;

/**
 * What an agent exchanged with a peer, as its model reads it: its own words are the assistant's. Neighbours of one role
 * are joined, since many models insist on turns. The oldest are left out where there are too many; the last one stays.
 */
export function modelHistory(
  messages: readonly Message[],
  self: string,
  most: number = longestHistory,
): readonly ModelMessage[] {
  const kept = lastThatFit(messages, most);
  const history: ModelMessage[] = [];
  for (const { from, content } of kept) {
    const role = from === self ? "assistant" : "user";
    const last = history.at(-1);
    if (last?.role === role) {
      history[history.length - 1] = { role, content: `${last.content}\n\n${content}` };
    } else {
      history.push({ role, content });
    }
  }

  return history[0]?.role === "assistant" ? [{ role: "user", content: "(Earlier words.)" }, ...history] : history;
}

function lastThatFit(messages: readonly Message[], most: number): readonly Message[] {
  let left = most;
  let first = messages.length;
  while (first > 0) {
    left -= weightOf(messages[first - 1]?.content ?? "");
    if (left < 0 && first < messages.length) {
      break;
    }

    first -= 1;
  }

  return messages.slice(first);
}

function weightOf(text: string): number {
  return text.length + (text.match(/\p{Script=Han}/gu)?.length ?? 0);
}
