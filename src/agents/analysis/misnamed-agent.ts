import { AgentError } from "../base/errors.ts";
import { similarName } from "../declared/similar-name.ts";
import type { Session } from "../protocol/session-state.ts";
import { answeringAgents } from "./agent-names.ts";
import { sessionNames } from "./question-language.ts";

/** What begins a question as the name of an agent would: `@`, a name and a blank. */
const addressed = /^\s*@([\p{L}_][\p{L}\p{N}_-]*)[\s,，:：、]+\S/u;
const mostNear = 3;

/** What a question may mean by a word behind `@`. */
interface NamedThings {
  /** All who can be asked. */
  readonly agents: readonly string[];
  /** Names of files, folders and columns of the session. */
  readonly others: readonly string[];
}

/** What a question in a session may name. @param agents Names of agents beside those that answer about files and tables. */
export function namedThings(session: Pick<Session, "files" | "sources">, agents: readonly string[]): NamedThings {
  return {
    agents: [...new Set([...answeringAgents.map(({ name }) => name), ...agents])],
    others: [...sessionNames(session), ...session.sources.map(({ name }) => name)],
  };
}

/**
 * What is wrong with a question that is addressed to nobody; `undefined` where it is addressed to no one by name, or begins
 * with something else that has a name here.
 */
export function misnamedAgent(text: string, { agents, others }: NamedThings): AgentError<"agent.unknown"> | undefined {
  const [, name] = addressed.exec(text) ?? [];
  if (name === undefined || others.some((other) => isNamed(name, other))) {
    return undefined;
  }

  const near = nearestNames(name, agents);
  const meant = near.length === 0 ? `Agents: ${agents.join(", ")}.` : `Did you mean ${near.join(", ")}?`;
  const message = `No agent is called ${name}, so nobody was asked. ${meant} A question that only begins with such a word is asked with the word in quotation marks.`;
  return new AgentError("agent.unknown", { name, near: near.join(", ") }, message);
}

/** The name itself, or that of a file without its ending. */
function isNamed(name: string, other: string): boolean {
  const [wanted, whole] = [name.toLowerCase(), other.toLowerCase()];
  return wanted === whole || wanted === whole.replace(/\.\w{1,8}$/u, "");
}

/** The nearest by letters, then those that hold the name or are held by it. */
function nearestNames(name: string, agents: readonly string[]): readonly string[] {
  const wanted = plain(name);
  const slips = [similarName(name, agents), ...agents.filter((agent) => similarName(wanted, [plain(agent)]))];
  const parts = agents.filter((agent) => {
    const [short, long] = [wanted, plain(agent)].toSorted((one, other) => one.length - other.length);
    return short !== undefined && short.length >= 3 && long?.includes(short) === true;
  });
  const near = [...slips, ...parts].filter((agent) => agent !== undefined);
  return [...new Set(near)].slice(0, mostNear);
}

function plain(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[-_]/gu, "")
    .replace(/agent$/u, "");
}
