import { askModel } from "../analysis/ask-model.ts";
import { AgentError } from "../base/errors.ts";
import { type Reply, type ReplyContext, answer } from "../core/reply.ts";
import {
  type ChatModel,
  type ModelEvent,
  type ModelMessage,
  type ModelToolCall,
  toolsLeftOut,
} from "../ports/chat-model.ts";
import type { AgentDefinition } from "../protocol/agent-definition.ts";
import type { ConversingParts } from "./conversing-parts.ts";
import { groupOf, groupRule } from "./group-place.ts";
import { longestHistory, modelHistory } from "./model-history.ts";
import type { OfferedTool } from "./offered-tool.ts";
import type { Speech } from "./speech.ts";
import type { ToolDesk } from "./tool-desk.ts";
import { CallHolder, readWrittenCalls, writtenCallsRule } from "./written-calls.ts";

/** Times that a model may use tools to answer one message, where its agent sets no limit of calls. */
const mostRounds = 24;

export interface ModelReplyParts {
  readonly definition: AgentDefinition;
  readonly context: ReplyContext;
  readonly parts: ConversingParts;
  readonly model: ChatModel;
  readonly offered: readonly OfferedTool[];
  readonly desk: ToolDesk;
  readonly speech: Speech;
}

interface Said {
  readonly text: string;
  readonly calls: readonly ModelToolCall[];
}

/** How an agent's model answers one message: it speaks, calls tools, reads what they give, until it has only words. */
export class ModelReply {
  readonly #parts: ModelReplyParts;
  readonly #since: ModelMessage[] = [];
  #mostHistory: number = longestHistory;
  #wasEmpty = false;
  #about = "";

  constructor(parts: ModelReplyParts) {
    this.#parts = parts;
  }

  /** @throws AgentError `model.*`, `run.budget`. */
  async answer(): Promise<Reply> {
    const { context, definition, parts, speech } = this.#parts;
    this.#about = await parts.about(definition.tools, context.run.signal);
    for (let round = 1; ; round += 1) {
      const isLast = round > mostRounds || context.run.budget.modelCallsLeft <= 1;
      // Each word follows from what the tools gave before.
      // oxlint-disable-next-line no-await-in-loop
      const { text, calls } = await this.#ask(isLast && round > 1);
      if (calls.length === 0) {
        if (this.#isEmpty(text)) {
          continue;
        }

        return answer(text, speech.end(text));
      }

      speech.endRemark(text);
      // oxlint-disable-next-line no-await-in-loop
      const reply = await this.#use(text, calls);
      if (reply !== undefined) {
        return reply;
      }
    }
  }

  /** One call of the model. @param isLast No more tools: it has to answer. */
  async #ask(isLast: boolean): Promise<Said> {
    const { offered, model, parts, context, definition } = this.#parts;
    const tools = isLast ? [] : offered.map(({ tool }) => tool);
    const isWritten = parts.toolless.has(modelKey(model)) && tools.length > 0;
    context.run.emit({ type: "progress", agent: definition.name, activity: "thinking", detail: "" });
    const said = await this.#complete(this.#messages(isLast, isWritten), tools, isWritten);
    if (said.toolsLeftOut && (!isWritten || context.run.recall !== undefined) && tools.length > 0) {
      // It was asked without knowing of its tools: from now on they are told in words.
      parts.toolless.add(modelKey(model));
      this.#parts.speech.drop();
      return this.#ask(isLast);
    }

    return isWritten && said.calls.length === 0 ? readWrittenCalls(said.text) : said;
  }

  async #complete(
    messages: readonly ModelMessage[],
    tools: readonly OfferedTool["tool"][],
    isWritten: boolean,
  ): Promise<Said & { readonly toolsLeftOut: boolean }> {
    const { model, context, definition, speech } = this.#parts;
    const holder = new CallHolder((text) => speech.say(text));
    const request = { messages, ...(tools.length === 0 || isWritten ? {} : { tools }) };
    try {
      const end = await askModel(context.run, {
        model,
        agent: definition.name,
        request,
        onEvent: (event) => this.#show(event, holder),
      });
      speech.endThoughts();
      return { text: end.text.trim(), calls: end.toolCalls, toolsLeftOut: end.repairs.includes(toolsLeftOut) };
    } catch (error) {
      speech.endThoughts();
      speech.drop();
      if (AgentError.is(error, "model.too-long") && this.#mostHistory === longestHistory) {
        this.#mostHistory = Math.floor(longestHistory / 6);
        const system = messages[0];
        return this.#complete(system === undefined ? [] : [system, ...this.#history(isWritten)], tools, isWritten);
      }

      throw error;
    }
  }

  #show(event: ModelEvent, holder: CallHolder): void {
    const { speech, context, definition } = this.#parts;
    switch (event.type) {
      case "reasoning":
        return speech.think(event.text);
      case "text":
        return holder.read(event.text);
      case "end":
        return holder.end();
      case "waiting":
        context.run.emit({ type: "progress", agent: definition.name, activity: "retrying", detail: event.text });
        return;
      case "asked-again":
        context.run.emit({ type: "progress", agent: definition.name, activity: "thinking", detail: "" });
        return;
      case "tool-delta":
    }
  }

  #messages(isLast: boolean, isWritten: boolean): readonly ModelMessage[] {
    const { context, definition } = this.#parts;
    const group = groupOf(context.message);
    const system = [context.systemMessage, ...(group === undefined ? [] : [groupRule(group, definition.name)])].filter(
      (text) => text.trim() !== "",
    );
    const closing = "No more tools can be used for this message. Answer now, from what you have; say what is missing.";
    return [
      ...(system.length === 0 ? [] : [{ role: "system" as const, content: system.join("\n\n") }]),
      ...this.#history(isWritten),
      ...(isLast ? [{ role: "user" as const, content: closing }] : []),
    ];
  }

  /** What stands in files, in results of tools and in what tools say of themselves is never part of the system message. */
  #history(isWritten: boolean): readonly ModelMessage[] {
    const { context, definition, offered } = this.#parts;
    const [first, ...rest] = modelHistory(context.messages, definition.name, this.#mostHistory);
    const told = first === undefined ? [] : [first];
    const before = [this.#about, isWritten ? writtenCallsRule(offered.map(({ tool }) => tool)) : ""];
    const about = before.filter((text) => text !== "").join("\n\n");
    const opening =
      about === "" || first === undefined ? told : [{ ...first, content: `${about}\n\n${first.content}` }];
    return [...opening, ...rest, ...this.#since];
  }

  /** @returns The reply where a tool ended the answer. */
  async #use(text: string, calls: readonly ModelToolCall[]): Promise<Reply | undefined> {
    const { desk, offered, parts, model } = this.#parts;
    const isWritten = parts.toolless.has(modelKey(model));
    this.#since.push(
      isWritten ? spokenCalls(text, calls) : { role: "assistant", content: text, toolCalls: [...calls] },
    );
    for (const call of calls) {
      // The person reads one question at a time, and code may build on the call before.
      // oxlint-disable-next-line no-await-in-loop
      const outcome = await desk.call(offered, call);
      if (outcome.kind === "reply") {
        return outcome.reply;
      }

      this.#since.push(
        isWritten
          ? { role: "user", content: `Result of ${call.name}:\n${outcome.text}` }
          : { role: "tool", toolCallId: call.id, content: outcome.text },
      );
    }

    return undefined;
  }

  /** An empty answer is asked for once more. @throws AgentError `model.empty` the second time. */
  #isEmpty(text: string): boolean {
    const { model, speech } = this.#parts;
    if (text !== "") {
      return false;
    }

    speech.drop();
    if (this.#wasEmpty) {
      const details = { baseUrl: model.place, model: model.name };
      throw new AgentError("model.empty", details, `${model.name} answered with nothing, twice. Try another model.`);
    }

    this.#wasEmpty = true;
    this.#since.push({ role: "user", content: "Your reply was empty. Answer in words." });
    return true;
  }
}

function modelKey({ place, name }: ChatModel): string {
  return `${place} ${name}`;
}

function spokenCalls(text: string, calls: readonly ModelToolCall[]): ModelMessage {
  const blocks = calls.map(
    ({ name, arguments: input }) => `\`\`\`tool\n{"name": ${JSON.stringify(name)}, "arguments": ${input}}\n\`\`\``,
  );
  return { role: "assistant", content: [text, ...blocks].filter((part) => part !== "").join("\n\n") };
}
