import type { AgentCard } from "../core/agent-card.ts";

/** Runs code, after the person's yes. */
export const pythonInterpreter: AgentCard = {
  name: "python_interpreter",
  purpose: "Runs Python code and returns what it printed.",
  instructions: "Runs code in the session's interpreter after the person has approved it. It asks no model.",
};
