import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { CodeAgents } from "../agent-process/code-agents.ts";
import { codeFilePattern } from "../agent-process/code-file.ts";
import { processLimits } from "../agent-process/process-limits.ts";
import { catalog, isReservedName } from "../catalog/index.ts";
import { builtInTools } from "../declared/built-in-tools.ts";
import { FileAgents } from "../declared/file-agents.ts";
import { agentFileKind } from "../declared/read-agent-file.ts";
import { AgentDirectory, type DirectoryEntry } from "../directory/agent-directory.ts";
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
  /** `none`: no code runs, and nobody is asked. `ask`: whoever is needed is asked for. */
  readonly code: "none" | "ask" | "all";
  /** Files that configure MCP servers. */
  readonly mcp?: readonly string[];
  readonly streams: CommandStreams;
}

/** The agents of a workspace on a command line. */
export interface CommandAgents {
  readonly directory: AgentDirectory;
  readonly shelf: ToolRack;
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
      tools: [...builtInTools("en"), ...shelf.all, ...servers.names],
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
    close: async () => {
      await Promise.all([code.dispose(), servers.close()]);
    },
  };
}

/** Whoever a file declares. */
export function agentOfFile({ directory }: CommandAgents, path: string): DirectoryEntry | undefined {
  return directory.entries.find(({ origin }) => "path" in origin && origin.path === path);
}

/** The file that a word names; `null` where it is a name and no file. */
export function fileNamed(word: string): string | null {
  const path = resolve(word);
  const isFile = agentFileKind(path) !== null || codeFilePattern.test(path);
  return isFile && existsSync(path) ? path : null;
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
      isTrusted: (path) => code === "all" || allowed.has(path),
      ask: async (path, signal) => {
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
