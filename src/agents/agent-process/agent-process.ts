import { AgentError, messageOf } from "../base/errors.ts";
import type { AgentPowers, Answering, AnsweringAgent } from "../byzer-agent/answering.ts";
import { tooLarge } from "../byzer-agent/read-reply.ts";
import type { Reply } from "../core/reply.ts";
import type { ToolCaller, ToolResult } from "../ports/tool.ts";
import type { AgentDefinition } from "../protocol/agent-definition.ts";
import {
  type FromAgentProcess,
  type ProcessTool,
  type ToAgentProcess,
  agentProcessVersion,
  fromAgentProcessSchema,
} from "../protocol/agent-process.ts";
import type { Message } from "../protocol/message.ts";
import { type AgentEnding, describeEnding } from "./agent-ending.ts";
import { serveCall } from "./serve-call.ts";
import { Heartbeat } from "./heartbeat.ts";
import { JsonLineCutter, encodeLine } from "./json-lines.ts";
import { type AgentLogLine, LogTap } from "./log-tap.ts";
import { errorOf } from "./error-of.ts";
import type { ProcessLimits } from "./process-limits.ts";
import { type SpawnOptions, type SpawnedAgent, spawnAgent } from "./spawn-agent.ts";

export interface AgentProcessOptions extends SpawnOptions {
  readonly path: string;
  /** What the agent is called unless it says so itself. */
  readonly name: string;
  readonly limits: ProcessLimits;
  readonly onLog: (line: AgentLogLine) => void;
}

/** What a process has loaded. */
export interface LoadedAgent {
  readonly definition: AgentDefinition;
  readonly tools: readonly ProcessTool[];
  /** Every file that was loaded for it. */
  readonly files: readonly string[];
}

/** An answer to something that was asked of the process. */
type Answer = Extract<FromAgentProcess, { readonly type: "loaded" | "replied" | "tool-ran" }>;

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
  /** Of an answer; a load or a tool has none. */
  readonly powers: AgentPowers | undefined;
  readonly done: () => void;
}

type Order = ToAgentProcess extends infer Each
  ? Each extends { readonly type: "load" | "reply" | "run-tool" }
    ? Omit<Each, "id">
    : never
  : never;

/** The file could not be loaded. `files`: what had been loaded until then, so that a change of them is worth a new try. */
export class LoadFailure extends Error {
  readonly files: readonly string[];

  constructor(cause: Error, files: readonly string[]) {
    super(cause.message, { cause });
    this.files = files;
  }
}

/** A process in which one file's agent lives. */
export class AgentProcess implements AnsweringAgent {
  /** Resolves, once, when the process is gone. */
  readonly ended: Promise<AgentEnding>;
  readonly #options: AgentProcessOptions;
  readonly #spawned: SpawnedAgent;
  readonly #log: LogTap;
  readonly #heartbeat: Heartbeat;
  readonly #waiting = new Map<number, Waiting>();
  readonly #hello = Promise.withResolvers<Extract<FromAgentProcess, { type: "hello" }>>();
  #loaded: LoadedAgent | undefined;
  #nextId = 1;
  #cause: AgentEnding["cause"] = "itself";
  #ending: AgentEnding | undefined;
  #retired = false;

  private constructor(options: AgentProcessOptions, spawned: SpawnedAgent) {
    this.#options = options;
    this.#spawned = spawned;
    this.#log = new LogTap(options.onLog, options.limits.logCharsPerSecond);
    this.#heartbeat = new Heartbeat({
      beat: () => this.#say({ type: "ping", id: 0 }),
      onSilence: () => this.#end("blocked"),
      everyMs: options.limits.beatMs,
      limitMs: options.limits.blockedMs,
    });
    this.ended = this.#watch();
  }

  /**
   * Starts a process and loads the file.
   *
   * @throws LoadFailure with its cause, an AgentError `agent.*`; the signal's reason.
   */
  static async start(options: AgentProcessOptions, signal: AbortSignal): Promise<AgentProcess> {
    signal.throwIfAborted();
    const agent = new AgentProcess(options, await spawnAgent(options));
    const stop = (): void => agent.#end("stopped");
    signal.addEventListener("abort", stop, { once: true });
    const timer = options.inspect ? undefined : setTimeout(() => agent.#end("not-ready"), options.limits.readyMs);
    try {
      await agent.#load();
      return agent;
    } catch (error) {
      agent.#end("stopped");
      await agent.ended;
      signal.throwIfAborted();
      throw error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
    }
  }

  get loaded(): LoadedAgent {
    if (this.#loaded === undefined) {
      throw new TypeError("The file is not loaded yet.");
    }

    return this.#loaded;
  }

  /** The address of its debugger, such as `ws://127.0.0.1:41235/…`; `null` where it was started without. */
  async inspector(): Promise<string | null> {
    return (await this.#hello.promise).inspector;
  }

  /** @throws AgentError `agent.blocked`, `agent.exited`, `agent.stopped`, `agent.threw`, `agent.nonsense`, `agent.too-large`. */
  async answer({ message, messages, systemMessage, signal, powers }: Answering): Promise<Reply> {
    const kept = recent(messages, message, this.#options.limits.messageBytes / 2);
    const answer = await this.#ask({ type: "reply", message, messages: kept, systemMessage }, signal, powers);
    if (answer.type !== "replied") {
      throw this.#misunderstood("another answer than a reply");
    }

    return answer.reply;
  }

  /** Runs one of its tools. What goes wrong with the process is told as a failure. */
  async runTool(tool: string, input: unknown, { agent, signal }: ToolCaller): Promise<ToolResult> {
    try {
      // What a tool is called with was read from JSON.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
      const given = (input ?? null) as Extract<Order, { type: "run-tool" }>["input"];
      const answer = await this.#ask({ type: "run-tool", tool, input: given, agent }, signal);
      return answer.type === "tool-ran"
        ? { text: answer.text, failed: answer.failed }
        : { text: `${tool} gave nothing back.`, failed: true };
    } catch (error) {
      signal.throwIfAborted();
      return { text: messageOf(error), failed: true };
    }
  }

  /** Ends the process; what it was answering fails with `agent.stopped`. */
  async stop(): Promise<void> {
    if (this.#ending === undefined) {
      this.#cause = "stopped";
      this.#say({ type: "stop" });
      const timer = setTimeout(() => this.#end("stopped"), this.#options.limits.stopMs);
      await this.ended;
      clearTimeout(timer);
    }
  }

  /** Lets the process finish what it is at and end then: another has taken its place. */
  retire(): void {
    this.#retired = true;
    if (this.#waiting.size === 0) {
      void this.stop();
    }
  }

  async #load(): Promise<void> {
    const { path, name } = this.#options;
    const hello = await Promise.race([this.#hello.promise, this.ended]);
    if (!("type" in hello)) {
      throw new LoadFailure(describeEnding(name, hello), [path]);
    }

    if (hello.version !== agentProcessVersion) {
      throw new LoadFailure(this.#misunderstood(`version ${hello.version} of the protocol`), [path]);
    }

    const answer = await this.#ask({ type: "load", path, name }, new AbortController().signal).catch(
      (error: unknown) => {
        throw error instanceof LoadFailure || !(error instanceof Error) ? error : new LoadFailure(error, [path]);
      },
    );
    if (answer.type !== "loaded") {
      throw new LoadFailure(this.#misunderstood("another answer than an agent"), [path]);
    }

    const { definition, tools, files } = answer;
    this.#loaded = { definition, tools, files };
  }

  #ask(order: Order, signal: AbortSignal, powers?: AgentPowers): Promise<Answer> {
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve, reject) => {
      if (this.#ending !== undefined) {
        reject(describeEnding(this.#name, this.#ending));
        return;
      }

      this.#say({ ...order, id });
      const awaited = this.#options.inspect ? () => undefined : this.#heartbeat.listen();
      const cancel = (): void => {
        this.#say({ type: "cancel", id });
        settle(() => this.#heartbeat.listenOnce(awaited));
        reject(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)));
      };
      const settle = (rest = awaited): void => {
        rest();
        signal.removeEventListener("abort", cancel);
        this.#waiting.delete(id);
        if (this.#retired && this.#waiting.size === 0) {
          void this.stop();
        }
      };
      this.#waiting.set(id, { resolve, reject, powers, done: () => settle() });
      signal.addEventListener("abort", cancel, { once: true });
      if (signal.aborted) {
        cancel();
      }
    });
  }

  /** Reads what the process says until it is gone. */
  async #watch(): Promise<AgentEnding> {
    const { pipe, exited, onOutput } = this.#spawned;
    const cutter = new JsonLineCutter(this.#options.limits.messageBytes);
    onOutput((source, chunk) => this.#log.push(source, chunk));
    pipe.on("data", (chunk: Buffer) => {
      try {
        for (const value of cutter.push(chunk)) {
          this.#hear(fromAgentProcessSchema.parse(value));
        }
      } catch (error) {
        this.#log.line({ source: "host", text: `It said something that cannot be understood: ${messageOf(error)}` });
        pipe.pause();
        this.#end("misunderstood");
      }
    });
    pipe.on("error", () => this.#spawned.kill());
    const exitCode = await exited;
    pipe.destroy();
    this.#heartbeat.stop();
    this.#log.end();
    const ending: AgentEnding = { cause: this.#cause, exitCode, tail: this.#log.tail, limits: this.#options.limits };
    this.#ending = ending;
    for (const { reject, done } of this.#waiting.values()) {
      done();
      reject(describeEnding(this.#name, ending));
    }

    return ending;
  }

  #hear(message: FromAgentProcess): void {
    this.#heartbeat.alive();
    switch (message.type) {
      case "hello":
        this.#hello.resolve(message);
        return;
      case "pong":
        return;
      case "log":
        this.#log.line({ source: "log", text: message.text });
        return;
      case "loaded":
      case "replied":
      case "tool-ran":
      case "failed":
        this.#settle(message);
        return;
      case "show":
        this.#waiting.get(message.id)?.powers?.show(message.text);
        return;
      case "send":
      case "complete":
      case "call-tool":
        void serveCall(message, this.#waiting.get(message.id)?.powers, (answer) => this.#say(answer));
    }
  }

  #settle(message: Extract<FromAgentProcess, { type: "failed" }> | Answer): void {
    const waiting = this.#waiting.get(message.id);
    waiting?.done();
    if (message.type === "failed") {
      const error = errorOf(message.problem);
      waiting?.reject(message.files === undefined ? error : new LoadFailure(error, message.files));
    } else {
      waiting?.resolve(message);
    }
  }

  /** @throws AgentError `agent.too-large`. */
  #say(message: ToAgentProcess): void {
    const line = encodeLine(this.#name, message, this.#options.limits.messageBytes);
    if (this.#spawned.pipe.writable) {
      this.#spawned.pipe.write(line);
    }
  }

  #end(cause: AgentEnding["cause"]): void {
    if (this.#ending === undefined && this.#cause === "itself") {
      this.#cause = cause;
    }

    this.#spawned.kill();
  }

  get #name(): string {
    return this.#loaded?.definition.name ?? this.#options.name;
  }

  #misunderstood(reason: string): AgentError {
    return new AgentError("agent.protocol", { name: this.#name, reason }, `${this.#name} sent ${reason}.`);
  }
}

/** The newest messages that fit into `limitBytes`; the message to answer has to. @throws AgentError `agent.too-large`. */
function recent(messages: readonly Message[], message: Message, limitBytes: number): Message[] {
  const own = sizeOf(message);
  if (own > limitBytes) {
    throw tooLarge(message.from, own, limitBytes);
  }

  let size = 0;
  const first = messages.findLastIndex((each) => {
    size += sizeOf(each);
    return size > limitBytes;
  });
  return messages.slice(first + 1);
}

/** At most what it takes as JSON in UTF-8: 6 bytes for a character that is escaped are rare, so texts are weighed by 3. */
function sizeOf({ content, metadata }: Message): number {
  const metadataChars = Object.keys(metadata).length === 0 ? 0 : JSON.stringify(metadata).length;
  return (content.length + metadataChars) * 3 + 300;
}
