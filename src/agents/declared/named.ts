import type { AgentFileProblem } from "../protocol/agent-file-problem.ts";
import { agentName } from "../directory/original-names.ts";
import type { AgentFileKind } from "./agent-file-schema.ts";
import { type KnownName, type KnownNames, agentNameOf } from "./known-names.ts";
import type { ProblemList } from "./problem-list.ts";
import type { ReadYaml } from "./read-yaml.ts";
import { similarName } from "./similar-name.ts";

/** The file that is being read. */
export interface ReadingFile {
  readonly path: string;
  readonly kind: AgentFileKind;
  /** The name that its file name gives; `null` where that can be none. */
  readonly stem: string;
  /** One of the editor's own agents, which have rules of their own. */
  readonly isEditors: boolean;
  readonly head: ReadYaml;
  readonly body: string;
  readonly known: KnownNames;
  readonly problems: ProblemList;
}

/** A name in a file, and where it stands. */
interface Named {
  readonly name: string;
  readonly path: readonly PropertyKey[];
  /** Whether it is the whole of what stands there, so that another can be put in its place. */
  readonly isWhole: boolean;
}

/** Names as they are written: a list, or a text with commas between them. */
export function namesIn(value: string | readonly string[] | undefined, key: string): readonly Named[] {
  if (value === undefined) {
    return [];
  }
  if (typeof value !== "string") {
    return value
      .map((name, at) => ({ name: name.trim(), path: [key, at], isWhole: true }))
      .filter(({ name }) => name !== "");
  }
  const names = value.split(/[,，、]/u).map((name) => name.trim());
  return names.filter((name) => name !== "").map((name) => ({ name, path: [key], isWhole: names.length === 1 }));
}

/**
 * Agents that a key names, each once. Those that nobody knows stay, with a warning: they may come yet.
 *
 * @param self the file's own name, which is passed over
 */
export function agentsIn(named: readonly Named[], key: string, self: string, file: ReadingFile): readonly string[] {
  const found = new Set<string>();
  for (const one of named) {
    const name = agentIn(one, key, self, file);
    if (name !== null) {
      if (found.has(name)) {
        file.problems.add("hint", "agent.twice", file.head.valueAt(one.path), { values: { key, name } });
      }
      found.add(name);
    }
  }
  return [...found];
}

/** One agent that is named, by the name that it has here; `null` where it is none that can be spoken to. */
export function agentIn(
  { name: written, path, isWhole }: Named,
  key: string,
  self: string,
  file: ReadingFile,
): string | null {
  const { head, known, problems } = file;
  const span = head.valueAt(path);
  const isOwn = known.agents?.some((agent) => agent.name === written) === true;
  const original = isOwn ? written : agentName(written);
  const name = agentNameOf(original);
  if (name === null) {
    problems.add("warning", "name.invalid", span, { values: { name: written } });
    return null;
  }
  if (name === self) {
    // That a group is in itself is told as any circle of groups.
    if (key !== "members") {
      problems.add("warning", "agent.itself", span, { values: { key, name } });
    }
    return null;
  }
  if (original !== written) {
    problems.add("hint", "agent.original", span, {
      values: { name: written, near: original },
      fixes: fixesFor(original, isWhole),
    });
  } else if (known.agents !== null && !known.agents.some((agent) => agent.name === name)) {
    const near = similarName(name, namesOf(known.agents, self));
    addUnknown("agent", { name, near, span, isWhole }, problems);
  }
  return name;
}

/** Tools that are named. Those that nobody knows stay, with a warning. */
export function toolsIn(named: readonly Named[], { head, isEditors, known, problems }: ReadingFile): readonly string[] {
  for (const { name, path, isWhole } of named) {
    if (known.tools !== null && name.startsWith("mcp:")) {
      checkServer(name, head.valueAt(path), { servers: serversIn(known.tools), problems, isHint: isEditors });
    } else if (known.tools !== null && !isKnownTool(name, known.tools)) {
      const near = similarName(name, namesOf(known.tools, ""));
      addUnknown("tool", { name, near, span: head.valueAt(path), isWhole }, problems, isEditors ? "hint" : "warning");
    }
  }
  return [...new Set(named.map(({ name }) => name))];
}

/** Servers, as they are named with all their tools. */
function serversIn(tools: readonly KnownName[]): readonly string[] {
  return tools.flatMap(({ name }) => (name.startsWith("mcp:") && name.endsWith("/*") ? [name.slice(4, -2)] : []));
}

interface ServerCheck {
  readonly servers: readonly string[];
  readonly problems: ProblemList;
  readonly isHint: boolean;
}

/** Which tools a server has is known when it has been reached; that there is such a server is known before. */
function checkServer(name: string, span: Unknown["span"], { servers, problems, isHint }: ServerCheck): void {
  if (!servers.some((server) => name.startsWith(`mcp:${server}/`) && name.length > server.length + 5)) {
    const code = servers.length === 0 ? "tool.no-server" : "tool.unknown-server";
    const values = { name, servers: servers.join(", ") };
    problems.add(isHint ? "hint" : "warning", code, span, { values });
  }
}

function isKnownTool(name: string, tools: readonly KnownName[]): boolean {
  return (
    serversIn(tools).some((server) => name.startsWith(`${server}/`)) ||
    tools.some((tool) => tool.name === name || (name.endsWith("/*") && tool.name.startsWith(name.slice(0, -1))))
  );
}

function namesOf(known: readonly KnownName[], self: string): readonly string[] {
  return known.map(({ name }) => name).filter((name) => name !== self);
}

interface Unknown {
  readonly name: string;
  readonly near: string | undefined;
  readonly span: { readonly start: number; readonly end: number };
  readonly isWhole: boolean;
}

function addUnknown(
  what: "agent" | "tool",
  { name, near, span, isWhole }: Unknown,
  problems: ProblemList,
  severity: AgentFileProblem["severity"] = "warning",
): void {
  if (near === undefined) {
    problems.add(severity, `${what}.unknown`, span, { values: { name } });
  } else {
    problems.add(severity, `${what}.unknown-near`, span, { values: { name, near }, fixes: fixesFor(near, isWhole) });
  }
}

function fixesFor(text: string, isWhole: boolean): AgentFileProblem["fixes"] {
  return isWhole ? [{ text }] : [];
}
