import { env, l10n, workspace } from "vscode";
import type { DirectoryEntry } from "../../agents/directory/agent-directory.ts";
import type { AgentDefinition, GroupPlan } from "../../agents/protocol/agent-definition.ts";
import { problemText } from "../../agents/protocol/words/problem-text.ts";
import { stateText } from "../agents/state-text.ts";
import type { AgentHome, AgentOwner, ListedAgent } from "./agent-list.ts";

/** One thing that is to be said of an agent. */
export interface AgentFact {
  readonly icon: string;
  readonly text: string;
  /** Whether something is wrong. */
  readonly isWarning?: boolean;
  /** Whether a click opens the agent's file. */
  readonly opensFile?: boolean;
}

/** What a person calls those whose agents these are. */
export function ownerText(owner: AgentOwner): string {
  switch (owner) {
    case "workspace":
      return l10n.t("This workspace");
    case "extensions":
      return l10n.t("Other extensions");
    case "product":
      return l10n.t("Byzer Agent");
  }
}

/** What stands beside an agent's name: where it is not ready, why; else where it lives, its model, where it comes from. */
export function agentSummary({ entry, overshadowedBy, home }: ListedAgent): string {
  const { state, definition, problem } = entry;
  const parts = [
    overshadowedBy === null ? "" : l10n.t("name taken"),
    state === "ready" ? "" : stateText(state),
    state === "broken" && problem !== null ? problemText(problem, env.language) : "",
    home === null ? "" : homeText(home),
    definition.group === null ? (definition.model ?? "") : l10n.t("group"),
    entry.origin.kind === "catalog" ? "" : placeText(entry, home === null),
  ];
  return parts.filter((part) => part !== "").join(" · ");
}

/** Everything else, a line each. */
export function agentFacts({ entry, overshadowedBy, home }: ListedAgent): readonly AgentFact[] {
  const { definition, origin, problem, state } = entry;
  const wrong = problem === null ? [] : [warning("error", problemText(problem, env.language))];
  const taken = overshadowedBy === null ? [] : [warning("warning", takenText(overshadowedBy))];
  const place = { icon: "location", text: placeText(entry, home === null), opensFile: "path" in origin };
  return [
    ...wrong,
    ...taken,
    ...(definition.description === "" ? [] : [{ icon: "info", text: definition.description }]),
    { icon: "pulse", text: stateText(state) },
    ...(home === null ? [] : [{ icon: "server", text: homeText(home) }]),
    place,
    ...definitionFacts(definition),
  ];
}

function definitionFacts({ model, tools, asks, handOffs, group }: AgentDefinition): readonly AgentFact[] {
  return [
    { icon: "server", text: model === null ? l10n.t("Model: the chat's") : l10n.t("Model: {0}", model) },
    ...(tools.length === 0 ? [] : [{ icon: "tools", text: l10n.t("Tools: {0}", joined(tools)) }]),
    ...(asks.length === 0 ? [] : [{ icon: "comment", text: l10n.t("May ask: {0}", joined(asks)) }]),
    ...(handOffs.length === 0
      ? []
      : [{ icon: "arrow-right", text: l10n.t("Hands over to: {0}", joined(handOffs.map(({ agent }) => agent))) }]),
    ...(group === null ? [] : [{ icon: "organization", text: groupText(group) }]),
  ];
}

function joined(names: readonly string[]): string {
  return names.join(", ");
}

function groupText({ members, maxRounds }: GroupPlan): string {
  return l10n.t("Members: {0} (at most {1} rounds)", joined(members), maxRounds);
}

function takenText(bearer: DirectoryEntry): string {
  return l10n.t("Another agent answers to this name: {0}", placeText(bearer));
}

function warning(icon: string, text: string): AgentFact {
  return { icon, text, isWarning: true };
}

function homeText({ node, restarts }: AgentHome): string {
  switch (restarts) {
    case 0:
      return l10n.t("on {0}", node);
    case 1:
      return l10n.t("on {0}, started again once", node);
    default:
      return l10n.t("on {0}, started again {1} times", node, restarts);
  }
}

/** Where an agent comes from. @param saysCluster Whether it is said that it lives on the cluster. */
function placeText({ origin, definition: { location } }: DirectoryEntry, saysCluster = true): string {
  const far = saysCluster && location === "ray" ? ` · ${l10n.t("on the cluster")}` : "";
  switch (origin.kind) {
    case "catalog":
      return l10n.t("Comes with Byzer Agent") + far;
    case "extension":
      return l10n.t("Extension {0}", origin.extensionId) + far;
    case "file":
    case "code":
      return workspace.asRelativePath(origin.path) + far;
  }
}
