import { statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { defaultBudget } from "../../../src/agents/core/budget.ts";
import { retrievalAgent } from "../../../src/agents/catalog/retrieval-agent.ts";
import { createEndpointMemory } from "../../../src/agents/models/endpoint-memory.ts";
import { createEnvironmentModels } from "../../../src/agents/models/environment-models.ts";
import type { TextBlock, Turn } from "../../../src/agents/protocol/session-state.ts";
import { createPassageIndex } from "../../../src/agents/retrieval/passage-index.ts";
import { AnalysisSession } from "../../../src/agents/sessions/analysis-session.ts";
import { SessionStore } from "../../../src/agents/sessions/session-store.ts";
import { createTableProfiler } from "../../../src/agents/tables/table-profiler.ts";
import type { Conversation } from "./question.ts";
import type { GivenAnswer } from "./score-answer.ts";

type PassageIndex = ReturnType<typeof createPassageIndex>;

/** Where everything of a run of the eval is. */
export interface CorpusRun {
  /** Absolute path of the corpus. */
  readonly corpus: string;
  /** Absolute path of a folder for indexes and sessions. */
  readonly folder: string;
  /** Absolute path of the folder of the built programs. */
  readonly programs: string;
}

/** What came of one question: an answer, or why there is none. */
export type TurnResult = { readonly answer: GivenAnswer } | { readonly problem: string };

/** Asks conversations about the corpus with the product's own sessions and index. */
export class CorpusAsker {
  readonly #run: CorpusRun;
  /** By what is asked about, so that no index knows of words that only other conversations ask about. */
  readonly #indexes = new Map<string, PassageIndex>();

  constructor(run: CorpusRun) {
    this.#run = run;
  }

  /** Asks the questions of a conversation in one session. */
  async ask({ sources = [""], turns }: Conversation, baseUrl: string): Promise<readonly TurnResult[]> {
    const { corpus, folder } = this.#run;
    const opened = await new SessionStore(join(folder, "sessions")).create("eval");
    const profiler = createTableProfiler({ worker: this.#program("profile-worker.mjs") });
    const session = new AnalysisSession({
      log: opened.log,
      models: createEnvironmentModels({
        flags: { baseUrl, model: "recorded" },
        environment: {},
        memory: createEndpointMemory(),
        say: () => undefined,
      }),
      python: { start: () => Promise.reject(new Error("No code runs where files are asked about.")) },
      approvals: {
        granted: () => false,
        ask: () => Promise.resolve({ decision: "deny", how: "command-line", code: null }),
      },
      profiler,
      retrieval: { index: this.#indexOf(sources), roots: () => [corpus], exclude: () => [] },
      limits: () => ({ budget: defaultBudget, cellTimeLimitMs: 0, memoryLimitBytes: 0, reviewAll: false }),
      onEvent: () => undefined,
    });
    try {
      await Promise.all(sources.map((source) => session.addSource(sourceAt(join(corpus, source)))));
      const results: TurnResult[] = [];
      for (const { question } of turns) {
        // A question may build on the one before.
        // oxlint-disable-next-line no-await-in-loop
        results.push(this.#resultOf(await session.ask(question, { agent: retrievalAgent.name })));
      }

      return results;
    } finally {
      await session.dispose();
      profiler.dispose();
      await opened.close();
    }
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.#indexes.values()].map((index) => index.dispose()));
  }

  #indexOf(sources: readonly string[]): PassageIndex {
    const key = JSON.stringify(sources);
    const folder = join(this.#run.folder, `index-${this.#indexes.size}`);
    const index =
      this.#indexes.get(key) ?? createPassageIndex({ folder, worker: this.#program("retrieval-worker.mjs") });
    this.#indexes.set(key, index);
    return index;
  }

  #program(name: string): URL {
    return new URL(name, `file://${this.#run.programs}/`);
  }

  #resultOf({ status, problem, blocks }: Turn): TurnResult {
    const block = blocks.findLast((one): one is TextBlock => one.kind === "text" && one.role === "answer");
    if (status !== "done" || block === undefined) {
      return { problem: problem?.message ?? `The question ended as ${status}, without an answer.` };
    }

    const citations = block.citations.map((citation) => ({
      ...citation,
      path: relative(this.#run.corpus, citation.path).split(sep).join("/"),
    }));
    return { answer: { text: block.text, citations, doubts: block.doubts } };
  }
}

function sourceAt(path: string): { readonly kind: "file" | "folder"; readonly path: string } {
  const folder = path.replace(/[\\/]+$/u, "");
  return { kind: statSync(path).isDirectory() ? "folder" : "file", path: folder };
}
