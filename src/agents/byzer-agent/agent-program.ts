import { AgentError, messageOf } from "../base/errors.ts";
import { type Reply, fires, pass, placed } from "../core/reply.ts";
import type { AgentDefinition } from "../protocol/agent-definition.ts";
import type { AgentDeclaration, ReplyDeclaration, ToolCaller, ToolDeclaration, ToolResult } from "./agent-types.ts";
import type { Answering, AnsweringAgent } from "./answering.ts";
import { liveAgent, logLine } from "./live-agent.ts";
import { checkAgent, checkReply, checkTool, definitionOf } from "./read-declaration.ts";
import { readReply } from "./read-reply.ts";
import { runDeclaredTool } from "./run-tool.ts";

/** How a program is made of a declaration. */
export interface ProgramOptions {
  /** What the agent is called unless it says so itself. */
  readonly name: string;
  /** Tools that were declared beside it. */
  readonly tools?: readonly unknown[];
  readonly log: (text: string) => void;
  /** Where in the agent's own code an error was thrown; empty where nobody knows. */
  readonly placeOf?: (error: unknown) => string;
}

/** A declared agent, ready to answer in this process. */
export class AgentProgram implements AnsweringAgent {
  readonly definition: AgentDefinition;
  readonly tools: readonly ToolDeclaration[];
  readonly #options: ProgramOptions;
  #replies: readonly { readonly name: string; readonly declared: ReplyDeclaration }[] = [];
  #named = 0;

  private constructor(declaration: AgentDeclaration, options: ProgramOptions, more: readonly ToolDeclaration[]) {
    this.#options = options;
    this.definition = definitionOf(declaration, options.name, more);
    const own = (declaration.tools ?? []).filter((tool) => typeof tool !== "string");
    this.tools = [...new Map([...own, ...more].map((tool) => [tool.name, tool])).values()];
  }

  /**
   * Checks what was declared and sets it up.
   *
   * @throws AgentError `agent.declaration`, `agent.threw`.
   */
  static async create(declaration: unknown, options: ProgramOptions): Promise<AgentProgram> {
    checkAgent(options.name, declaration);
    const more = (options.tools ?? []).map((tool, index) => {
      checkTool(`${options.name}: tools.${index}`, tool);
      return tool;
    });
    const program = new AgentProgram(declaration, options, more);
    for (const reply of declaration.replies ?? []) {
      program.#register(reply, reply.position ?? "last");
    }

    await program.#setUp(declaration);
    return program;
  }

  async answer(answering: Answering): Promise<Reply> {
    const agent = liveAgent(this.definition.name, answering, (reply) =>
      this.#register(reply, reply.position ?? "first"),
    );
    const { message, messages, signal, powers } = answering;
    for (const { declared } of this.#replies) {
      signal.throwIfAborted();
      // One after the other: a later function answers only what the earlier ones passed.
      // oxlint-disable-next-line no-await-in-loop
      const reply = await this.#guard(async () => {
        if (!fires(declared.trigger ?? "anyone", message)) {
          return pass;
        }

        const result: unknown = await declared.reply({
          message,
          messages,
          sender: message.from,
          config: declared.config,
          agent,
          signal,
        });
        return readReply(this.definition.name, result, (text) => powers.show(text));
      });
      if (reply.kind !== "pass") {
        return reply;
      }
    }

    return pass;
  }

  /** Runs one of its tools. What the tool throws is told as a failure. */
  async runTool(name: string, input: unknown, caller: ToolCaller): Promise<ToolResult> {
    const tool = this.tools.find((known) => known.name === name);
    if (tool === undefined) {
      return { text: `${this.definition.name} has no tool ${name}.`, failed: true };
    }

    return runDeclaredTool(tool, { input, caller }, this.#options.placeOf);
  }

  async #setUp(declaration: AgentDeclaration): Promise<void> {
    await this.#guard(async () => {
      await declaration.setup?.({
        name: this.definition.name,
        systemMessage: this.definition.systemMessage,
        registerReply: (reply) => this.#register(reply, reply.position ?? "first"),
        log: (...values) => this.#options.log(logLine(values)),
      });
    });
  }

  #register(declared: ReplyDeclaration, position: NonNullable<ReplyDeclaration["position"]>): void {
    checkReply(`${this.definition.name}: a reply function`, declared);
    this.#named += 1;
    const name = declared.name ?? `reply-${this.#named}`;
    const others = this.#replies.filter((known) => known.name !== name);
    this.#replies = placed(others, { name, declared }, position);
  }

  /** Whatever a person's code throws becomes a sentence; what comes from elsewhere stays as it is. */
  async #guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof AgentError || (error instanceof Error && error.name === "AbortError")) {
        throw error;
      }

      const { name } = this.definition;
      const place = this.#options.placeOf?.(error) ?? "";
      const reason =
        error instanceof Error && error.name !== "Error" ? `${error.name}: ${error.message}` : messageOf(error);
      const message = `${name} failed${place === "" ? "" : ` at ${place}`}: ${reason}`;
      throw new AgentError("agent.threw", { name, reason, place }, message, error);
    }
  }
}
