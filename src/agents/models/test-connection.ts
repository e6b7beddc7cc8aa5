import { AgentError, messageOf } from "../base/errors.ts";
import type { ChatModel, ModelEvent, ModelRequest, ModelTool } from "../ports/chat-model.ts";
import type { ConnectionCheck, ConnectionReport, ModelChoice } from "../protocol/model.ts";
import { hostOf, normalizeBaseUrl } from "./base-url.ts";
import { createEndpointMemory, type EndpointTraits } from "./endpoint-memory.ts";
import { openEndpoint, type Endpoint } from "./endpoint.ts";
import { notApiSentence, unreachableSentence } from "./model-errors.ts";
import { listModels, type ModelListing } from "./model-listing.ts";
import { createOpenAiChatModel, type OpenAiChatModelOptions } from "./openai-chat-model.ts";
import { drawProbePicture, namesBothColours, type ProbeColour } from "./probe-picture.ts";

type EndEvent = Extract<ModelEvent, { type: "end" }>;
type CheckName = ConnectionCheck["name"];

export interface TestConnectionOptions extends Pick<OpenAiChatModelOptions, "fetch" | "wait" | "now"> {
  /** Chooses the colours of the picture; at random where left out. */
  readonly pickColours?: () => readonly [ProbeColour, ProbeColour];
}

const order: readonly CheckName[] = ["reachable", "key", "model", "chat", "streaming", "tools", "vision"];

/**
 * Finds out what works between here and a model, by asking it: the address, the key, the name, a chat, streaming, a tool
 * call, a picture. Every check is reported; what could not be tried is `skipped`. At most three short answers are
 * asked for. Nothing that was learned before is believed.
 *
 * @param key `null` for none; used for these requests only.
 * @throws the signal's reason when aborted; a failure is a finding, not an error.
 */
export async function testConnection(
  choice: ModelChoice,
  key: string | null,
  signal: AbortSignal,
  options: TestConnectionOptions = {},
): Promise<ConnectionReport> {
  const now = options.now ?? Date.now;
  const startedAt = now();
  const test = new ConnectionTest(choice, key, signal, options);
  const found = await test.run();
  const checks = order.map((name): ConnectionCheck => ({
    name,
    ...(found.get(name) ?? { status: "skipped", message: skipped, finding: { code: "skipped", values: {} } }),
  }));
  return { choice, checks, durationMs: now() - startedAt };
}

const skipped = "Not tried, since an earlier check failed.";

type Finding = Omit<ConnectionCheck, "name">;
type Found = NonNullable<ConnectionCheck["finding"]>;

class ConnectionTest {
  readonly #choice: ModelChoice;
  readonly #signal: AbortSignal;
  readonly #options: TestConnectionOptions;
  readonly #endpoint: Endpoint;
  readonly #model: ChatModel;
  readonly #traits: EndpointTraits;
  readonly #found = new Map<CheckName, Finding>();

  constructor(choice: ModelChoice, key: string | null, signal: AbortSignal, options: TestConnectionOptions) {
    const { model } = choice;
    const baseUrl = normalizeBaseUrl(choice.baseUrl);
    const { pickColours: _, ...carrying } = options;
    const endpointOptions = { ...carrying, baseUrl, readKey: () => Promise.resolve(key) };
    const memory = createEndpointMemory();
    this.#choice = { ...choice, baseUrl };
    this.#signal = signal;
    this.#options = options;
    this.#endpoint = openEndpoint(endpointOptions);
    this.#model = createOpenAiChatModel({ ...endpointOptions, model, memory });
    this.#traits = memory.traitsOf(baseUrl, model);
  }

  async run(): Promise<ReadonlyMap<CheckName, Finding>> {
    const listing = await listModels(this.#endpoint, this.#signal);
    if (!this.#judgeListing(listing)) {
      return this.#found;
    }
    if (await this.#testChat()) {
      await this.#testTools();
      await this.#testVision();
    }
    return this.#found;
  }

  /** False when asking further makes no sense. */
  #judgeListing(listing: ModelListing): boolean {
    const { baseUrl, model } = this.#choice;
    const host = hostOf(baseUrl);
    if (listing.ok) {
      const count = listing.all.length;
      const sentence = `${host} answers and lists ${count} ${count === 1 ? "model" : "models"}.`;
      this.#set("reachable", "ok", sentence, { code: "lists-models", values: { host, count } });
      if (listing.all.includes(model)) {
        this.#set("model", "ok", `${model} is in the list.`, { code: "listed", values: { model } });
      }
      return true;
    }
    const { failure } = listing;
    if (failure.kind === "not-an-api") {
      const values = { baseUrl, reason: failure.reason };
      this.#set("reachable", "failed", notApiSentence(baseUrl, failure), { code: "not-an-api", values });
      return false;
    }
    if (failure.kind !== "status") {
      const values = { host, reason: failure.code || failure.reason };
      this.#set("reachable", "failed", unreachableSentence(baseUrl, failure), {
        code: `no-answer-${failure.kind}`,
        values,
      });
      return false;
    }
    // A server without a list of models may chat all the same, and one that refuses the key does so again.
    const sentence = `${host} answers; its list of models could not be read (status ${failure.status}).`;
    this.#set("reachable", "ok", sentence, { code: "no-list", values: { host, status: failure.status ?? "" } });
    return true;
  }

  async #testChat(): Promise<boolean> {
    const { model } = this.#choice;
    let end: EndEvent;
    try {
      end = await this.#ask({ messages: [{ role: "user", content: "Count from 1 to 10, separated by spaces." }] });
    } catch (error) {
      this.#judgeRefusal(error);
      return false;
    }
    const hasKey = await this.#endpoint.hasKey();
    if (hasKey) {
      this.#set("key", "ok", "The key is accepted.", { code: "key-accepted" });
    } else {
      this.#set("key", "ok", "No key is set, and none is wanted.", { code: "no-key-wanted" });
    }
    this.#set("model", "ok", `${model} is there.`, { code: "model-there", values: { model } });
    const text = end.text.replace(/\s+/gu, " ").trim().slice(0, 60);
    this.#set("chat", "ok", `It answered: ${text}`, { code: "answered", values: { text } });
    if (this.#traits.streaming) {
      this.#set("streaming", "ok", "Answers stream.", { code: "streams" });
    } else {
      const whole = "Answers come in one piece: the text does not appear while it is written.";
      this.#set("streaming", "failed", whole, { code: "whole" });
    }
    return true;
  }

  #judgeRefusal(error: unknown): void {
    const { model, baseUrl } = this.#choice;
    const sentence = messageOf(error);
    const values = { host: hostOf(baseUrl), model, reason: reasonOf(error) };
    if (AgentError.is(error, "model.wrong-key")) {
      this.#set("key", "failed", sentence, { code: "wrong-key", values });
    } else if (AgentError.is(error, "model.unknown")) {
      this.#set("model", "failed", sentence, { code: "unknown-model", values });
    } else if (AgentError.is(error, "model.unreachable")) {
      this.#found.delete("model");
      this.#set("reachable", "failed", sentence, { code: "unreachable", values });
    } else if (AgentError.is(error, "model.failed") && error.details.status === 404 && !this.#found.has("model")) {
      this.#set("reachable", "failed", sentence, { code: "not-an-api", values: { ...values, baseUrl } });
    } else {
      this.#set("chat", "failed", `${model} did not answer. ${sentence}`, {
        code: "no-chat",
        values: { ...values, reason: sentence },
      });
    }
  }

  async #testTools(): Promise<void> {
    try {
      const end = await this.#ask({
        messages: [
          { role: "user", content: "Call the tool `report_number` with the number 7. Do not answer in text." },
        ],
        tools: [reportNumber],
      });
      this.#judgeTools(end);
    } catch (error) {
      this.#signal.throwIfAborted();
      const reason = messageOf(error);
      const sentence = `Offering a tool made the request fail. ${reason}`;
      this.#set("tools", "failed", sentence, { code: "tools-refused", values: { reason } });
    }
  }

  #judgeTools(end: EndEvent): void {
    if (!this.#traits.tools) {
      const sentence = "It cannot call tools: its code is read from fenced blocks instead.";
      this.#set("tools", "failed", sentence, { code: "no-tools" });
    } else if (end.toolCalls.some(({ name }) => name === reportNumber.name)) {
      this.#set("tools", "ok", "It calls tools.", { code: "tools" });
    } else {
      const sentence = "It answered in text instead of calling the tool: its code is read from fenced blocks.";
      this.#set("tools", "failed", sentence, { code: "text-for-tools" });
    }
  }

  async #testVision(): Promise<void> {
    const [left, right] = (this.#options.pickColours ?? pickColours)();
    const content = "Which two colours does this picture show, left and right? Answer with two words.";
    let end: EndEvent;
    try {
      const images = [drawProbePicture(left, right)];
      end = await this.#ask({ messages: [{ role: "user", content, images }] });
    } catch (error) {
      this.#signal.throwIfAborted();
      const reason = messageOf(error);
      const sentence = `A picture made the request fail: pictures will not be sent. ${reason}`;
      this.#set("vision", "failed", sentence, { code: "pictures-refused", values: { reason } });
      return;
    }
    if (this.#traits.images && namesBothColours(end.text, left, right)) {
      this.#set("vision", "ok", "It sees pictures.", { code: "sees" });
    } else {
      const sentence = "It does not see pictures: plots are described to it in words.";
      this.#set("vision", "failed", sentence, { code: "blind" });
    }
  }

  async #ask(request: ModelRequest): Promise<EndEvent> {
    for await (const event of this.#model.complete(request, this.#signal)) {
      if (event.type === "end") {
        return event;
      }
    }
    throw new AgentError("model.empty", this.#choice, `${this.#choice.model} said nothing.`);
  }

  #set(
    name: CheckName,
    status: ConnectionCheck["status"],
    message: string,
    { code, values = {} }: { readonly code: string; readonly values?: Found["values"] },
  ): void {
    this.#found.set(name, { status, message, finding: { code, values } });
  }
}

/** What the server said for itself, where it said something. */
function reasonOf(error: unknown): string {
  const isTold = AgentError.is(error, "model.unreachable") || AgentError.is(error, "model.failed");
  return isTold ? error.details.reason : "";
}

const reportNumber: ModelTool = {
  name: "report_number",
  description: "Reports a number.",
  parameters: { type: "object", properties: { number: { type: "integer" } }, required: ["number"] },
};

function pickColours(): readonly [ProbeColour, ProbeColour] {
  const names: readonly ProbeColour[] = ["red", "green", "blue", "yellow"];
  const first = Math.floor(Math.random() * names.length);
  const second = (first + 1 + Math.floor(Math.random() * (names.length - 1))) % names.length;
  return [names[first] ?? "red", names[second] ?? "blue"];
}
