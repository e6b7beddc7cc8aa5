import { MarkdownString, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState, Uri, l10n } from "vscode";
import type { AgentDirectory } from "../../agents/directory/agent-directory.ts";
import { type AgentHome, type AgentOwner, type ListedAgent, listAgents } from "./agent-list.ts";
import { type AgentFact, agentFacts, agentSummary, ownerText } from "./agent-words.ts";

/** One line of the view; `name` and `fsPath` are what commands want to know of it. */
export type AgentNode =
  | { readonly kind: "owner"; readonly owner: AgentOwner; readonly agents: readonly ListedAgent[] }
  | { readonly kind: "agent"; readonly agent: ListedAgent; readonly name: string; readonly fsPath: string | undefined }
  | { readonly kind: "fact"; readonly fact: AgentFact; readonly name: string; readonly fsPath: string | undefined };

/** The lines below `node`; without one those at the top. */
export function agentNodes(
  {
    directory,
    homeOf,
  }: { readonly directory: AgentDirectory; readonly homeOf: (name: string) => AgentHome | undefined },
  node?: AgentNode,
): readonly AgentNode[] {
  switch (node?.kind) {
    case undefined:
      return ownerNodes(listAgents(directory, homeOf));
    case "owner":
      return node.agents.map((agent) => agentNode(agent));
    case "agent":
      return agentFacts(node.agent).map((fact) => ({ ...node, kind: "fact", fact }));
    case "fact":
      return [];
  }
}

/** A line as the editor draws it. */
export function agentTreeItem(node: AgentNode): TreeItem {
  switch (node.kind) {
    case "owner":
      return ownerItem(node.owner);
    case "agent":
      return agentItem(node.agent);
    case "fact":
      return factItem(node.fact, node.fsPath);
  }
}

function ownerNodes(agents: readonly ListedAgent[]): readonly AgentNode[] {
  const owners = [...new Set(agents.map(({ owner }) => owner))];
  return owners.map((owner) => ({ kind: "owner", owner, agents: agents.filter((agent) => agent.owner === owner) }));
}

function agentNode(agent: ListedAgent): AgentNode {
  const { definition, origin } = agent.entry;
  return { kind: "agent", agent, name: definition.name, fsPath: "path" in origin ? origin.path : undefined };
}

function ownerItem(owner: AgentOwner): TreeItem {
  const { Expanded, Collapsed } = TreeItemCollapsibleState;
  return new TreeItem(ownerText(owner), owner === "product" ? Collapsed : Expanded);
}

function agentItem(agent: ListedAgent): TreeItem {
  const { name, description } = agent.entry.definition;
  const item = new TreeItem(name, TreeItemCollapsibleState.Collapsed);
  const summary = agentSummary(agent);
  item.description = summary;
  item.iconPath = iconOf(agent);
  // Menus look for what can be done between semicolons.
  item.contextValue = `agent;${agent.actions.join(";")};`;
  item.tooltip = tooltipOf(agent);
  item.accessibilityInformation = { label: [name, summary, description].filter((part) => part !== "").join(", ") };
  return item;
}

function tooltipOf(agent: ListedAgent): MarkdownString {
  const text = new MarkdownString(undefined, true);
  text.appendText(agent.entry.definition.name);
  for (const { icon, text: words } of agentFacts(agent)) {
    text.appendMarkdown(`\n\n$(${icon}) `).appendText(words);
  }
  return text;
}

function iconOf({ entry: { state, definition, origin }, overshadowedBy }: ListedAgent): ThemeIcon {
  if (state === "broken") {
    return new ThemeIcon("error", new ThemeColor("list.errorForeground"));
  }
  if (overshadowedBy !== null) {
    return new ThemeIcon("warning", new ThemeColor("list.warningForeground"));
  }
  const icons = { starting: "loading~spin", stopped: "debug-stop", untrusted: "shield" } as const;
  const kinds = { catalog: "sparkle", file: "file-text", code: "file-code", extension: "extensions" } as const;
  return new ThemeIcon(
    state === "ready" ? (definition.group === null ? kinds[origin.kind] : "organization") : icons[state],
  );
}

function factItem({ icon, text, isWarning, opensFile }: AgentFact, fsPath: string | undefined): TreeItem {
  const item = new TreeItem(text);
  item.tooltip = text;
  item.iconPath =
    isWarning === true ? new ThemeIcon(icon, new ThemeColor("list.errorForeground")) : new ThemeIcon(icon);
  if (opensFile === true && fsPath !== undefined) {
    item.command = { command: "vscode.open", title: l10n.t("Open"), arguments: [Uri.file(fsPath)] };
  }
  return item;
}
