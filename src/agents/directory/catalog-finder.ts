import { commonAgent } from "../catalog/common-agent.ts";
import { loadDataAgent } from "../catalog/load-data-agent.ts";
import { memoryAgent } from "../catalog/memory-agent.ts";
import { planner } from "../catalog/planner.ts";
import { rhetoricalAgent } from "../catalog/rhetorical-agent.ts";
import { sparkSqlAgent } from "../catalog/spark-sql-agent.ts";
import { sqlReviewerAgent } from "../catalog/sql-reviewer-agent.ts";
import { subquestionAgent } from "../catalog/subquestion-agent.ts";
import type { AgentCard } from "../core/agent-card.ts";
import type { ReplyFunction } from "../core/reply.ts";
import { completeDefinition } from "../protocol/agent-definition.ts";
import type { AgentFinder, DirectoryEntry } from "./agent-directory.ts";

/** The catalog's agents beside the data analysis group, whom a person can speak to. */
export const catalogAgentCards: readonly AgentCard[] = [
  commonAgent,
  sparkSqlAgent,
  sqlReviewerAgent,
  rhetoricalAgent,
  planner,
  subquestionAgent,
  loadDataAgent,
];

/** A catalog agent as one of the directory. @param replies Of a session; none for a list of who exists. */
export function catalogEntry(card: AgentCard, replies: readonly ReplyFunction[] = []): DirectoryEntry {
  const { name, purpose: description, instructions: systemMessage } = card;
  return {
    definition: completeDefinition({ name, description, systemMessage }),
    origin: { kind: "catalog" },
    state: "ready",
    problem: null,
    replies,
  };
}

/** Says who of the catalog exists. Each session has its own of them, who can answer. */
export const catalogFinder: AgentFinder = {
  entries: [...catalogAgentCards, memoryAgent].map((card) => catalogEntry(card)),
  onChange: () => () => undefined,
};
