import {
  CancellationTokenSource,
  type LanguageModelChat,
  LanguageModelChatMessage,
  LanguageModelError,
  LanguageModelTextPart,
  LanguageModelToolCallPart,
  LanguageModelToolResultPart,
  l10n,
  lm,
} from "vscode";
import { AgentError, messageOf } from "../../agents/base/errors.ts";
import type { ConnectionCheck, ConnectionReport, ModelChoice } from "../../agents/protocol/model.ts";
import type {
  ChatModel,
  ModelEvent,
  ModelMessage,
  ModelRequest,
  ModelToolCall,
} from "../../agents/ports/chat-model.ts";

const place = "editor";

/** Ids of the language models that the editor offers, as a choice names them. */
export async function editorModelIds(): Promise<readonly string[]> {
  const models = await lm.selectChatModels();
  return models.map((model) => model.id);
}

/**
 * A language model of the editor, as agents talk to it. The editor asks for the person's consent at the first request.
 *
 * @param id As {@link editorModelIds} names it.
 */
export function createEditorChatModel(id: string): ChatModel {
  return { name: id, place, complete: (request, signal) => completeWithEditor(id, request, signal) };
}

async function* completeWithEditor(id: string, request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelEvent> {
  signal.throwIfAborted();
  const cancellation = new CancellationTokenSource();
  const cancel = (): void => cancellation.cancel();
  signal.addEventListener("abort", cancel, { once: true });
  try {
    const model = await findModel(id);
    yield* readAnswer(model, request, cancellation);
  } catch (error) {
    signal.throwIfAborted();
    throw toAgentError(error, id);
  } finally {
    signal.removeEventListener("abort", cancel);
    cancellation.dispose();
  }
}

async function findModel(id: string): Promise<LanguageModelChat> {
  const [model] = await lm.selectChatModels({ id });
  if (model === undefined) {
    throw unknownModel(id, await editorModelIds());
  }
  return model;
}

async function* readAnswer(
  model: LanguageModelChat,
  request: ModelRequest,
  cancellation: CancellationTokenSource,
): AsyncIterable<ModelEvent> {
  const response = await model.sendRequest(
    request.messages.map(toEditorMessage),
    {
      justification: l10n.t("Byzer Agent answers questions about your files with this model."),
      tools: (request.tools ?? []).map(({ name, description, parameters }) => ({
        name,
        description,
        inputSchema: parameters,
      })),
    },
    cancellation.token,
  );
  let text = "";
  const toolCalls: ModelToolCall[] = [];
  for await (const part of response.stream) {
    if (part instanceof LanguageModelTextPart) {
      text += part.value;
      yield { type: "text", text: part.value };
    } else if (part instanceof LanguageModelToolCallPart) {
      const call = { id: part.callId, name: part.name, arguments: JSON.stringify(part.input) };
      yield { type: "tool-delta", index: toolCalls.length, name: call.name, arguments: call.arguments };
      toolCalls.push(call);
    }
  }
  if (text === "" && toolCalls.length === 0) {
    throw new AgentError(
      "model.empty",
      { baseUrl: place, model: model.id },
      l10n.t("{0} answered nothing.", model.name),
    );
  }
  yield {
    type: "end",
    text,
    toolCalls,
    finishReason: toolCalls.length > 0 ? "tool-calls" : "stop",
    usage: await countTokens(model, request, text),
    repairs: [],
  };
}

/** The editor does not say what a request took; its counter is asked, and the figure marked as an estimate. */
async function countTokens(
  model: LanguageModelChat,
  request: ModelRequest,
  answer: string,
): Promise<{ promptTokens: number; completionTokens: number; estimated: boolean }> {
  const prompt = request.messages.map(({ content }) => content).join("\n");
  const [promptTokens, completionTokens] = await Promise.all([model.countTokens(prompt), model.countTokens(answer)]);
  return { promptTokens, completionTokens, estimated: true };
}

/** The editor knows no system role: such a message goes as the person's. Pictures are left out. */
function toEditorMessage(message: ModelMessage): LanguageModelChatMessage {
  switch (message.role) {
    case "system":
    case "user":
      return LanguageModelChatMessage.User(message.content);
    case "assistant":
      return LanguageModelChatMessage.Assistant([
        ...(message.content === "" ? [] : [new LanguageModelTextPart(message.content)]),
        ...(message.toolCalls ?? []).map(
          (call) => new LanguageModelToolCallPart(call.id, call.name, parseInput(call.arguments)),
        ),
      ]);
    case "tool":
      return LanguageModelChatMessage.User([
        new LanguageModelToolResultPart(message.toolCallId, [new LanguageModelTextPart(message.content)]),
      ]);
  }
}

function parseInput(json: string): object {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null ? value : { value };
  } catch {
    return { text: json };
  }
}

function toAgentError(error: unknown, id: string): unknown {
  if (!(error instanceof LanguageModelError)) {
    return error instanceof AgentError ? error : failed(messageOf(error), error);
  }
  switch (error.code) {
    case LanguageModelError.NotFound().code:
      return unknownModel(id, []);
    case LanguageModelError.NoPermissions().code:
      return failed(
        l10n.t(
          "The editor's model may only be used with your consent. Ask again to be asked for it, or choose another model.",
        ),
        error,
      );
    case LanguageModelError.Blocked().code:
      return failed(l10n.t("The editor's model refused: {0}", error.message), error);
    default:
      return failed(messageOf(error.cause ?? error), error);
  }
}

function failed(reason: string, cause: unknown): AgentError {
  return new AgentError("model.failed", { baseUrl: place, status: null, reason }, reason, cause);
}

function unknownModel(model: string, known: readonly string[]): AgentError {
  const message = l10n.t("The editor does not offer the model {0} any more. Choose another one.", model);
  return new AgentError("model.unknown", { baseUrl: place, model, known }, message);
}

/** Tries a model of the editor with one short question. */
export async function testEditorModel(choice: ModelChoice, signal: AbortSignal): Promise<ConnectionReport> {
  const from = Date.now();
  const checks: ConnectionCheck[] = [];
  try {
    const request: ModelRequest = { messages: [{ role: "user", content: "Say hello in one word." }] };
    for await (const event of createEditorChatModel(choice.model).complete(request, signal)) {
      if (event.type === "end") {
        checks.push({ name: "chat", status: "ok", message: l10n.t("It answered: {0}", event.text.trim()) });
      }
    }
  } catch (error) {
    signal.throwIfAborted();
    const name = AgentError.is(error, "model.unknown") ? "model" : "chat";
    checks.push({ name, status: "failed", message: messageOf(error) });
  }
  return { choice, checks, durationMs: Date.now() - from };
}
