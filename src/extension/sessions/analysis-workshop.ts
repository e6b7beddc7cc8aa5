import { pathToFileURL } from "node:url";
import { type Disposable, Uri, workspace } from "vscode";
import type { ModelProvider } from "../../agents/ports/chat-model.ts";
import type { InterpreterProvider } from "../../agents/ports/interpreter.ts";
import type { SessionLimits } from "../../agents/sessions/analysis-session.ts";
import type { ThreadedTableProfiler } from "../../agents/tables/table-profiler.ts";
import { loadAgents } from "../platform/agents.ts";
import { readSetting } from "../platform/configuration.ts";
import type { ApprovalDesk } from "./approval-desk.ts";
import type { OpenSessionParts } from "./open-session.ts";

const bytesPerMegabyte = 1024 * 1024;

export interface AnalysisParts {
  readonly models: ModelProvider;
  readonly python: InterpreterProvider;
  readonly approvals: ApprovalDesk;
  readonly extensionUri: Uri;
}

/** Puts the agents to work in sessions; they are loaded when the first session opens. */
export class AnalysisWorkshop implements Disposable {
  readonly #parts: AnalysisParts;
  #profiler: ThreadedTableProfiler | undefined;

  constructor(parts: AnalysisParts) {
    this.#parts = parts;
  }

  /** What opens the service of a session. */
  async opener(): Promise<OpenSessionParts["openAnalysis"]> {
    const { AnalysisSession, createTableProfiler } = await loadAgents();
    const { models, python, approvals, extensionUri } = this.#parts;
    const worker = pathToFileURL(Uri.joinPath(extensionUri, "dist", "profile-worker.mjs").fsPath);
    this.#profiler ??= createTableProfiler({ worker });
    const profiler = this.#profiler;
    profiler.warmUp();
    return (log, onEvent) =>
      new AnalysisSession({
        log,
        models,
        python,
        profiler,
        approvals: approvals.forSession(log.id),
        limits: readLimits,
        onEvent,
        ...workingDirectory(),
      });
  }

  dispose(): void {
    this.#profiler?.dispose();
  }
}

/** Code runs in the folder that is open, so that relative paths mean what a person expects. */
function workingDirectory(): { readonly workingDirectory?: string } {
  const [folder] = workspace.workspaceFolders ?? [];
  return folder?.uri.scheme === "file" ? { workingDirectory: folder.uri.fsPath } : {};
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
    reviewAll: readSetting("agent.review") === "always",
  };
}
