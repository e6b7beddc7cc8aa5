import { createReadStream, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync } from "node:fs";
import { type Server, createServer } from "node:http";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { setImmediate } from "node:timers/promises";
import { defaultBudget } from "../../../src/agents/core/budget.ts";
import { createEndpointMemory } from "../../../src/agents/models/endpoint-memory.ts";
import { createEnvironmentModels } from "../../../src/agents/models/environment-models.ts";
import type { ApprovalRequest } from "../../../src/agents/ports/approvals.ts";
import type { Term } from "../../../src/agents/ports/term-store.ts";
import type { TableProfiler } from "../../../src/agents/ports/table-profiler.ts";
import type { Turn } from "../../../src/agents/protocol/session-state.ts";
import { createChildProcessLauncher } from "../../../src/agents/python/child-process-launcher.ts";
import { createInterpreterProvider } from "../../../src/agents/python/interpreter-provider.ts";
import { createPassageIndex } from "../../../src/agents/retrieval/passage-index.ts";
import { AnalysisSession } from "../../../src/agents/sessions/analysis-session.ts";
import { SessionStore } from "../../../src/agents/sessions/session-store.ts";
import { createTableProfiler } from "../../../src/agents/tables/table-profiler.ts";
import { createTermFile } from "../../../src/agents/team/term-file.ts";
import { programDirectory, testPython } from "../../process/test-python.ts";
import type { AnswererPlace, Disguise } from "../asking/asking-model.ts";
import { type CatalogCase, serverPlaceholder } from "./catalog-case.ts";
import { layOutData } from "./catalog-data.ts";
import { openOwnAgents } from "./own-agents.ts";

/** What came of one question. */
export interface CatalogTurn {
  readonly turn: Turn;
  /** What the person was asked about. */
  readonly approvals: readonly ApprovalRequest[];
  /** What is kept of terms afterwards. */
  readonly terms: readonly Term[];
  /** Names of the chat's files afterwards. */
  readonly files: readonly string[];
  /** What models were told, each call a text. */
  readonly requests: readonly string[];
}

const sparkPython = process.env["BYZER_TEST_SPARK"] ?? resolve(".cache/spark/bin/python");
const programs = new URL("../../../dist/", import.meta.url);

/** Why a case cannot be tried on this machine; `null` where it can. */
export function lacking({ engine }: CatalogCase): string | null {
  return engine !== "spark" || existsSync(sparkPython) ? null : "no Spark (npm run setup:spark)";
}

/** A workspace with the data, and a chat about it in which everything but the model is the product's own. */
export class CatalogWorld implements AnswererPlace {
  readonly #case: CatalogCase;
  readonly #folder = realpathSync(mkdtempSync(join(tmpdir(), "byzer-catalog-")));
  readonly #workspace = join(this.#folder, "shop");
  readonly #server: Server;
  readonly #requests: string[] = [];
  readonly #looking = new Set<Promise<unknown>>();
  #sessionId = "{{id}}";

  constructor(one: CatalogCase) {
    this.#case = one;
    mkdirSync(this.#workspace);
    layOutData(this.#workspace);
    this.#server = createServer((request, response) => {
      const name = decodeURIComponent(new URL(request.url ?? "/", "http://data").pathname).slice(1);
      createReadStream(join(this.#workspace, name)).pipe(response);
    });
  }

  /** Takes out of requests what differs from machine to machine. */
  get disguise(): Disguise {
    const pairs = (): readonly (readonly [found: string, shown: string])[] => {
      const literal = JSON.stringify(this.#folder).slice(1, -1);
      return [
        [this.#folder, "{{folder}}"],
        [literal, "{{folder}}"],
        [this.#address, serverPlaceholder],
        [this.#sessionId, "{{id}}"],
      ];
    };
    return {
      hide: (text) =>
        pairs()
          .reduce((hidden, [found, shown]) => hidden.replaceAll(found, shown), text)
          .replaceAll(/Python 3[\d.]+[.;] installed packages: [^\n]*/giu, "{{python}}"),
      show: (text) => pairs().reduce((full, [found, shown]) => full.replaceAll(shown, found), text),
    };
  }

  onRequest(text: string): void {
    this.#requests.push(text.replaceAll(String.raw`\n`, "\n"));
  }

  /** Joins are looked for while the session goes on. */
  async settled(): Promise<void> {
    while (this.#looking.size > 0) {
      // oxlint-disable-next-line no-await-in-loop
      await Promise.allSettled(this.#looking);
      // What came of it is appended before the next turn of the loop.
      // oxlint-disable-next-line no-await-in-loop
      await setImmediate();
    }
  }

  /** Asks the questions of the case in one chat, whose models are at `baseUrl`. */
  async ask(baseUrl: string): Promise<readonly CatalogTurn[]> {
    await new Promise<void>((done) => {
      this.#server.listen(0, "127.0.0.1", done);
    });
    const { agents = {}, files = [], sources = [], turns } = this.#case;
    const opened = await new SessionStore(join(this.#folder, "sessions")).create("eval");
    this.#sessionId = basename(opened.log.folder);
    const own = await openOwnAgents(this.#workspace, agents, programs);
    const profiler = createTableProfiler({ worker: new URL("profile-worker.mjs", programs) });
    const index = createPassageIndex({
      folder: join(this.#folder, "index"),
      worker: new URL("retrieval-worker.mjs", programs),
    });
    const approvals: ApprovalRequest[] = [];
    const terms = createTermFile(join(this.#folder, "terms.json"));
    const session = new AnalysisSession({
      ...this.#means(baseUrl),
      log: opened.log,
      profiler: this.#watched(profiler),
      own: own.own,
      approvals: this.#approvals(approvals),
      retrieval: { index, roots: () => [this.#workspace], exclude: () => [] },
      catalog: { terms, sql: () => ({ engine: this.#case.engine ?? "duckdb", sparkRemote: "" }) },
      onEvent: () => undefined,
    });
    try {
      for (const name of files) {
        // In their order.
        // oxlint-disable-next-line no-await-in-loop
        await session.attach(join(this.#workspace, name));
      }

      await Promise.all(sources.map((name) => session.addSource(sourceAt(join(this.#workspace, name)))));
      const asked: CatalogTurn[] = [];
      for (const { question } of turns) {
        // oxlint-disable-next-line no-await-in-loop
        await this.settled();
        const [approved, told] = [approvals.length, this.#requests.length];
        // A question may build on the one before.
        // oxlint-disable-next-line no-await-in-loop
        const turn = await session.ask(question.replaceAll(serverPlaceholder, this.#address));
        // oxlint-disable-next-line no-await-in-loop
        const kept = await terms.list();
        asked.push({
          turn,
          approvals: approvals.slice(approved),
          terms: kept,
          files: session.state.files.map(({ path }) => basename(path)),
          requests: this.#requests.slice(told),
        });
      }

      return asked;
    } finally {
      await session.dispose();
      profiler.dispose();
      await Promise.all([index.dispose(), own.close(), opened.close()]);
    }
  }

  dispose(): void {
    this.#server.close();
    this.#server.closeAllConnections();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  }

  get #address(): string {
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? `http://127.0.0.1:${address.port}` : serverPlaceholder;
  }

  #means(baseUrl: string) {
    const executable = this.#case.engine === "spark" ? sparkPython : testPython();
    return {
      models: createEnvironmentModels({
        flags: { baseUrl, model: "recorded" },
        environment: {},
        memory: createEndpointMemory(),
        say: () => undefined,
      }),
      python: createInterpreterProvider({
        python: () => Promise.resolve(executable),
        launchers: [createChildProcessLauncher()],
        programDirectory,
      }),
      workingDirectory: this.#workspace,
      limits: () => ({ budget: defaultBudget, cellTimeLimitMs: 300_000, memoryLimitBytes: 0, reviewAll: false }),
    };
  }

  #watched(profiler: TableProfiler): TableProfiler {
    return {
      profile: (options, signal) => profiler.profile(options, signal),
      findJoins: (profiles, signal) => {
        const looking = profiler.findJoins(profiles, signal);
        this.#looking.add(looking);
        void looking.catch(() => undefined).finally(() => this.#looking.delete(looking));
        return looking;
      },
    };
  }

  /** Code that computes needs no yes; all else is asked about. */
  #approvals(asked: ApprovalRequest[]) {
    const refused = new Set<string>(this.#case.refuses);
    return {
      granted: ({ risky }: ApprovalRequest) => !risky,
      ask: (request: ApprovalRequest) => {
        asked.push(request);
        const decision = request.effects.some(({ kind }) => refused.has(kind)) ? ("deny" as const) : ("once" as const);
        return Promise.resolve({ decision, how: "person" as const, code: null });
      },
    };
  }
}

function sourceAt(path: string): { readonly kind: "file" | "folder"; readonly path: string } {
  return { kind: statSync(path).isDirectory() ? "folder" : "file", path };
}
