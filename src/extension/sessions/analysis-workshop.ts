import { pathToFileURL } from "node:url";
import { type Disposable, type LogOutputChannel, Uri } from "vscode";
import type { ModelProvider } from "../../agents/ports/chat-model.ts";
import type { PackageCare } from "../../agents/ports/package-care.ts";
import type { SessionLimits } from "../../agents/sessions/session-limits.ts";
import type { ThreadedTableProfiler } from "../../agents/tables/table-profiler.ts";
import { type Agents, loadAgents } from "../platform/agents.ts";
import { readSetting } from "../platform/configuration.ts";
import { workspaceDirectory, workspaceRoots } from "../platform/workspace-files.ts";
import type { SessionPythons } from "../python/session-pythons.ts";
import type { AgentRoom } from "../agents/agent-room.ts";
import type { AskingRoom } from "../asking/asking-room.ts";
import type { MemoryRoom } from "../memory/memory-room.ts";
import type { DeclaredRoom } from "../declared/declared-room.ts";
import type { ClusterAgents } from "../ray/cluster-agents.ts";
import type { ApprovalDesk } from "./approval-desk.ts";
import type { OpenSessionParts } from "./open-session.ts";
import { ownAgents } from "./own-agents.ts";

const bytesPerMegabyte = 1024 * 1024;

export interface AnalysisParts {
  readonly models: ModelProvider;
  readonly pythons: SessionPythons;
  readonly approvals: ApprovalDesk;
  readonly packages: PackageCare;
  readonly asking: AskingRoom;
  readonly declared: DeclaredRoom;
  readonly agents: AgentRoom;
  readonly clusterAgents: ClusterAgents;
  readonly memory: MemoryRoom;
  readonly extensionUri: Uri;
  /** The file that keeps what the person's terms mean in this workspace. */
  readonly termsFile: Uri;
  readonly log: LogOutputChannel;
}

/** Puts the agents to work in sessions; they are loaded when the first session opens. */
export class AnalysisWorkshop implements Disposable {
  readonly #parts: AnalysisParts;
  #profiler: ThreadedTableProfiler | undefined;

  constructor(parts: AnalysisParts) {
    this.#parts = parts;
  }

  /** Loads the agents and starts the thread that reads tables, so that a file which comes soon waits for neither. */
  async warmUp(): Promise<void> {
    const profiler = this.#profilerOf(await loadAgents());
    profiler.warmUp();
  }

  /** What opens the service of a session. */
  async opener(): Promise<OpenSessionParts["openAnalysis"]> {
    const agents = await loadAgents();
    const { AnalysisSession } = agents;
    const { models, pythons, approvals, packages, asking, termsFile } = this.#parts;
    const catalog = { terms: agents.createTermFile(termsFile.fsPath), sql: readSql };
    const { index, exclude, reranker } = await asking.open();
    const profiler = this.#profilerOf(agents);
    const memory = this.#parts.memory.of(agents);
    this.#lookForAgents();
    return (log, onEvent) =>
      new AnalysisSession({
        log,
        models,
        python: pythons.forSession(log.id),
        profiler,
        approvals: approvals.forSession(log.id),
        packageCare: packages,
        catalog,
        own: ownAgents(this.#parts, agents, log.id),
        retrieval: { index, roots: workspaceRoots, exclude, reranker },
        memory,
        limits: readLimits,
        onEvent,
        ...workingDirectory(),
      });
  }

  dispose(): void {
    this.#profiler?.dispose();
  }

  /** Those of the workspace are looked for when the first session opens; nobody waits for them. */
  #lookForAgents(): void {
    const { declared, log } = this.#parts;
    declared.open().catch((error: unknown) => log.error("Agents of the workspace could not be looked for", error));
  }

  #profilerOf({ createTableProfiler }: Agents): ThreadedTableProfiler {
    const worker = pathToFileURL(Uri.joinPath(this.#parts.extensionUri, "dist", "profile-worker.mjs").fsPath);
    this.#profiler ??= createTableProfiler({ worker });
    return this.#profiler;
  }
}

/** Code runs in the folder that is open, so that relative paths mean what a person expects. */
function workingDirectory(): { readonly workingDirectory?: string } {
  const folder = workspaceDirectory();
  return folder === undefined ? {} : { workingDirectory: folder };
}

function readSql() {
  return { engine: readSetting("sql.engine"), sparkRemote: readSetting("sql.sparkRemote") };
}

function readLimits(): SessionLimits {
  return {
    budget: {
      messages: readSetting("agent.maxMessages"),
      modelCalls: readSetting("agent.maxModelCalls"),
      tokens: readSetting("agent.maxTokens"),
      timeMs: readSetting("agent.maxMinutes") * 60_000,
    },
    cellTimeLimitMs: readSetting("python.timeLimitSeconds") * 1000,
    memoryLimitBytes: readSetting("python.memoryLimitMegabytes") * bytesPerMegabyte,
    sandbox: readSetting("interpreter.sandbox"),
    reviewAll: readSetting("agent.review") === "always",
  };
}
