import { dirname } from "node:path";
import { type LogOutputChannel, RelativePattern, Uri, workspace } from "vscode";
import { CodeAgents } from "../../agents/agent-process/code-agents.ts";
import { nameOfCodeFile } from "../../agents/agent-process/code-file.ts";
import { processLimits } from "../../agents/agent-process/process-limits.ts";
import { ExtensionAgents, type Registrations } from "../../agents/byzer-agent/extension-agents.ts";
import type { ToolRack } from "../../agents/directory/tool-rack.ts";
import { cleanEnvironment } from "../../agents/python/clean-environment.ts";
import type { DeclaredRoom } from "../declared/declared-room.ts";
import { Disposables } from "../platform/disposables.ts";
import { isInside } from "../platform/is-inside.ts";
import { workspaceRoots } from "../platform/workspace-files.ts";
import { CodeAgentMarks } from "./code-agent-marks.ts";
import type { AgentOutput } from "./agent-output.ts";
import type { CodeTrustDesk } from "./code-trust.ts";

export interface AgentHouseParts {
  readonly extensionUri: Uri;
  readonly log: LogOutputChannel;
  readonly output: AgentOutput;
  readonly trust: CodeTrustDesk;
  readonly registrations: Registrations;
  readonly declared: DeclaredRoom;
  readonly shelf: ToolRack;
}

/** The agents that run code: those of files, and those of other extensions. */
export interface AgentHouse {
  readonly code: CodeAgents;
  /** Looks at these files, all that there are now; resolves when those that may run have started. */
  look(paths: readonly string[]): Promise<void>;
  /** Ends all processes. */
  close(): Promise<void>;
}

/** Opens the house: its agents stand in the directory, and their tools on the shelf, from now on. */
export function openAgentHouse(parts: AgentHouseParts): AgentHouse {
  const { log, trust, registrations, declared, shelf } = parts;
  const owned = new Disposables();
  const code = createCodeAgents(parts);
  const others = owned.add(
    new ExtensionAgents(registrations, (extensionId, text) => log.info(`${extensionId}: ${text}`)),
  );
  for (const finder of [code, others]) {
    owned.add({ dispose: declared.directory.add(finder) });
    owned.add({ dispose: shelf.add(finder) });
    owned.add({ dispose: finder.onChange(tellOfTools(parts)) });
  }
  owned.add(new CodeAgentMarks(code));
  owned.add(declared.nameTools(() => shelf.all));
  let paths: readonly string[] = [];
  let looking = Promise.resolve();
  const look = (): Promise<void> => {
    looking = looking
      .then(() => code.refresh(paths))
      .catch((error: unknown) => log.error("Agents in code could not be looked at", error));
    return looking;
  };
  owned.add(trust.onChange(() => void look()));
  owned.add(watchImports(() => void look()));
  return {
    code,
    look: (now) => {
      paths = now;
      return look();
    },
    close: async () => {
      owned.dispose();
      await code.dispose();
    },
  };
}

function createCodeAgents({ extensionUri, output, trust }: AgentHouseParts): CodeAgents {
  return new CodeAgents({
    node: process.execPath,
    program: Uri.joinPath(extensionUri, "dist", "agent-process.mjs").fsPath,
    environment: () => cleanEnvironment(process.env),
    workingDirectory: (path) => workspaceRoots().find((root) => isInside(path, root)) ?? dirname(path),
    limits: processLimits,
    trust,
    onLog: (path, line) => output.print(nameOfCodeFile(path), line),
  });
}

/** Files that name a tool are judged anew when it comes or goes. */
function tellOfTools({ declared, shelf }: AgentHouseParts): () => void {
  let before = "";
  return () => {
    const now = shelf.all.map(({ name }) => name).join("\n");
    if (now !== before) {
      before = now;
      declared.refresh();
    }
  };
}

/** What agents import from folders beside them. */
function watchImports(changed: () => void): Disposables {
  const owned = new Disposables();
  for (const folder of workspace.workspaceFolders ?? []) {
    const pattern = new RelativePattern(folder, ".byzer/agents/*/**/*.{mjs,js,mts,ts,json}");
    const watcher = owned.add(workspace.createFileSystemWatcher(pattern));
    owned.add(watcher.onDidCreate(changed));
    owned.add(watcher.onDidChange(changed));
    owned.add(watcher.onDidDelete(changed));
  }
  return owned;
}
