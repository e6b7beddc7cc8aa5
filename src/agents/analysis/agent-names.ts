import { assistantAgent } from "../catalog/assistant-agent.ts";
import { retrievalAgent } from "../catalog/retrieval-agent.ts";
import { visualizationAgent } from "../catalog/visualization-agent.ts";
import type { AgentCard } from "../core/agent-card.ts";

/** The person, as the agents know them. */
export const userName = "user";

/** Agents that answer questions about tables; the first is the default. */
export const tableAgents: readonly AgentCard[] = [assistantAgent, visualizationAgent];

/** Agents that answer questions. */
export const answeringAgents: readonly AgentCard[] = [...tableAgents, retrievalAgent];

/** The agent that is meant by what a person typed after `@` or `/`, if any. */
export function agentByWord(word: string): string | undefined {
  const wanted = word.toLowerCase().replace(/^[@/]/, "").replaceAll("-", "_");
  const shortcuts: { readonly [word: string]: string } = {
    plot: visualizationAgent.name,
    chart: visualizationAgent.name,
    ask: assistantAgent.name,
    files: retrievalAgent.name,
  };
  return (
    shortcuts[wanted] ??
    answeringAgents.find(({ name }) => name === wanted || name.replace(/_agent$/, "") === wanted)?.name
  );
}

/** Splits a leading `/plot`, `/ask`, `/files` or `@agent` off a question. */
export function splitForcedAgent(text: string): { readonly agent: string | null; readonly question: string } {
  const match = /^\s*([@/][\w-]+)\s+([^]+)$/.exec(text);
  const agent = match?.[1] === undefined ? undefined : agentByWord(match[1]);
  return agent === undefined || match?.[2] === undefined
    ? { agent: null, question: text.trim() }
    : { agent, question: match[2].trim() };
}
