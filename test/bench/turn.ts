import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultBudget } from "../../src/agents/core/budget.ts";
import { createEndpointMemory } from "../../src/agents/models/endpoint-memory.ts";
import { createOpenAiChatModel } from "../../src/agents/models/openai-chat-model.ts";
import { createChildProcessLauncher } from "../../src/agents/python/child-process-launcher.ts";
import { createInterpreterProvider } from "../../src/agents/python/interpreter-provider.ts";
import { AnalysisSession } from "../../src/agents/sessions/analysis-session.ts";
import { SessionStore } from "../../src/agents/sessions/session-store.ts";
import { createTableProfiler } from "../../src/agents/tables/table-profiler.ts";
import { type SeenRequest, type ServerAnswer, startModelServer } from "../../src/agents/testing/model-server.ts";
import { called, said } from "../../src/agents/testing/server-answers.ts";
import { testPython } from "../process/test-python.ts";
import { type Bench, figure } from "./bench.ts";

const turns = 30;
const root = join(import.meta.dirname, "..", "..");

/**
 * What the product itself takes between a question and its answer: routing, one cell, the answer, over real HTTP to a
 * model server that answers at once, with Python's own time taken off.
 */
export const turnBench: Bench = {
  name: "turn",
  async run() {
    const folder = mkdtempSync(join(tmpdir(), "byzer-bench-"));
    const path = join(folder, "table.csv");
    writeFileSync(path, `a,b\n${Array.from({ length: 500 }, (_, index) => `${index},x${index % 7}`).join("\n")}\n`);
    const server = await startModelServer();
    const profiler = createTableProfiler({ worker: new URL(`file://${join(root, "dist", "profile-worker.mjs")}`) });
    const opened = await new SessionStore(join(folder, "sessions")).create("bench");
    const model = createOpenAiChatModel({
      baseUrl: server.baseUrl,
      model: "bench",
      memory: createEndpointMemory(),
      readKey: () => Promise.resolve(null),
    });
    const session = new AnalysisSession({
      log: opened.log,
      models: { modelFor: () => Promise.resolve(model) },
      python: createInterpreterProvider({
        python: () => Promise.resolve(testPython()),
        launchers: [createChildProcessLauncher()],
        programDirectory: join(root, "src", "python", "byzer_interpreter"),
      }),
      profiler,
      approvals: { granted: () => true, ask: () => Promise.reject(new Error("Nobody is asked in a bench.")) },
      limits: () => ({ budget: defaultBudget, cellTimeLimitMs: 0, memoryLimitBytes: 0, reviewAll: false }),
      onEvent: () => undefined,
    });
    try {
      await session.attach(path);
      const ours: number[] = [];
      for (let index = 0; index < turns; index += 1) {
        server.expectChat(...script);
        const from = performance.now();
        // Turns follow one another.
        // oxlint-disable-next-line no-await-in-loop
        const turn = await session.ask(`question ${index}`);
        if (turn.status !== "done" || turn.blocks.every((block) => block.kind !== "cell" || block.phase !== "ok")) {
          throw new Error(`The turn went wrong: ${JSON.stringify(turn.problem ?? turn.blocks)}`);
        }

        ours.push(performance.now() - from - turn.pythonMs);
      }

      return [figure("question to answer, Python taken off", "ms", ours.slice(1), 150)];
    } finally {
      await session.dispose();
      await opened.close();
      profiler.dispose();
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

const script: readonly ((request: SeenRequest) => ServerAnswer)[] = [
  () => said("assistant_agent"),
  () => called("print(6 * 7)"),
  () => said("It is **42**."),
];
