import type { AgentCard } from "../core/agent-card.ts";

/** Gets data into the session. */
export const loadDataAgent: AgentCard = {
  name: "load_data_agent",
  purpose: "Gets a file, a database or an address that the user names into the session, and lists its tables.",
  instructions:
    "Finds the files and addresses that a message names, attaches files of the workspace, and downloads addresses after the person's yes. It asks no model.",
};
