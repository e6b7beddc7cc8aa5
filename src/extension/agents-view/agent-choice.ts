import { l10n, window } from "vscode";
import type { AgentDirectory } from "../../agents/directory/agent-directory.ts";
import { type ListedAgent, listAgents } from "./agent-list.ts";
import { agentSummary } from "./agent-words.ts";

/** The agent that a command is about: the line of the view that it was given, a name, or one that the person chooses. */
export async function chooseAgent(
  directory: AgentDirectory,
  given: unknown,
  { title, fits }: { readonly title: string; readonly fits: (agent: ListedAgent) => boolean },
): Promise<ListedAgent | undefined> {
  const agents = listAgents(directory).filter(fits);
  const named = agents.find((agent) => isMeant(agent, given));
  if (named !== undefined) {
    return named;
  }
  if (agents.length === 0) {
    void window.showInformationMessage(l10n.t("There is no agent with which this can be done."));
    return undefined;
  }
  const items = agents.map((agent) => {
    const { name, description } = agent.entry.definition;
    return { label: name, description: agentSummary(agent), detail: description, agent };
  });
  return (await window.showQuickPick(items, { title, matchOnDescription: true, matchOnDetail: true }))?.agent;
}

/** A line of the view names the place too, since two agents may bear one name. */
function isMeant({ entry: { definition, origin }, overshadowedBy }: ListedAgent, given: unknown): boolean {
  if (typeof given === "string") {
    return definition.name === given && overshadowedBy === null;
  }
  return (
    typeof given === "object" &&
    given !== null &&
    "name" in given &&
    given.name === definition.name &&
    "fsPath" in given &&
    given.fsPath === ("path" in origin ? origin.path : undefined)
  );
}
