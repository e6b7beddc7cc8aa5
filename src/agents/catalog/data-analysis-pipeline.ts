import type { AgentCard } from "../core/agent-card.ts";

/** Coordinates the group: preview, choice of the agent, briefing. */
export const dataAnalysisPipeline: AgentCard = {
  name: "data_analysis_pipeline",
  purpose: "Coordinates the data analysis group.",
  instructions: `You choose who answers a user's question about data files. Reply with the name of the agent and nothing else.
If the question needs a result first and then a chart of something that must be computed by a longer analysis, reply with both names, separated by a comma, in the order in which they should work. One name is almost always enough: every agent can compute.`,
};
