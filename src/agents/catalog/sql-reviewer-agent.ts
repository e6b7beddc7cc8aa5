import type { AgentCard } from "../core/agent-card.ts";

/** Checks SQL before it runs. */
export const sqlReviewerAgent: AgentCard = {
  name: "sql_reviewer_agent",
  purpose: "Checks an SQL statement against the real tables before it runs: one statement, known names, reads only.",
  instructions:
    "Checks statements by rules and by the engine that would run them, which parses and binds them without running them. It asks no model.",
};
