import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { defaultBudget } from "../core/budget.ts";
import type { SessionMemory } from "../memory/session-memory.ts";
import type { ApprovalAnswer, ApprovalRequest, Approvals } from "../ports/approvals.ts";
import type { ModelProvider } from "../ports/chat-model.ts";
import type { PackageCare } from "../ports/package-care.ts";
import type { TableProfiler } from "../ports/table-profiler.ts";
import type { SessionEvent } from "../protocol/session-event.ts";
import type { CellBlock, Turn } from "../protocol/session-state.ts";
import type { TableProfile } from "../protocol/table-profile.ts";
import { AnalysisSession } from "../sessions/analysis-session.ts";
import type { CatalogOptions } from "../sessions/session-catalog.ts";
import type { SessionLimits } from "../sessions/session-limits.ts";
import type { OwnAgents } from "../sessions/session-agents.ts";
import type { SessionRetrieval } from "../sessions/asked-sources.ts";
import { type OpenSession, SessionStore } from "../sessions/session-store.ts";
import { type FakePython, type FakePythonOptions, createFakePython } from "./fake-interpreter.ts";
import { sampleProfile } from "./sample-profile.ts";
import { type ScriptedModel, createScriptedModel, provideModel } from "./scripted-model.ts";

/** Approvals that answer from a list and remember what they were asked. */
export interface FakeApprovals extends Approvals {
  readonly asked: ApprovalRequest[];
  /** Taken one by one; `once` when there are none left. `forever`: nobody answers. */
  readonly answers: (Partial<ApprovalAnswer> | "forever")[];
  /** Whether an earlier yes covers everything. */
  grantsAll: boolean;
  /** Happens while the person reads the code. */
  meanwhile: () => void;
}

/** A session with everything around it made up. */
export interface Analysis {
  readonly session: AnalysisSession;
  readonly open: OpenSession;
  readonly store: SessionStore;
  /** Answers for the role `chat`. */
  readonly author: ScriptedModel;
  readonly router: ScriptedModel;
  readonly reviewer: ScriptedModel;
  readonly python: FakePython;
  readonly approvals: FakeApprovals;
  readonly events: readonly SessionEvent[];
  /** Every file that was profiled, in order. */
  readonly profiled: readonly string[];
  /** Makes a file and attaches it. @returns Its path. */
  readonly attach: (name?: string, content?: string) => Promise<string>;
  readonly dispose: () => Promise<void>;
  /** Fails where a script was not kept to. */
  readonly assertFinished: () => void;
}

export interface AnalysisOptions extends FakePythonOptions {
  readonly limits?: Partial<SessionLimits>;
  /** What a file's profile says, beside its path, size and time. */
  readonly profile?: (path: string) => Partial<TableProfile> | Promise<Partial<TableProfile>>;
  /** Reads files instead of the profiler that is made up. */
  readonly profiler?: TableProfiler;
  readonly models?: ModelProvider;
  /** What installs packages; nothing where left out. */
  readonly packageCare?: PackageCare;
  /** Agents of the person's own; none where left out. */
  readonly own?: OwnAgents;
  /** What the catalog's other agents need; they are not there where left out. */
  readonly catalog?: CatalogOptions;
  /** What finds passages; only tables can be asked about where left out. */
  readonly retrieval?: SessionRetrieval;
  /** Makes the memory of the sessions that are kept in a folder; there is none where left out. */
  readonly memory?: (sessions: string) => SessionMemory;
  /** Sees every event as it happens. */
  readonly onEvent?: (event: SessionEvent) => void;
}

/** Opens a new session in a folder of its own. */
export async function createAnalysis(options: AnalysisOptions = {}): Promise<Analysis> {
  const folder = mkdtempSync(join(tmpdir(), "byzer-analysis-"));
  const store = new SessionStore(join(folder, "sessions"));
  const open = await store.create("test");
  const [author, router, reviewer] = [createScriptedModel(), createScriptedModel(), createScriptedModel()];
  const python = createFakePython(options);
  const approvals = fakeApprovals();
  const events: SessionEvent[] = [];
  const profiled: string[] = [];
  const limits = {
    budget: defaultBudget,
    cellTimeLimitMs: 0,
    memoryLimitBytes: 0,
    reviewAll: false,
    ...options.limits,
  };
  const session = new AnalysisSession({
    log: open.log,
    models: options.models ?? provideModel(author, { router, reviewer }),
    python,
    profiler: options.profiler ?? fakeProfiler(profiled, options.profile),
    approvals,
    limits: () => limits,
    ...(options.packageCare === undefined ? {} : { packageCare: options.packageCare }),
    ...(options.own === undefined ? {} : { own: options.own }),
    ...(options.retrieval === undefined ? {} : { retrieval: options.retrieval }),
    ...(options.catalog === undefined ? {} : { catalog: options.catalog }),
    ...(options.memory === undefined ? {} : { memory: options.memory(join(folder, "sessions")) }),
    onEvent: (event) => {
      events.push(event);
      options.onEvent?.(event);
    },
  });
  return {
    session,
    open,
    store,
    author,
    router,
    reviewer,
    python,
    approvals,
    events,
    profiled,
    attach: async (name = "deaths.csv", content = "Entity,Deaths\nFlood,3\nDrought,4\n") => {
      const path = join(folder, name);
      writeFileSync(path, content);
      await session.attach(path);
      return path;
    },
    dispose: async () => {
      await session.dispose();
      await open.close();
      rmSync(folder, { recursive: true, force: true });
    },
    assertFinished: () => {
      for (const script of [author, router, reviewer, python]) {
        script.assertFinished();
      }
    },
  };
}

/** The cells of a turn, in order. */
export function cellsOf(turn: Turn): readonly CellBlock[] {
  return turn.blocks.filter((block) => block.kind === "cell");
}

function fakeApprovals(): FakeApprovals {
  return {
    asked: [],
    answers: [],
    grantsAll: false,
    meanwhile: () => undefined,
    granted() {
      return this.grantsAll;
    },
    async ask(request, signal) {
      this.asked.push(request);
      this.meanwhile();
      const given = this.answers.shift() ?? {};
      signal.throwIfAborted();
      if (given === "forever") {
        await new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(new Error("Nobody is asked any more.")), { once: true });
        });
      }

      return { decision: "once", how: "person", code: null, ...(given === "forever" ? {} : given) };
    },
  };
}

function fakeProfiler(profiled: string[], profile: AnalysisOptions["profile"]): TableProfiler {
  return {
    async profile({ path }) {
      profiled.push(basename(path));
      const fields = (await profile?.(path)) ?? {};
      const { size: sizeBytes, mtimeMs: modifiedMs } = statSync(path);
      return sampleProfile({ path, name: basename(path), sizeBytes, modifiedMs, ...fields });
    },
    findJoins: async () => await Promise.resolve([]),
  };
}
