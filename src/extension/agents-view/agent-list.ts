import { answeringAgents } from "../../agents/analysis/agent-names.ts";
import { catalog } from "../../agents/catalog/index.ts";
import type { AgentDirectory, DirectoryEntry } from "../../agents/directory/agent-directory.ts";
import { catalogEntry } from "../../agents/directory/catalog-finder.ts";

/** What a person can do with an agent where it stands in the list. */
export type AgentAction = "ask" | "open" | "start" | "stop" | "restart" | "debug" | "output" | "edit" | "forget";

/** Whose an agent is. */
export type AgentOwner = "workspace" | "extensions" | "product";

/** Where an agent lives that was spoken to on a cluster. */
export interface AgentHome {
  /** Of the cluster. */
  readonly node: string;
  /** How often it has been started again since this window knows it. */
  readonly restarts: number;
}

/** One agent as the list shows it. */
export interface ListedAgent {
  readonly entry: DirectoryEntry;
  readonly owner: AgentOwner;
  /** Who answers to its name instead of it; `null` where it does. */
  readonly overshadowedBy: DirectoryEntry | null;
  /** `null` where it does not live on a cluster, or is not known there. */
  readonly home: AgentHome | null;
  readonly actions: readonly AgentAction[];
}

type Directory = Pick<AgentDirectory, "entries" | "find">;

/** Agents that every session has in any case: nobody else can answer to their names. */
const everySession: readonly DirectoryEntry[] = catalog.map((card) => catalogEntry(card));

/** Everyone who exists: those of the workspace first, then those of other extensions and of the product, each by name. */
export function listAgents(
  directory: Directory,
  homeOf: (name: string) => AgentHome | undefined = () => undefined,
): readonly ListedAgent[] {
  const { entries } = directory;
  const builtIn = everySession.filter(
    ({ definition }) =>
      !entries.some(({ origin, definition: { name } }) => origin.kind === "catalog" && name === definition.name),
  );
  const listed = [...entries, ...builtIn].map((entry) => ({
    ...listedAgent(entry, directory, builtIn),
    home: entry.definition.location === "ray" ? (homeOf(entry.definition.name) ?? null) : null,
  }));
  return listed.toSorted((a, b) => order.indexOf(a.owner) - order.indexOf(b.owner) || compareNames(a, b));
}

const order: readonly AgentOwner[] = ["workspace", "extensions", "product"];

function compareNames(a: ListedAgent, b: ListedAgent): number {
  return a.entry.definition.name.localeCompare(b.entry.definition.name);
}

function listedAgent(
  entry: DirectoryEntry,
  directory: Directory,
  builtIn: readonly DirectoryEntry[],
): Omit<ListedAgent, "home"> {
  const { name } = entry.definition;
  const bearer = builtIn.find(({ definition }) => definition.name === name) ?? directory.find(name) ?? entry;
  const overshadowedBy = isSame(bearer, entry) ? null : bearer;
  const isAsked = !builtIn.includes(entry) || answeringAgents.some((card) => card.name === name);
  const answers = isAsked && overshadowedBy === null && entry.state !== "broken";
  return {
    entry,
    owner: ownerOf(entry),
    overshadowedBy,
    actions: [
      ...(answers ? (["ask"] as const) : []),
      ...(overshadowedBy === null ? noteActions(entry, builtIn) : []),
      ...fileActions(entry),
    ],
  };
}

/** Whoever finds agents may make its entries anew each time. */
function isSame(some: DirectoryEntry, other: DirectoryEntry): boolean {
  return placeOf(some) === placeOf(other);
}

function placeOf({ origin }: DirectoryEntry): string {
  return "path" in origin ? origin.path : origin.kind === "extension" ? origin.extensionId : origin.kind;
}

function ownerOf({ origin }: DirectoryEntry): AgentOwner {
  return origin.kind === "catalog" ? "product" : origin.kind === "extension" ? "extensions" : "workspace";
}

/** Agents that every session has are told anew what they need for each question, so that they have nothing to forget. */
function noteActions(entry: DirectoryEntry, builtIn: readonly DirectoryEntry[]): readonly AgentAction[] {
  const edit = entry.origin.kind !== "catalog" || entry.definition.systemMessage !== "";
  return [...(edit ? (["edit"] as const) : []), ...(builtIn.includes(entry) ? [] : (["forget"] as const))];
}

function fileActions({ origin, state }: DirectoryEntry): readonly AgentAction[] {
  if (origin.kind !== "code") {
    return origin.kind === "file" ? ["open"] : [];
  }
  switch (state) {
    case "ready":
    case "starting":
      return ["open", "stop", "restart", "debug", "output"];
    case "broken":
    case "stopped":
      return ["open", "start", "debug", "output"];
    case "untrusted":
      return ["open", "start"];
  }
}
