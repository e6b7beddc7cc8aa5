import type { AgentDirectory, DirectoryEntry } from "../../agents/directory/agent-directory.ts";
import type { NamedAgent } from "../../agents/protocol/page.ts";

/** Who may be called by name: each name once, and nobody whose file is broken. */
export function namedAgents(directory: AgentDirectory): readonly NamedAgent[] {
  return directory.entries
    .filter((entry) => entry.state !== "broken" && directory.find(entry.definition.name) === entry)
    .map((entry) => namedAgent(entry));
}

function namedAgent({ definition: { name, description, group }, origin }: DirectoryEntry): NamedAgent {
  // What code answers by itself only shows when it runs.
  const needsModel = origin.kind === "file" || origin.kind === "catalog";
  return { name, description, isGroup: group !== null, needsModel };
}
