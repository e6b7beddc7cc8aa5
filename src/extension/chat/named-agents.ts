import { memoryAgent } from "../../agents/catalog/memory-agent.ts";
import type { AgentDirectory, DirectoryEntry } from "../../agents/directory/agent-directory.ts";
import type { NamedAgent } from "../../agents/protocol/page.ts";

/** Who may be called by name: each name once, as the first that bears it; nobody whose file is broken. */
export function namedAgents({ entries }: Pick<AgentDirectory, "entries">): readonly NamedAgent[] {
  const first = new Map<string, DirectoryEntry>();
  for (const entry of entries) {
    const { name } = entry.definition;
    first.set(name, first.get(name) ?? entry);
  }
  return [...first.values()].filter(({ state }) => state !== "broken").map((entry) => namedAgent(entry));
}

function namedAgent({ definition: { name, description, group }, origin }: DirectoryEntry): NamedAgent {
  // What code answers by itself only shows when it runs; from memory there are the words of then.
  const needsModel = origin.kind === "file" || (origin.kind === "catalog" && name !== memoryAgent.name);
  return { name, description, isGroup: group !== null, needsModel };
}
