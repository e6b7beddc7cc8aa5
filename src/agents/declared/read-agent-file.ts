import type { AgentDefinition } from "../protocol/agent-definition.ts";
import type { AgentFileProblem } from "../protocol/agent-file-problem.ts";
import { type AgentFileKind, agentFileSchema, groupFileSchema } from "./agent-file-schema.ts";
import { checkHead } from "./check-head.ts";
import { defineAgentOf, defineGroupOf } from "./define.ts";
import { splitFrontMatter } from "./front-matter.ts";
import type { KnownNames } from "./known-names.ts";
import type { ReadingFile } from "./named.ts";
import { ProblemList } from "./problem-list.ts";
import { type ReadYaml, readYaml } from "./read-yaml.ts";

const mostCharacters = 1_000_000;
const mostHeadCharacters = 64_000;

/** What a file makes: an agent or a group, or what is in the way. */
export interface AgentFileReading {
  /** `null` where a problem is an error. */
  readonly definition: AgentDefinition | null;
  /** In the order of their places. */
  readonly problems: readonly AgentFileProblem[];
}

/** Which kind of file one is by its name; `null` where it is neither. */
export function agentFileKind(path: string): AgentFileKind | null {
  const [, kind] = /\.(agent|group)\.md$/iu.exec(path) ?? [];
  return kind === undefined ? null : kind.toLowerCase() === "group" ? "group" : "agent";
}

/** The name that a file's name gives its agent. */
export function stemOf(path: string): string {
  const name = path.split(/[/\\]/u).at(-1) ?? path;
  return name.replace(/\.(?:agent|group)\.md$/iu, "");
}

/** Whether a file is one of the editor's own agents. */
export function isEditorsFile(path: string): boolean {
  return /[/\\]\.github[/\\]agents[/\\][^/\\]*$/iu.test(path);
}

/**
 * Reads an agent's or a group's file. Never throws: what is wrong is in the problems, each with its place.
 *
 * @param path its name tells the kind and, where the file says no name, the name
 * @param text with or without a byte order mark, and with line ends of any kind
 */
export async function readAgentFile(path: string, text: string, known: KnownNames): Promise<AgentFileReading> {
  const problems = new ProblemList(text);
  const definition = await definitionIn({ path, text, known, problems });
  return { definition: problems.hasErrors ? null : definition, problems: problems.all };
}

interface Reading {
  readonly path: string;
  readonly text: string;
  readonly known: KnownNames;
  readonly problems: ProblemList;
}

async function definitionIn({ path, text, known, problems }: Reading): Promise<AgentDefinition | null> {
  if (text.length > mostCharacters) {
    problems.add("error", "file.too-large", { start: 0, end: 0 }, { values: { limit: "1 MB" } });
    return null;
  }
  const { head, body } = splitFrontMatter(text);
  if (head !== null && (!head.isClosed || head.text.length > mostHeadCharacters)) {
    const code = head.isClosed ? "head.too-large" : "head.unclosed";
    problems.add("error", code, { start: 0, end: head.start }, { values: { limit: "64 kB" } });
    return null;
  }
  const read = head === null ? nothingAt(firstLine(text)) : await readYaml(head.text, head.start, problems);
  const kind = agentFileKind(path) ?? "agent";
  const isEditors = isEditorsFile(path);
  if (read === null) {
    return null;
  }
  const whole = head === null ? firstLine(text) : { start: 0, end: head.start };
  const file: ReadingFile = {
    path,
    kind,
    isEditors,
    known,
    problems,
    stem: stemOf(path),
    head: { ...read, keyAt: atHead(read.keyAt, read, whole), valueAt: atHead(read.valueAt, read, whole) },
    body: body.text.replaceAll(/\r\n?/gu, "\n").trim(),
  };
  return kind === "agent" ? agentOf(file) : groupOf(file);
}

function agentOf(file: ReadingFile): AgentDefinition | null {
  const data = checkHead(file.head, { ...file, schema: agentFileSchema });
  return data === null ? null : defineAgentOf(data, file);
}

function groupOf(file: ReadingFile): AgentDefinition | null {
  const data = checkHead(file.head, { ...file, schema: groupFileSchema });
  return data === null ? null : defineGroupOf(data, file);
}

function firstLine(text: string): { readonly start: number; readonly end: number } {
  const end = text.search(/[\r\n]/u);
  return { start: 0, end: end === -1 ? text.length : end };
}

function nothingAt(span: { readonly start: number; readonly end: number }): ReadYaml {
  return { value: {}, valueAt: () => span, keyAt: () => span };
}

/** Places of what is not there are the first line: nothing else of the file is to blame. */
function atHead(
  find: ReadYaml["keyAt"],
  { value }: ReadYaml,
  whole: { readonly start: number; readonly end: number },
): ReadYaml["keyAt"] {
  return (path) => {
    const [first] = path;
    return first === undefined || !Object.hasOwn(value, first) ? whole : find(path);
  };
}
