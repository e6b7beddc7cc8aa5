import type { AgentCard } from "../core/agent-card.ts";

/** Describes a file, by code and without a model. */
export const previewFileAgent: AgentCard = {
  name: "preview_file_agent",
  purpose: "Reads a file and describes it: columns, types, ranges, missing values, totals, first rows.",
  instructions: "Describes files from their profile, which is computed by code. It asks no model.",
};
