import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultBudget } from "../../src/agents/core/budget.ts";
import { createChildProcessLauncher } from "../../src/agents/python/child-process-launcher.ts";
import { createInterpreterProvider } from "../../src/agents/python/interpreter-provider.ts";
import { AnalysisSession } from "../../src/agents/sessions/analysis-session.ts";
import { type OpenSession, SessionStore } from "../../src/agents/sessions/session-store.ts";
import { createTableProfiler } from "../../src/agents/tables/table-profiler.ts";
import {
  type ScriptedAnswer,
  type ScriptedModel,
  createScriptedModel,
  provideModel,
} from "../../src/agents/testing/scripted-model.ts";
import { programDirectory, testPython } from "./test-python.ts";

/** A session with real Python and the real profiler; only the models follow a script. */
export interface RealSession {
  /** A folder of its own for data, which goes with it. */
  readonly folder: string;
  readonly session: AnalysisSession;
  readonly open: OpenSession;
  readonly author: ScriptedModel;
  readonly reviewer: ScriptedModel;
  /** Asks, with everything that the author writes. */
  readonly ask: (question: string, ...answers: readonly (string | ScriptedAnswer)[]) => Promise<void>;
  readonly dispose: () => Promise<void>;
}

/** A call of `run_python`. */
export function runs(code: string): ScriptedAnswer {
  return { toolCalls: [{ name: "run_python", arguments: { code } }] };
}

/** @param data Name of the folder inside `folder` in which the data lies and the code runs; empty for `folder` itself. */
export async function createRealSession(data = ""): Promise<RealSession> {
  const folder = mkdtempSync(join(tmpdir(), "byzer-export-"));
  const store = new SessionStore(join(folder, ".sessions"));
  const open = await store.create("test");
  const [author, router, reviewer] = [createScriptedModel(), createScriptedModel(), createScriptedModel()];
  const profiler = createTableProfiler();
  const session = new AnalysisSession({
    log: open.log,
    models: provideModel(author, { router, reviewer }),
    python: createInterpreterProvider({
      python: () => Promise.resolve(testPython()),
      launchers: [createChildProcessLauncher()],
      programDirectory,
    }),
    profiler,
    approvals: {
      granted: () => true,
      ask: () => Promise.resolve({ decision: "once", how: "person", code: null }),
    },
    workingDirectory: join(folder, data),
    limits: () => ({ budget: defaultBudget, cellTimeLimitMs: 60_000, memoryLimitBytes: 0, reviewAll: false }),
    onEvent: () => undefined,
  });
  return {
    folder,
    session,
    open,
    author,
    reviewer,
    ask: async (question, ...answers) => {
      author.expect(...answers);
      await session.ask(`/ask ${question}`);
    },
    dispose: async () => {
      await session.dispose();
      profiler.dispose();
      await open.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
