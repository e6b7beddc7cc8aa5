import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { messageOf } from "../base/errors.ts";
import type { AgentFinder, DirectoryEntry } from "../directory/agent-directory.ts";
import { type AgentDefinition, completeDefinition } from "../protocol/agent-definition.ts";
import type { AgentFileProblem } from "../protocol/agent-file-problem.ts";
import type { Problem } from "../protocol/problem.ts";
import { type KnownName, type KnownNames, nothingKnown } from "./known-names.ts";
import { ProblemList } from "./problem-list.ts";
import { agentFileKind, isEditorsFile, readAgentFile, stemOf } from "./read-agent-file.ts";

export interface FileAgentsOptions {
  /** The text of bytes in whatever encoding, without its mark; `null` for what is no text. */
  readonly decode: (bytes: Buffer) => Promise<string | null>;
  /** What else exists in the workspace; asked for at each reading. */
  readonly others?: () => KnownNames;
  /** The bytes of a file; rejects with `ENOENT` where there is none. */
  readonly read?: (path: string) => Promise<Buffer>;
}

/** One file as it was last read. */
interface FileState {
  readonly path: string;
  /** `null` where it could not be read as text; `failure` then says why. */
  readonly text: string | null;
  readonly failure: AgentFileProblem | null;
  readonly problems: readonly AgentFileProblem[];
  readonly definition: AgentDefinition | null;
  /** What it said when it last could be used. */
  readonly lastGood: AgentDefinition | null;
}

/**
 * Finds agents and groups in files. A file that breaks keeps its last good definition and is shown as broken. Of two
 * files that name one agent the first keeps the name: first those of `.byzer/agents`, then by path.
 */
export class FileAgents implements AgentFinder {
  readonly #others: () => KnownNames;
  readonly #decode: FileAgentsOptions["decode"];
  readonly #read: (path: string) => Promise<Buffer>;
  readonly #listeners = new Set<() => void>();
  #files: readonly FileState[] = [];
  #entries: readonly DirectoryEntry[] = [];
  #queue: Promise<void> = Promise.resolve();

  constructor({ decode, others = () => nothingKnown, read = readFile }: FileAgentsOptions) {
    this.#decode = decode;
    this.#others = others;
    this.#read = read;
  }

  get entries(): readonly DirectoryEntry[] {
    return this.#entries;
  }

  /** Every file that is there, and what is wrong in it. */
  get problems(): ReadonlyMap<string, readonly AgentFileProblem[]> {
    return new Map(this.#files.map(({ path, problems }) => [path, problems]));
  }

  /** What a file may name, as it was when the files were last read. */
  get known(): KnownNames {
    return knownTo(this.#files, this.#others());
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Reads files again, or for the first time; those that are gone are forgotten. Others that name them are judged anew.
   * Calls that overlap follow one another.
   *
   * @param paths absolute; none where only what else exists has changed
   */
  refresh(paths: readonly string[]): Promise<void> {
    const refreshed = this.#queue.then(() => this.#refresh(paths));
    // One that fails tells its caller, and keeps none from coming after it.
    this.#queue = refreshed.catch(() => undefined);
    return refreshed;
  }

  async #refresh(paths: readonly string[]): Promise<void> {
    const before = JSON.stringify(this.#files);
    const asked = paths.filter((path) => agentFileKind(path) !== null);
    const read = await Promise.all([...new Set(asked)].map((path) => this.#readFile(path)));
    const kept = this.#files.filter(({ path }) => !asked.includes(path));
    const files = [...kept, ...read.filter((file) => file !== null)].toSorted(inOrder);
    const known = knownTo(files, this.#others());
    this.#files = await Promise.all(files.map((file) => judge(file, known)));
    if (JSON.stringify(this.#files) !== before) {
      this.#entries = this.#files.map((file) => entryOf(file));
      this.#listeners.forEach((listener) => listener());
    }
  }

  /** @returns `null` where there is no such file any more. */
  async #readFile(path: string): Promise<FileState | null> {
    const lastGood = this.#files.find((file) => file.path === path)?.lastGood ?? null;
    const unread = { path, text: null, problems: [], definition: null, lastGood };
    try {
      const text = await this.#decode(await this.#read(path));
      return text === null
        ? { ...unread, failure: failureOf("file.no-text", "") }
        : { ...unread, text, failure: null, definition: (await readAgentFile(path, text, nothingKnown)).definition };
    } catch (error) {
      const isGone = error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
      return isGone ? null : { ...unread, failure: failureOf("file.unreadable", messageOf(error)) };
    }
  }
}

function failureOf(code: string, reason: string): AgentFileProblem | null {
  const problems = new ProblemList("");
  problems.add("error", code, { start: 0, end: 0 }, { values: { reason } });
  return problems.all[0] ?? null;
}

function inOrder(one: FileState, other: FileState): number {
  const editorsLast = Number(isEditorsFile(one.path)) - Number(isEditorsFile(other.path));
  return editorsLast || (one.path < other.path ? -1 : one.path > other.path ? 1 : 0);
}

/** What the files may name: each other, and what else there is. */
function knownTo(files: readonly FileState[], others: KnownNames): KnownNames {
  const owners = new Map<string, string>();
  const members = new Map<string, readonly string[]>();
  const here: KnownName[] = [];
  for (const { path, definition, lastGood } of files) {
    const { name, description } = definition ?? lastGood ?? { name: stemOf(path), description: "" };
    if (!owners.has(name)) {
      owners.set(name, path);
      members.set(name, (definition ?? lastGood)?.group?.members ?? []);
      here.push({ name, description });
    }
  }
  return {
    agents: others.agents === null ? null : [...others.agents, ...here],
    tools: others.tools,
    membersOf: (name) => members.get(name) ?? [],
    takenBy: (name, path) => {
      const owner = owners.get(name);
      return others.takenBy?.(name, path) ?? (owner === undefined || owner === path ? null : basename(owner));
    },
  };
}

async function judge(file: FileState, known: KnownNames): Promise<FileState> {
  if (file.text === null) {
    return { ...file, problems: file.failure === null ? [] : [file.failure], definition: null };
  }
  const { definition, problems } = await readAgentFile(file.path, file.text, known);
  return { ...file, definition, problems, lastGood: definition ?? file.lastGood };
}

function entryOf({ path, definition, lastGood, problems }: FileState): DirectoryEntry {
  const origin = { kind: "file", path } as const;
  const shown = definition ?? lastGood ?? completeDefinition({ name: stemOf(path) });
  const error = problems.find(({ severity }) => severity === "error");
  const state = definition === null ? "broken" : "ready";
  return {
    definition: shown,
    origin,
    state,
    problem: error === undefined ? null : problemOf(path, error),
    replies: [],
  };
}

/** What is wrong with a file, as clients show a failure. */
function problemOf(path: string, { code, values, line, column, message }: AgentFileProblem): Problem {
  return {
    code: "agent.file",
    message: `${basename(path)}, line ${line}: ${message}`,
    details: { path, line, column, code, values: { ...values } },
  };
}
