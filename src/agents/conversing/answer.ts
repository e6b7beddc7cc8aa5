import { askModel } from "../analysis/ask-model.ts";
import type { Reply, ReplyContext } from "../core/reply.ts";
import type { Completion, CompletionRequest, ReplyHelp } from "../ports/reply-help.ts";
import type { ToolResult, ToolShelf } from "../ports/tool.ts";
import type { AgentDefinition } from "../protocol/agent-definition.ts";
import type { ConversingParts } from "./conversing-parts.ts";
import { modelOf } from "./model-of.ts";
import { ModelReply } from "./model-reply.ts";
import { type OfferedTool, shelfTools } from "./offered-tool.ts";
import { sessionToolNames, sessionTools } from "./session-tools.ts";
import { Speech } from "./speech.ts";
import { talkTools } from "./talk-tools.ts";
import { ToolDesk } from "./tool-desk.ts";

/** One message in the hands of an agent of a person's own: its model, its tools, and what it shows the person. */
export class Answer {
  readonly speech: Speech;
  readonly help: ReplyHelp;
  readonly #definition: AgentDefinition;
  readonly #parts: ConversingParts;
  readonly #context: ReplyContext;
  readonly #desk: ToolDesk;
  #offered: Promise<readonly OfferedTool[]> | undefined;

  constructor(definition: AgentDefinition, parts: ConversingParts, context: ReplyContext) {
    const { run, message } = context;
    const { name } = definition;
    this.#definition = definition;
    this.#parts = parts;
    this.#context = context;
    this.#desk = new ToolDesk({ agent: name, run, approvals: parts.approvals, turnId: parts.turnId });
    this.speech = new Speech(run, name, message);
    this.help = {
      complete: (request, onText) => this.#complete(request, onText),
      callTool: (tool, input) => this.#callTool(tool, input),
      show: (text) => this.speech.say(text),
    };
  }

  /** @throws AgentError `model.*`, `run.budget`. */
  async byModel(): Promise<Reply> {
    const model = await modelOf(this.#definition, this.#parts.models, this.#context.run.signal);
    return await new ModelReply({
      definition: this.#definition,
      context: this.#context,
      parts: this.#parts,
      model,
      offered: await this.#tools,
      desk: this.#desk,
      speech: this.speech,
    }).answer();
  }

  get #tools(): Promise<readonly OfferedTool[]> {
    this.#offered ??= this.#offer();
    return this.#offered;
  }

  async #offer(): Promise<readonly OfferedTool[]> {
    const { tools: names, name } = this.#definition;
    const context = this.#context;
    const shelf = this.#parts.shelf();
    const others = names.filter((tool) => !sessionToolNames.includes(tool));
    await this.#prepare(shelf, others);
    return [
      ...sessionTools(names, context, this.speech),
      ...shelfTools(shelf.find(others).tools, name),
      ...talkTools({
        definition: this.#definition,
        context,
        speech: this.speech,
        purposeOf: this.#parts.purposeOf,
      }),
    ];
  }

  /** Tools that cannot be had are told; the agent works without them. The person may be asked, for which no time runs. */
  async #prepare(shelf: ToolShelf, names: readonly string[]): Promise<void> {
    if (shelf.prepare === undefined || names.length === 0) {
      return;
    }

    const { run } = this.#context;
    const failures = await run.budget.offTheClock(async () => (await shelf.prepare?.(names, run.signal)) ?? []);
    for (const { code, details, message } of failures) {
      const text = `Some tools of ${this.#definition.name} are missing. ${message}`;
      const values = { agent: this.#definition.name, code, reason: message, details: JSON.stringify(details) };
      run.emit({ type: "notice", severity: "warning", code: "tools-missing", text, values });
    }
  }

  async #complete(request: CompletionRequest, onText?: (text: string) => void): Promise<Completion> {
    const { run } = this.#context;
    const model = await modelOf(this.#definition, this.#parts.models, run.signal);
    const { text, toolCalls } = await askModel(run, {
      model,
      agent: this.#definition.name,
      request,
      onEvent: (event) => (event.type === "text" ? onText?.(event.text) : undefined),
    });
    return { text, toolCalls };
  }

  async #callTool(tool: string, input: unknown): Promise<ToolResult> {
    const call = { id: crypto.randomUUID(), name: tool, arguments: JSON.stringify(input) ?? "" };
    const outcome = await this.#desk.call(await this.#tools, call);
    if (outcome.kind === "result") {
      return { text: outcome.text, failed: outcome.failed };
    }

    const { reply } = outcome;
    return { text: reply.kind === "answer" ? reply.content : "", failed: false };
  }
}
