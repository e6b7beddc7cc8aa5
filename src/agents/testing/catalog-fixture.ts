import { interpreterReply } from "../analysis/interpreter-reply.ts";
import { PythonHost } from "../analysis/python-host.ts";
import { reviewReply } from "../analysis/review-reply.ts";
import { codeReviewAgent } from "../catalog/code-review-agent.ts";
import { pythonInterpreter } from "../catalog/python-interpreter.ts";
import { forPerson } from "../conversing/speech.ts";
import { ConversableAgent } from "../core/agent.ts";
import { PostOffice } from "../core/post-office.ts";
import type { Metadata, ReplyFunction } from "../core/reply.ts";
import type { ApprovalRequest } from "../ports/approvals.ts";
import type { InterpreterProvider } from "../ports/interpreter.ts";
import type { TableProfiler } from "../ports/table-profiler.ts";
import type { Term, TermStore } from "../ports/term-store.ts";
import type { SessionEvent } from "../protocol/session-event.ts";
import { type Session, type Turn, emptySession, reduceSession } from "../protocol/session-state.ts";
import type { SqlSettings } from "../sql/sql-dialect.ts";
import type { StepAgent } from "../team/ask-step.ts";
import { catalogAgents } from "../team/catalog-agents.ts";
import { type ScriptedModel, createScriptedModel, provideModel } from "./scripted-model.ts";

export interface CatalogTownOptions {
  readonly python: InterpreterProvider;
  readonly profiler: TableProfiler;
  /** Where data lies and code runs. */
  readonly folder: string;
  readonly downloads: string;
  readonly sql?: SqlSettings;
  readonly terms?: TermStore;
  /** Agents of the person's own. */
  readonly others?: readonly StepAgent[];
}

/** The catalog's agents with what they need around them; models follow a script. */
export interface CatalogTown {
  readonly model: ScriptedModel;
  /** What `code_review_agent` says. */
  readonly reviewer: ScriptedModel;
  readonly terms: TermStore;
  /** What was asked for, in order. */
  readonly approvals: ApprovalRequest[];
  /** Refuses the approvals that it holds of. */
  refuses: (request: ApprovalRequest) => boolean;
  readonly session: () => Session;
  readonly append: (event: SessionEvent) => void;
  /** Adds an agent that answers as `reply` says. */
  readonly add: (name: string, reply: ReplyFunction["reply"]) => void;
  readonly attach: (...paths: readonly string[]) => Promise<void>;
  /** Asks an agent as the person does. @returns The turn as it ended. */
  readonly ask: (agent: string, question: string, metadata?: Metadata) => Promise<Turn>;
  readonly closePython: () => Promise<void>;
  /** @throws Error where a script was not kept to. */
  readonly assertFinished: () => void;
}

/** Brings the catalog's agents together, without the data analysis group. */
export function createCatalogTown(options: CatalogTownOptions): CatalogTown {
  const { folder, downloads, profiler } = options;
  const [model, reviewer] = [createScriptedModel(), createScriptedModel()];
  const approvals: ApprovalRequest[] = [];
  const terms = options.terms ?? memoryTerms();
  let state: Session = emptySession;
  let turnId = "";
  let cells = 0;
  const session = () => state;
  const append = (event: SessionEvent) => {
    state = reduceSession(state, event);
  };
  const python = new PythonHost(options.python, () => ({
    title: "catalog",
    workingDirectory: folder,
    outputDirectory: downloads,
    memoryLimitBytes: 0,
  }));
  const attach = async (path: string) => {
    append({ type: "file-attach", at: 0, path, name: path });
    try {
      const profile = await profiler.profile({ path }, new AbortController().signal);
      append({ type: "file-attach", at: 0, path, name: profile.name });
      append({ type: "file-profile", at: 0, path, profile });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      append({ type: "file-problem", at: 0, path, problem: { code: "table.not-a-table", message, details: {} } });
    }
  };
  const office = new PostOffice();
  const add = (name: string, replies: readonly ReplyFunction[], systemMessage = "") =>
    office.register(name, new ConversableAgent({ name, systemMessage, replies }));
  const finder = catalogAgents({
    models: provideModel(model),
    session,
    python,
    profiler,
    terms,
    sql: () => options.sql ?? { engine: "duckdb", sparkRemote: "" },
    attach,
    roots: () => [folder],
    downloads: () => downloads,
    others: () => options.others ?? [],
  });
  for (const { definition, replies } of finder.entries) {
    add(definition.name, replies, definition.systemMessage);
  }

  const running = interpreterReply({
    python,
    turnId: () => turnId,
    approvals: {
      granted: ({ risky }) => !risky,
      ask: (request) => {
        approvals.push(request);
        return Promise.resolve({ decision: town.refuses(request) ? "deny" : "once", how: "person", code: null });
      },
    },
    nextCellNumber: () => (cells += 1),
    ground: () => ({
      files: state.files.map(({ path }) => path),
      workingDirectory: folder,
      outputDirectory: downloads,
    }),
    reviewAll: () => false,
    // Spark starts a Java of its own, which takes its time on a busy machine.
    timeLimitMs: () => 300_000,
    fileChanges: () => Promise.resolve([]),
  });
  add(pythonInterpreter.name, [running]);
  add(codeReviewAgent.name, [reviewReply(() => Promise.resolve(reviewer))]);
  const user = new ConversableAgent({ name: "user" });
  office.register("user", user);
  const town: CatalogTown = {
    model,
    reviewer,
    terms,
    approvals,
    refuses: () => false,
    session,
    append,
    add: (name, reply) => void add(name, [{ name: "scripted", trigger: "anyone", reply }]),
    attach: async (...paths) => {
      for (const path of paths) {
        // In their order.
        // oxlint-disable-next-line no-await-in-loop
        await attach(path);
      }
    },
    ask: async (agent, question, metadata = forPerson) => {
      const id = crypto.randomUUID();
      turnId = id;
      append({ type: "turn-start", at: 0, turnId: id, question, agent, replaces: null });
      const { signal } = new AbortController();
      const run = office.open({ signal, onEvent: (event) => append({ ...event, at: 0, turnId: id }) });
      await user.send(run, agent, question, { metadata });
      append({ type: "turn-end", at: 0, turnId: id, reason: "done", problem: null, durationMs: 0 });
      const turn = state.turns.at(-1);
      if (turn === undefined) {
        throw new Error("The turn is missing.");
      }

      return turn;
    },
    closePython: () => python.close(),
    assertFinished: () => {
      model.assertFinished();
      reviewer.assertFinished();
    },
  };
  return town;
}

/** Terms that live as long as the test. */
export function memoryTerms(...given: readonly Term[]): TermStore {
  let terms = given;
  return {
    place: "terms.json",
    list: () => Promise.resolve(terms),
    keep: (added) => {
      terms = [...terms.filter(({ term }) => !added.some((other) => other.term === term)), ...added];
      return Promise.resolve();
    },
    forget: (names) => {
      const known = terms.filter(({ term }) => names.includes(term)).map(({ term }) => term);
      terms = terms.filter(({ term }) => !names.includes(term));
      return Promise.resolve(known);
    },
  };
}

/** What was said to the person in a turn: by whom, in which role, what. */
export function saidIn({ blocks }: Turn): readonly (readonly [agent: string, role: string, text: string])[] {
  return blocks.flatMap((block) => (block.kind === "text" ? [[block.agent, block.role, block.text] as const] : []));
}
