import { assistantAgent } from "../catalog/assistant-agent.ts";
import { dataAnalysisPipeline } from "../catalog/data-analysis-pipeline.ts";
import { memoryAgent } from "../catalog/memory-agent.ts";
import { retrievalAgent } from "../catalog/retrieval-agent.ts";
import { visualizationAgent } from "../catalog/visualization-agent.ts";
import type { AgentCard } from "../core/agent-card.ts";
import { agentName } from "../directory/original-names.ts";

/** The person, as the agents know them. */
export const userName = "user";

/** Agents that answer questions about tables; the first is the default. */
export const tableAgents: readonly AgentCard[] = [assistantAgent, visualizationAgent];

/** Agents that answer questions. */
export const answeringAgents: readonly AgentCard[] = [...tableAgents, retrievalAgent];

/** When to choose an agent that every session has; empty for other names. */
export function builtInPurpose(name: string): string {
  return [...answeringAgents, memoryAgent, dataAnalysisPipeline].find((card) => card.name === name)?.purpose ?? "";
}

/** The agent that is meant by what a person typed after `@` or `/`, if any. */
export function agentByWord(word: string): string | undefined {
  const wanted = word.toLowerCase().replace(/^[@/]/, "").replaceAll("-", "_");
  const shortcuts: { readonly [word: string]: string } = {
    plot: visualizationAgent.name,
    chart: visualizationAgent.name,
    ask: assistantAgent.name,
    files: retrievalAgent.name,
    memory: memoryAgent.name,
    memory_agent: memoryAgent.name,
  };
  return (
    shortcuts[wanted] ??
    answeringAgents.find(({ name }) => name === agentName(wanted) || name.replace(/_agent$/, "") === wanted)?.name
  );
}

/** What may begin a question: `@` or `/`, a name, and what parts it from the question. */
const forced = /^\s*[@/]([\p{L}_][\p{L}\p{N}_-]*)([\s,，:：、]*)([^]*)$/u;

/**
 * Splits a leading `/plot`, `/ask`, `/files` or `@agent` off a question.
 *
 * @param others Names of agents beside those that answer questions about files and tables.
 */
export function splitForcedAgent(
  text: string,
  others: readonly string[] = [],
): { readonly agent: string | null; readonly question: string } {
  const [, word = "", gap = "", rest = ""] = forced.exec(text) ?? [];
  if (gap !== "" && rest.trim() !== "") {
    const agent = agentByWord(word) ?? otherByWord(word, others);
    return agent === undefined ? { agent: null, question: text.trim() } : { agent, question: rest.trim() };
  }

  const agent = beginningOf(word, others);
  const question = `${word.slice(agent?.length ?? 0)}${gap}${rest}`.trim();
  return agent === undefined || question === "" ? { agent: null, question: text.trim() } : { agent, question };
}

function otherByWord(word: string, others: readonly string[]): string | undefined {
  const wanted = word.toLowerCase();
  return (
    others.find((name) => name === word) ??
    others.find((name) => name.toLowerCase() === wanted) ??
    others.find((name) => name === agentName(wanted) || name.replace(/_agent$/u, "") === wanted)
  );
}

/** Chinese is written without spaces: the longest name that the words begin with, where it ends in such a script. */
function beginningOf(word: string, others: readonly string[]): string | undefined {
  return others
    .filter((name) => word.startsWith(name) && /\p{Script=Han}$/u.test(name))
    .toSorted((a, b) => b.length - a.length)[0];
}
