import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { AgentError } from "../base/errors.ts";
import type { Answering } from "../byzer-agent/answering.ts";
import { REPLY_TIME_LIMIT_MS, programReply } from "../byzer-agent/program-reply.ts";
import type { Reply, ReplyFunction } from "../core/reply.ts";
import type { AgentState, DirectoryEntry } from "../directory/agent-directory.ts";
import type { Tool } from "../ports/tool.ts";
import { type AgentDefinition, completeDefinition } from "../protocol/agent-definition.ts";
import type { ProcessTool } from "../protocol/agent-process.ts";
import type { Problem } from "../protocol/problem.ts";
import { describeEnding } from "./agent-ending.ts";
import { AgentProcess, LoadFailure } from "./agent-process.ts";
import { contentOf, nameOfCodeFile } from "./code-file.ts";
import { type DeclaredNames, declaredNames } from "./declared-names.ts";
import type { AgentLogLine } from "./log-tap.ts";
import { problemOf } from "../ports/problem-of.ts";
import { errorOf } from "./error-of.ts";
import type { ProcessLimits } from "./process-limits.ts";

/** Says whose code may run. */
export interface CodeTrust {
  isTrusted(path: string): boolean;
  /** Asks the person; `false` for no. */
  ask(path: string, signal: AbortSignal): Promise<boolean>;
}

/** How agents in code are run. */
export interface CodeAgentHost {
  /** Node, or the editor's own program. */
  readonly node: string;
  /** The bundle of the child's side. */
  readonly program: string;
  /** Read at each start; holds no keys. */
  readonly environment: () => { readonly [name: string]: string };
  /** Where the agent of a file runs. */
  readonly workingDirectory: (path: string) => string;
  readonly limits: ProcessLimits;
  readonly trust: CodeTrust;
  readonly onLog: (path: string, line: AgentLogLine) => void;
}

/** A start of the process that is under way. */
interface Launch {
  readonly controller: AbortController;
  /** What the files hold that it starts with. */
  readonly content: Promise<string>;
  readonly done: Promise<void>;
}

/** The agent of one file, whether its process runs or not. */
export class LivingAgent {
  readonly path: string;
  readonly #host: CodeAgentHost;
  readonly #onChange: () => void;
  readonly #replies: readonly ReplyFunction[];
  #definition: AgentDefinition;
  #tools: readonly ProcessTool[] = [];
  #state: AgentState;
  #problem: Problem | null = null;
  #stoppedByPerson = false;
  #isLoaded = false;
  #process: AgentProcess | undefined;
  #inspected = false;
  #launch: Launch | undefined;
  #files: readonly string[];
  #content = "";
  /** What its file says of it as long as nothing of it has been loaded. */
  #declared: DeclaredNames | undefined;

  constructor(path: string, host: CodeAgentHost, onChange: () => void) {
    this.path = path;
    this.#host = host;
    this.#onChange = onChange;
    this.#files = [path];
    this.#definition = completeDefinition({ name: nameOfCodeFile(path) });
    this.#state = host.trust.isTrusted(path) ? "stopped" : "untrusted";
    this.#replies = [this.#replyFunction()];
  }

  get entry(): DirectoryEntry {
    return {
      definition: this.#definition,
      origin: { kind: "code", path: this.path },
      state: this.#state,
      problem: this.#problem,
      replies: this.#replies,
      files: this.#files,
      start: (signal) => this.start(signal),
    };
  }

  /** Names of its own tools: also of those that its file only declares so far. */
  get toolNames(): readonly string[] {
    return this.#tools.length > 0 ? this.#tools.map(({ name }) => name) : (this.#declared?.tools ?? []);
  }

  /** Its own tools. */
  get tools(): readonly Tool[] {
    return this.#tools.map(({ name, description, parameters, effect }) => ({
      name,
      description,
      parameters,
      effect,
      origin: basename(this.path),
      run: async (input, caller) => {
        await this.start(caller.signal);
        return this.#running().runTool(name, input, caller);
      },
    }));
  }

  /**
   * Starts its process where none runs, after the person's yes where there is none yet.
   *
   * @throws AgentError `agent.untrusted`, `agent.broken` and what else keeps it from starting.
   */
  async start(signal: AbortSignal): Promise<void> {
    if (this.#state === "ready") {
      return;
    }

    if (this.#launch === undefined && !(await this.#allowed(signal))) {
      const { name } = this.#definition;
      const message = `${name} was not started: its code, ${basename(this.path)}, may not run without your yes.`;
      throw new AgentError("agent.untrusted", { name, path: this.path }, message);
    }

    let launching: Promise<void> | undefined = this.#launch?.done ?? this.launch({ inspect: false });
    while (launching !== undefined) {
      // One that is overtaken by a change of the file ends, and the next goes on.
      // oxlint-disable-next-line no-await-in-loop
      await launching;
      launching = this.#launch?.done;
    }

    signal.throwIfAborted();
    if (this.#problem !== null && this.#process === undefined) {
      throw errorOf(this.#problem);
    }
  }

  /** Starts its process anew; what the old one is answering is answered still. Never rejects: `entry` tells. */
  launch({ inspect }: { readonly inspect: boolean }): Promise<void> {
    this.#launch?.controller.abort();
    const controller = new AbortController();
    const content = contentOf(this.#files);
    const launch = { controller, content, done: this.#launchNow(inspect, content, controller.signal) };
    this.#launch = launch;
    return launch.done;
  }

  /** Ends its process until somebody starts it. */
  async stop(): Promise<void> {
    this.#launch?.controller.abort();
    this.#launch = undefined;
    const running = this.#process;
    this.#process = undefined;
    this.#stoppedByPerson = true;
    this.#become(this.#host.trust.isTrusted(this.path) ? "stopped" : "untrusted", null);
    await running?.stop();
  }

  /** Looks whether any of its files has changed, and starts it anew where one has. */
  async lookAgain(): Promise<void> {
    await this.#readNames();
    const content = await contentOf(this.#files);
    const isTrusted = this.#host.trust.isTrusted(this.path);
    if (!isTrusted) {
      if (this.#state !== "untrusted") {
        await this.stop();
      }
    } else if (content !== (await (this.#launch?.content ?? this.#content)) && !this.#stoppedByPerson) {
      await this.launch({ inspect: this.#inspected });
    } else if (this.#state === "untrusted") {
      this.#become("stopped", null);
    }
  }

  /** The address of its debugger, where it was started with one. */
  async inspector(): Promise<string | null> {
    return (await this.#process?.inspector()) ?? null;
  }

  /** Until it is loaded it is called as its file says, so that nobody has two names. */
  async #readNames(): Promise<void> {
    if (this.#isLoaded) {
      return;
    }

    const text = await readFile(this.path, "utf8").catch(() => "");
    const declared = declaredNames(text);
    const name = declared.agent ?? nameOfCodeFile(this.path);
    if (this.#isLoaded) {
      return;
    }

    this.#declared = declared;
    if (name !== this.#definition.name) {
      this.#definition = completeDefinition({ name });
      this.#onChange();
    }
  }

  async #allowed(signal: AbortSignal): Promise<boolean> {
    return this.#host.trust.isTrusted(this.path) || this.#host.trust.ask(this.path, signal);
  }

  async #launchNow(inspect: boolean, content: Promise<string>, signal: AbortSignal): Promise<void> {
    this.#stoppedByPerson = false;
    this.#inspected = inspect;
    this.#become("starting", null);
    const old = this.#process;
    this.#content = await content;
    const before = await contentOf([this.path]);
    try {
      const agent = await AgentProcess.start(this.#processOptions(inspect), signal);
      await this.#moveIn(agent, before, signal);
    } catch (error) {
      if (!signal.aborted) {
        this.#process = undefined;
        await this.#know(error instanceof LoadFailure ? error.files : [], before);
        this.#become("broken", problemOf(error instanceof LoadFailure ? error.cause : error));
      }
    } finally {
      old?.retire();
      if (this.#launch?.controller.signal === signal) {
        this.#launch = undefined;
      }
    }
  }

  async #moveIn(agent: AgentProcess, before: string, signal: AbortSignal): Promise<void> {
    if (signal.aborted) {
      await agent.stop();
      return;
    }

    const { definition, tools, files } = agent.loaded;
    this.#process = agent;
    this.#isLoaded = true;
    this.#definition = definition;
    this.#tools = tools;
    await this.#know(files, before);
    this.#become("ready", null);
    void this.#noticeEnd(agent);
  }

  async #noticeEnd(agent: AgentProcess): Promise<void> {
    const ending = await agent.ended;
    if (this.#process === agent) {
      this.#process = undefined;
      this.#become("stopped", problemOf(describeEnding(this.#definition.name, ending)));
    }
  }

  /**
   * Remembers what was loaded, so that a change of it shows.
   *
   * @param before What the file itself held just before. Where it holds something else now, the next look starts it anew.
   */
  async #know(files: readonly string[], before: string): Promise<void> {
    this.#files = [...new Set([this.path, ...files])];
    const content = await contentOf(this.#files);
    this.#content = (await contentOf([this.path])) === before ? content : "";
  }

  #processOptions(inspect: boolean): Parameters<typeof AgentProcess.start>[0] {
    const { node, program, environment, workingDirectory, limits, onLog } = this.#host;
    return {
      path: this.path,
      name: nameOfCodeFile(this.path),
      node,
      program,
      environment: environment(),
      workingDirectory: workingDirectory(this.path),
      inspect,
      limits,
      onLog: (line) => onLog(this.path, line),
    };
  }

  #replyFunction(): ReplyFunction {
    const timeLimitMs = (): number => {
      const { seconds } = this.#definition.limits;
      return this.#inspected ? 0 : seconds === undefined ? REPLY_TIME_LIMIT_MS : seconds * 1000;
    };
    return programReply({
      name: () => this.#definition.name,
      agent: { answer: (answering: Answering): Promise<Reply> => this.#running().answer(answering) },
      prepare: (signal) => this.#prepare(signal),
      timeLimitMs,
      log: (text) => this.#host.onLog(this.path, { source: "log", text }),
    });
  }

  /** One that crashed starts again when it is spoken to; one that the person stopped does not. */
  async #prepare(signal: AbortSignal): Promise<void> {
    if (this.#state === "stopped" && this.#stoppedByPerson) {
      const { name } = this.#definition;
      throw new AgentError("agent.stopped", { name }, `${name} was stopped. Start it again to speak to it.`);
    }

    await this.start(signal);
  }

  #running(): AgentProcess {
    if (this.#process === undefined) {
      const { name } = this.#definition;
      throw new AgentError("agent.stopped", { name }, `${name} is not running.`);
    }

    return this.#process;
  }

  #become(state: AgentState, problem: Problem | null): void {
    this.#state = state;
    this.#problem = problem;
    this.#onChange();
  }
}
