import type { AgentDefinition } from "../protocol/agent-definition.ts";
import { agentNamePattern } from "../protocol/agent-definition.ts";

/** Something that a file may name, with what is said of it. */
export interface KnownName {
  readonly name: string;
  readonly description: string;
  /** A tool that is offered without being named. */
  readonly comesByItself?: boolean;
}

/** What exists in a workspace besides the file that is read. */
export interface KnownNames {
  /** Agents and groups; `null` where nobody can say, so that none is called unknown. */
  readonly agents: readonly KnownName[] | null;
  /** `null` where nobody can say. */
  readonly tools: readonly KnownName[] | null;
  /** The members of a group; none for whoever is none. */
  readonly membersOf?: (name: string) => readonly string[];
  /** Who bears a name already, in words for people; `null` where it is free for the file at the path. */
  readonly takenBy?: (name: string, path: string) => string | null;
}

/** Nothing is known: names are taken as they are. */
export const nothingKnown: KnownNames = { agents: null, tools: null };

/** `raw` as a name: what a name cannot have becomes `-`. `null` where nothing of a name is left. */
export function agentNameOf(raw: string): AgentDefinition["name"] | null {
  const name = raw
    .trim()
    .replaceAll(/[^\p{L}\p{N}_-]+/gu, "-")
    .replace(/^[^\p{L}_]+/u, "")
    .replace(/-+$/u, "");
  const short = Array.from(name).slice(0, 64).join("");
  return agentNamePattern.test(short) ? short : null;
}
