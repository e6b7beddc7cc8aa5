import { AgentError } from "../base/errors.ts";
import { leaving } from "../base/leaving.ts";
import { splitForcedAgent } from "../analysis/agent-names.ts";
import { misnamedAgent, namedThings } from "../analysis/misnamed-agent.ts";
import { type DataAnalysisGroup, createDataAnalysisGroup } from "../analysis/data-analysis-group.ts";
import { PythonHost } from "../analysis/python-host.ts";
import { dataAnalysisPipeline } from "../catalog/data-analysis-pipeline.ts";
import { Budget } from "../core/budget.ts";
import { endedByFailure } from "../core/ended-by-failure.ts";
import type { RunEvent } from "../core/run.ts";
import { type SessionMemory, withoutMemory } from "../memory/session-memory.ts";
import type { Approvals } from "../ports/approvals.ts";
import type { ModelProvider } from "../ports/chat-model.ts";
import type { PackageCare } from "../ports/package-care.ts";
import type { InterpreterProvider } from "../ports/interpreter.ts";
import type { TableProfiler } from "../ports/table-profiler.ts";
import type { SessionEvent, TurnEndReason } from "../protocol/session-event.ts";
import type { Session, Turn } from "../protocol/session-state.ts";
import type { DialectChoice } from "../protocol/table-profile.ts";
import { AskedSources, type NewSource, type SessionRetrieval } from "./asked-sources.ts";
import { AttachedFiles } from "./attached-files.ts";
import { FileJoins } from "./file-joins.ts";
import { problemOf } from "../ports/problem-of.ts";
import { ReadingChecks } from "./reading-checks.ts";
import { type OwnAgents, SessionAgents } from "./session-agents.ts";
import { type CatalogOptions, SessionCatalog } from "./session-catalog.ts";
import { SessionPlace } from "./session-place.ts";
import { SessionInterpreter, lastCellNumber } from "./session-interpreter.ts";
import { type LateReply, lateEvents } from "./late-events.ts";
import type { SessionLimits } from "./session-limits.ts";
import type { SessionLog } from "./session-log.ts";
import { titleAfter } from "./session-title.ts";
import { type ReplayOrder, type TurnPlan, planReplay } from "./replay/plan-replay.ts";
import { replayOf } from "./replay/replay-of.ts";
import { tellTurnNews } from "./turn-news.ts";

export interface AnalysisSessionParts {
  readonly log: SessionLog;
  readonly models: ModelProvider;
  readonly python: InterpreterProvider;
  readonly profiler: TableProfiler;
  readonly approvals: Approvals;
  /** Offers packages that code lacks; none are where left out. */
  readonly packageCare?: PackageCare;
  readonly limits: () => SessionLimits;
  /** Finds passages in what is asked about; without it nothing can be asked about but tables. */
  readonly retrieval?: SessionRetrieval;
  /** Earlier conversations of the workspace; without them none is remembered or asked about. */
  readonly memory?: SessionMemory;
  /** The person's own agents, and what they may use; there are none where left out. */
  readonly own?: OwnAgents;
  /** What the catalog's agents beside the data analysis group need; they are not there where left out. */
  readonly catalog?: CatalogOptions;
  /** Where code runs; the folder of the first file where left out. */
  readonly workingDirectory?: string;
  /** Sees every event, pieces of streams included, after it has been added to the log. */
  readonly onEvent: (event: SessionEvent) => void;
  /** Told what failed in the background and cost no more than a suggestion. */
  readonly onTrouble?: (error: unknown) => void;
}

/** How a question is asked. */
export interface AskOptions {
  /** The agent that answers, without the `@`; a leading `/plot`, `/ask` or `@agent` of the question does the same. */
  readonly agent?: string | null;
  /** The turn that this question replaces, with all after it: retry, or edit and resend. */
  readonly replaces?: string;
}

/** One chat about some files: the agents, their interpreter, and the log of all that happens. */
export class AnalysisSession {
  readonly #parts: AnalysisSessionParts;
  readonly #files: AttachedFiles;
  readonly #joins: FileJoins;
  readonly #checks: ReadingChecks;
  readonly #sources: AskedSources | null;
  readonly #python: PythonHost;
  readonly #group: DataAnalysisGroup;
  readonly #own: SessionAgents;
  /** Where its code runs. */
  readonly place: SessionPlace;
  #running:
    | { readonly controller: AbortController; readonly turnId: string; readonly ended: Promise<void> }
    | undefined;
  #cellNumber: number;
  #disposing = false;

  constructor(parts: AnalysisSessionParts) {
    this.#parts = parts;
    const reading = {
      profiler: parts.profiler,
      session: () => this.state,
      append: (event: SessionEvent) => this.#append(event),
    };
    this.#files = new AttachedFiles(reading);
    const onTrouble = parts.onTrouble ?? (() => undefined);
    this.#joins = new FileJoins({ ...reading, onTrouble });
    const { retrieval } = parts;
    const sources = retrieval === undefined ? null : new AskedSources({ ...reading, retrieval });
    this.#sources = sources;
    const interpreter = new SessionInterpreter({
      log: parts.log,
      session: () => this.state,
      workingDirectory: parts.workingDirectory,
      limits: parts.limits,
      onKernel: ({ cluster, name }) => this.#append({ type: "kernel-open", at: Date.now(), cluster, name }),
      warn: (code, text, values) => this.#warn(code, text, values),
    });
    this.#python = new PythonHost(parts.python, () => interpreter.options());
    this.place = new SessionPlace({
      session: reading.session,
      append: reading.append,
      python: this.#python,
      refuseWhileRunning: () => this.#refuseWhileRunning(),
    });
    this.#checks = new ReadingChecks({ ...reading, python: () => this.#python.running, onTrouble });
    this.#cellNumber = lastCellNumber(parts.log.state);
    const folders = () => retrieval?.roots() ?? (parts.workingDirectory === undefined ? [] : [parts.workingDirectory]);
    this.#own = new SessionAgents({
      own: parts.own,
      catalog: new SessionCatalog(parts.catalog, {
        ...reading,
        models: parts.models,
        python: this.#python,
        attach: (path) => this.attach(path),
        roots: () => [...new Set([interpreter.workingDirectory, ...folders()])],
        downloads: () => interpreter.outputDirectory,
        others: () => this.#own.described,
      }),
      models: parts.models,
      session: () => this.state,
      turnId: () => this.#running?.turnId ?? "",
      append: (event) => this.#append(event),
      python: (signal) => this.#python.brief(signal),
      folders,
      builtIn: () => this.#group.agents,
    });
    this.#group = createDataAnalysisGroup({
      resolve: this.#own.resolve,
      ...(parts.catalog === undefined ? {} : { terms: parts.catalog.terms }),
      models: parts.models,
      session: () => this.state,
      python: this.#python,
      approvals: parts.approvals,
      ...(parts.packageCare === undefined ? {} : { packageCare: parts.packageCare }),
      turnId: () => this.#running?.turnId ?? "",
      nextCellNumber: () => (this.#cellNumber += 1),
      ground: () => ({
        files: this.state.files.map(({ path }) => path),
        workingDirectory: interpreter.workingDirectory,
        outputDirectory: interpreter.outputDirectory,
      }),
      reviewAll: () => parts.limits().reviewAll,
      timeLimitMs: () => parts.limits().cellTimeLimitMs,
      fileChanges: async () => [...(await this.#files.changes()), ...this.#checks.takeNews()],
      ...(parts.memory === undefined ? {} : { memory: parts.memory }),
      ...(retrieval === undefined ? {} : { retrieval: { ...retrieval, scopes: () => sources?.scopes() ?? [] } }),
    });
    this.#own.applyEdits();
  }

  /** What a person sees. */
  get state(): Session {
    return this.#parts.log.state;
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** The system message of each agent, by name. */
  get agents(): DataAnalysisGroup["agents"] {
    return this.#group.agents;
  }

  /** Gives an agent another system message for this session; `null`: its own again. */
  editAgent(agent: string, systemMessage: string | null): void {
    this.#own.edit(agent, systemMessage);
  }

  /** Makes an agent of the person's own forget what it exchanged with a peer until now; `null`: with everyone. */
  forgetPeer(agent: string, peer: string | null): void {
    this.#own.forget(agent, peer);
  }

  /** Has the conversation remembered from now on, or forgotten: what is remembered of it is to be brought up to date then. */
  remember(remembered: boolean): void {
    this.#append({ type: "session-remember", at: Date.now(), remembered });
  }

  /** Adds a file and profiles it; its card shows what is wrong with it, if anything. */
  attach(path: string): Promise<void> {
    return this.#files.attach(path);
  }

  detach(path: string): void {
    this.#files.detach(path);
  }

  /** Reads a file again. `choice`: as the person wants it read, `{}` for as it is detected; left out, as before. */
  reprofile(path: string, choice?: DialectChoice): Promise<void> {
    return this.#files.reprofile(path, choice);
  }

  /** Ends the reading of a file; its card is then of the rows read so far. */
  stopReading(path: string): void {
    this.#files.stop(path);
  }

  /** Adds something to ask about and reads it into the index; its chip shows what is wrong with it, if anything. */
  async addSource(source: NewSource): Promise<void> {
    await this.#sources?.add(source);
  }

  removeSource(sourceId: string): void {
    this.#sources?.remove(sourceId);
  }

  /** Ends the reading of a source; what was read is kept. */
  stopSource(sourceId: string): void {
    this.#sources?.stop(sourceId);
  }

  /** Reads a source again. */
  async retrySource(sourceId: string): Promise<void> {
    await this.#sources?.retry(sourceId);
  }

  /** To be called once for a session that was opened again: reads what was cut off or has changed since. */
  async catchUp(): Promise<void> {
    this.#joins.catchUp(this.#parts.log.events);
    await Promise.all([this.#files.catchUp(), this.#sources?.catchUp()]);
  }

  rename(title: string): void {
    this.#append({ type: "session-rename", at: Date.now(), title });
  }

  /**
   * Asks the group. Never throws for what goes wrong on the way: the turn ends with the problem.
   *
   * @returns The turn as it ended. @throws AgentError `session.busy` while another question is being answered.
   */
  async ask(text: string, options: AskOptions = {}): Promise<Turn> {
    this.#refuseWhileRunning();
    const { agent: addressed, question } = splitForcedAgent(text, this.#own.names);
    const agent = options.agent ?? addressed;
    const refusal = agent === null ? misnamedAgent(text, namedThings(this.state, this.#own.names)) : undefined;
    const plan = { question, agent, replaces: options.replaces ?? null };
    return await this.#play(refusal === undefined ? plan : { ...plan, refusal });
  }

  /**
   * Plays the run of a turn again, in its place, with one message changed: what was answered before it is taken from the
   * log, what follows runs anew. Like {@link ask} otherwise.
   *
   * @throws AgentError `session.busy`; `replay.gone` where the message is not there any more.
   */
  async replay(order: ReplayOrder): Promise<Turn> {
    this.#refuseWhileRunning();
    return await this.#play(planReplay(this.state, this.#parts.log.events, order));
  }

  #refuseWhileRunning(): void {
    if (this.#running !== undefined) {
      throw new AgentError(
        "session.busy",
        { sessionId: this.state.id },
        "The last question is still being answered. Stop it first, or wait.",
      );
    }
  }

  async #play(plan: TurnPlan): Promise<Turn> {
    const { question, agent, replaces } = plan;
    const turnId = crypto.randomUUID();
    const controller = new AbortController();
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    this.#running = { controller, turnId, ended };
    const from = Date.now();
    this.#own.beginTurn();
    const replays = plan.replay === undefined ? {} : { replays: { ...plan.replay.order } };
    this.#append({ type: "turn-start", at: from, turnId, question, agent, replaces, ...replays });
    try {
      await endedByFailure(controller.signal, (signal) => this.#answer(plan, turnId, signal));
      this.#endTurn(turnId, from, "done");
    } catch (error) {
      if (controller.signal.aborted) {
        this.#endTurn(turnId, from, this.#disposing ? "lost" : "cancelled");
      } else {
        this.#endTurn(turnId, from, "failed", error);
      }
    } finally {
      this.#running = undefined;
      resolve();
    }

    return this.#turn(turnId);
  }

  /**
   * Takes an answer that came after the window had closed in which it was asked for: it stands in its turn from now on.
   *
   * @returns Whether that turn is there still.
   */
  takeLate(turnId: string, late: LateReply): boolean {
    const turn = this.state.turns.find(({ id }) => id === turnId);
    if (turn === undefined) {
      return false;
    }
    lateEvents(turn, late, Date.now()).forEach((event) => this.#append(event));
    return true;
  }

  /** The last answer, as text; `null` where there is none yet. */
  output(): string | null {
    return answerOf(this.state.turns.at(-1));
  }

  /** Stops the running question; variables survive. Resolves when it has ended. */
  async stop(): Promise<void> {
    await this.#stop(new DOMException("Stopped by the person.", "AbortError"));
  }

  /**
   * Ends Python, so that the next code starts another, and the agents are told that variables are gone. While a question
   * is being answered this waits for its end.
   */
  async restartPython(): Promise<void> {
    await this.#running?.ended;
    await this.#python.close();
  }

  /** Ends Python, unless it can be found again, and writes what is left; a question that is being answered is lost. */
  async dispose(): Promise<void> {
    this.#disposing = true;
    await this.#stop(leaving());
    this.#files.dispose();
    this.#sources?.dispose();
    this.#joins.dispose();
    this.#checks.dispose();
    await this.#python.leave();
    await this.#parts.log.flush();
  }

  async #stop(reason: DOMException): Promise<void> {
    this.#running?.controller.abort(reason);
    await this.#running?.ended;
  }

  async #answer(plan: TurnPlan, turnId: string, signal: AbortSignal): Promise<void> {
    if (plan.refusal !== undefined) {
      throw plan.refusal;
    }

    const emit = (event: RunEvent) => this.#append({ ...event, at: Date.now(), turnId });
    await tellTurnNews({ files: this.#files, sources: this.#sources, session: () => this.state, signal, emit });
    const { office, user } = this.#group;
    const opened = office.open({ signal, budget: new Budget(this.#parts.limits().budget), onEvent: emit });
    const replay = replayOf(plan, { log: this.#parts.log, python: this.#python, office });
    const run = replay?.around(opened) ?? opened;
    const { agent, question } = plan;
    if (agent !== null && this.#own.has(agent)) {
      await this.#own.ask(run, user, { agent, question });
    } else {
      const metadata = agent === null ? {} : { agent };
      await user.initiateChat(run, dataAnalysisPipeline.name, question, { metadata });
    }

    replay?.end(opened);
  }

  #endTurn(turnId: string, from: number, reason: TurnEndReason, error?: unknown): void {
    const problem = error === undefined ? null : problemOf(error);
    this.#append({ type: "turn-end", at: Date.now(), turnId, reason, problem, durationMs: Date.now() - from });
  }

  #turn(turnId: string): Turn {
    const turn = this.state.turns.find(({ id }) => id === turnId);
    if (turn === undefined) {
      throw new Error(`Turn ${turnId} is missing from its own session.`);
    }

    return turn;
  }

  #warn(code: string, text: string, values: { readonly [name: string]: string }): boolean {
    if (this.#running === undefined) {
      return false;
    }

    const { turnId } = this.#running;
    this.#append({ type: "notice", at: Date.now(), turnId, severity: "warning", code, text, values });
    return true;
  }

  #append(happened: SessionEvent): void {
    const { memory } = this.#parts;
    const event = memory?.isOn === false ? withoutMemory(happened) : happened;
    this.#parts.log.append(event);
    this.#parts.onEvent(event);
    const title = titleAfter(event, this.state, this.#parts.log.events);
    if (title !== undefined) {
      this.#append({ type: "session-rename", at: Date.now(), title, automatic: true });
    }

    this.#joins.happened(event);
    this.#checks.happened(event);
  }
}

/** The answer of a turn, as text; `null` where it has none. */
export function answerOf(turn: Turn | undefined): string | null {
  const block = turn?.blocks.findLast((candidate) => candidate.kind === "text" && candidate.role === "answer");
  return block?.kind === "text" ? block.text : null;
}
