import { dataAnalysisPipeline } from "../catalog/data-analysis-pipeline.ts";
import type { AgentCard } from "../core/agent-card.ts";
import type { ReplyContext } from "../core/reply.ts";
import type { ChatModel } from "../ports/chat-model.ts";
import { askForChoice } from "./ask-model.ts";

/** Who answers, one after the other, and how that was decided. */
export interface Route {
  readonly agents: readonly string[];
  readonly how: "model" | "model-second-try" | "default" | "forced" | "only";
}

const chainLimit = 2;

/** Lets a model choose among `candidates`; the first of them answers where it cannot be understood twice. */
export async function chooseAgents(
  context: ReplyContext,
  model: ChatModel,
  candidates: readonly AgentCard[],
  about: string,
): Promise<Route> {
  const [first] = candidates;
  if (first === undefined || candidates.length === 1) {
    return { agents: candidates.map(({ name }) => name), how: "only" };
  }

  const list = candidates.map(({ name, purpose }) => `- ${name}: ${purpose}`).join("\n");
  const names = candidates.map(({ name }) => name);
  const request = {
    messages: [
      { role: "system" as const, content: `${context.systemMessage}\n\nAgents:\n${list}` },
      {
        role: "user" as const,
        content: `${about}\n\nQuestion: ${context.message.content}\n\nWho answers?`,
      },
    ],
    temperature: 0,
  };
  const choice = await askForChoice(context, { model, request, agent: dataAnalysisPipeline.name }, (text) =>
    readAgents(text, names),
  );
  if (choice === undefined) {
    return { agents: [first.name], how: "default" };
  }

  return { agents: choice.value, how: choice.tries === 1 ? "model" : "model-second-try" };
}

/**
 * The names in a reply, in their order, each once; `undefined` where there is none, more than a chain may have, or
 * several within a sentence, which may speak against one of them.
 */
export function readAgents(text: string, names: readonly string[]): readonly string[] | undefined {
  const pattern = new RegExp(names.map((name) => `\\b${name}\\b`).join("|"), "gi");
  const found = [...new Set([...text.matchAll(pattern)].map(([name]) => name.toLowerCase()))];
  const words = text.replaceAll(pattern, "").replaceAll(/\b(?:and|then|agents)\b|[^\p{L}\p{N}]/giu, "");
  const isList = found.length === 1 || words === "";
  return found.length === 0 || found.length > chainLimit || !isList ? undefined : found;
}
