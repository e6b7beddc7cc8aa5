import { statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { CodeAgents } from "../agent-process/code-agents.ts";
import { codeFilePattern } from "../agent-process/code-file.ts";
import { processLimits } from "../agent-process/process-limits.ts";
import { AgentError } from "../base/errors.ts";
import { catalog, isReservedName } from "../catalog/index.ts";
import { builtInTools } from "../declared/built-in-tools.ts";
import { FileAgents } from "../declared/file-agents.ts";
import type { AgentFileProblem } from "../protocol/agent-file-problem.ts";
import { agentFileKind } from "../declared/read-agent-file.ts";
import { AgentDirectory, type AgentOrigin, type DirectoryEntry } from "../directory/agent-directory.ts";
import { ToolRack } from "../directory/tool-rack.ts";
import { decodeText } from "../encoding/decode-text.ts";
import { cleanEnvironment } from "../python/clean-environment.ts";
import { commandMcp } from "./command-mcp.ts";
import type { CommandStreams } from "./command-streams.ts";

/** Folders of a workspace in which agents are declared. */
const folders = [join(".byzer", "agents"), join(".github", "agents")];

export interface CommandAgentsOptions {
  /** The workspace. */
  readonly folder: string;
  /** Files beside those of the workspace; code in them may run, since the person named them. */
  readonly named?: readonly string[];
  /** `none`: no code runs, and nobody is asked. `ask`: whoever is needed is asked for. `yes`: it runs without a question. */
  readonly code: "none" | "ask" | "yes";
  /** Files that configure MCP servers. */
  readonly mcp?: readonly string[];
  readonly streams: CommandStreams;
}

/** The agents of a workspace on a command line. */
export interface CommandAgents {
  readonly directory: AgentDirectory;
  readonly shelf: ToolRack;
  /** What is wrong in files with agents, by path. */
  readonly problems: ReadonlyMap<string, readonly AgentFileProblem[]>;
  /**
   * Starts code that an agent needs before it is spoken to: its own, and that of the tools which it, or whom it may ask,
   * names. All other code waits until somebody speaks to it. @returns What it is called once it runs.
   *
   * @throws AgentError `agent.*` where its own code does not run.
   */
  prepare(agent: string, signal: AbortSignal): Promise<string>;
  close(): Promise<void>;
}

/** Reads the agents that a workspace declares; those in code start when somebody speaks to them. */
export async function openCommandAgents(options: CommandAgentsOptions): Promise<CommandAgents> {
  const { folder, named = [], mcp = [] } = options;
  const servers = await commandMcp(mcp);
  const found = (await Promise.all(folders.map((name) => filesIn(join(folder, name))))).flat();
  const paths = [...new Set([...named, ...found])];
  const directory = new AgentDirectory();
  const shelf = new ToolRack();
  const code = codeAgents(options);
  const shipped = catalog.map(({ name, purpose }) => ({ name, description: purpose }));
  const files = new FileAgents({
    decode: decodeText,
    others: () => ({
      agents: [...shipped, ...code.entries.map(({ definition }) => definition)],
      tools: [
        ...builtInTools("en"),
        ...shelf.all,
        ...code.toolNames.map((name) => ({ name, description: "" })),
        ...servers.names,
      ],
      takenBy: (name) => (isReservedName(name) ? "Byzer Agent" : null),
    }),
  });
  directory.add(files);
  directory.add(code);
  shelf.add(code);
  shelf.add(servers);
  await code.refresh(paths.filter((path) => codeFilePattern.test(path)));
  await files.refresh(paths.filter((path) => agentFileKind(path) !== null));
  return {
    directory,
    shelf,
    problems: files.problems,
    prepare: (agent, signal) => prepare(agent, { directory, code, signal }),
    close: async () => {
      await Promise.all([code.dispose(), servers.close()]);
    },
  };
}

interface Preparing {
  readonly directory: AgentDirectory;
  readonly code: CodeAgents;
  readonly signal: AbortSignal;
}

async function prepare(agent: string, { directory, code, signal }: Preparing): Promise<string> {
  const first = directory.find(agent);
  await first?.start?.(signal);
  const named = directory.entries.find(({ origin }) => isSameFile(origin, first?.origin))?.definition.name ?? agent;
  const loaded = new Set(code.tools.map(({ name }) => name));
  const tools = [...reach(directory, named)].flatMap(({ definition }) => definition.tools);
  const missing = [...new Set(tools)].filter((tool) => !loaded.has(tool));
  for (const path of new Set(missing.flatMap((tool) => code.filesWithTool(tool)))) {
    // The person may be asked for each. One that does not run is missed where it is called.
    // oxlint-disable-next-line no-await-in-loop
    await code.start(path, signal).catch(() => undefined);
  }
  return named;
}

function isSameFile(one: AgentOrigin, other: AgentOrigin | undefined): boolean {
  return "path" in one && other !== undefined && "path" in other && one.path === other.path;
}

/** An agent, whom it may ask, hand over to or lead, and so on. */
function reach(
  directory: AgentDirectory,
  name: string,
  known = new Map<string, DirectoryEntry>(),
): Iterable<DirectoryEntry> {
  const entry = directory.find(name);
  if (entry !== undefined && !known.has(name)) {
    known.set(name, entry);
    const { asks, handOffs, group } = entry.definition;
    [...asks, ...handOffs.map(({ agent }) => agent), ...(group?.members ?? [])].forEach((other) =>
      reach(directory, other, known),
    );
  }
  return known.values();
}

/** Whoever a file declares. */
export function agentOfFile({ directory }: CommandAgents, path: string): DirectoryEntry | undefined {
  return directory.entries.find(({ origin }) => "path" in origin && origin.path === path);
}

/** The file that a word names; `null` where it is a name and no file. @throws AgentError `cli.usage` for no agent's file. */
export function fileNamed(word: string): string | null {
  const path = resolve(word);
  const isAgents = agentFileKind(path) !== null || codeFilePattern.test(path);
  const isThere = statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  if (isAgents && isThere) {
    return path;
  }

  if (!isAgents && !/[\\/]/u.test(word) && !/\.\w{1,5}$/u.test(word)) {
    return null;
  }

  const reason = isThere
    ? `${word} is no agent's file: these end in .agent.md, .group.md, .agent.mjs, .agent.js, .agent.ts or .agent.mts.`
    : `There is no file ${path}. Say a name that byzer agents lists, or where the agent's file lies.`;
  throw new AgentError("cli.usage", { argument: word }, reason);
}

function codeAgents({ folder, named = [], code, streams }: CommandAgentsOptions): CodeAgents {
  const allowed = new Set<string>(named);
  return new CodeAgents({
    node: process.execPath,
    program: join(dirname(fileURLToPath(import.meta.url)), "agent-process.mjs"),
    environment: () => cleanEnvironment(process.env),
    workingDirectory: () => folder,
    limits: processLimits,
    trust: {
      isTrusted: (path) => allowed.has(path),
      ask: async (path, signal) => {
        if (code === "yes") {
          allowed.add(path);
          return true;
        }

        if (code === "none" || streams.ask === undefined) {
          return false;
        }

        const reply = await streams.ask(`Run the code of the agent in ${path}? [y]es, [n]o: `, signal);
        const isYes = /^(?:y|j|是|好)/iu.test(reply);
        if (isYes) {
          allowed.add(path);
        }

        return isYes;
      },
    },
    onLog: (path, line) => streams.err(`${basename(path)}: ${line.text}\n`),
  });
}

async function filesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).toSorted().map((name) => join(folder, name));
  } catch {
    return [];
  }
}
