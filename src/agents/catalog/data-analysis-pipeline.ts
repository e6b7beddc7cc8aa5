import type { AgentCard } from "../core/agent-card.ts";

/** Coordinates the group: preview, choice of the agent, briefing. */
export const dataAnalysisPipeline: AgentCard = {
  name: "data_analysis_pipeline",
  purpose: "Coordinates the data analysis group.",
  instructions: `You choose who answers a user's question about data files. Reply with the name of the agent and nothing else.
Every agent can compute what it needs, so one name is almost always enough. Only if the question asks for a written analysis and also for a chart of it, reply with both names, separated by a comma, in the order in which they should work.`,
};
