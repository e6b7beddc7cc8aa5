import type { ModelImage, ModelMessage, ModelRequest } from "../ports/chat-model.ts";
import type { SentFeatures } from "./diagnose.ts";
import type { EndpointTraits } from "./endpoint-memory.ts";

/** The JSON body of `POST /chat/completions`, as far as this client writes it. */
export interface ChatBody {
  readonly [key: string]: unknown;
  readonly model: string;
  readonly messages: readonly object[];
  readonly stream: boolean;
}

/** Builds the body for what the endpoint understands, and says what it carries. */
export function buildChatBody(
  model: string,
  request: ModelRequest,
  traits: Readonly<EndpointTraits>,
  streaming: boolean,
): { readonly body: ChatBody; readonly sent: SentFeatures } {
  const sent = featuresOf(request, traits, streaming);
  const body: ChatBody = {
    model,
    messages: request.messages.map((message) => toWire(message, traits)),
    stream: streaming,
    ...(sent.streamOptions ? { stream_options: { include_usage: true } } : {}),
    ...(sent.tools ? { tools: request.tools?.map((tool) => ({ type: "function", function: tool })) } : {}),
    ...(sent.parallelToolCalls ? { parallel_tool_calls: false } : {}),
    ...(sent.temperature ? { temperature: request.temperature } : {}),
    ...(sent.maxTokens ? { [traits.maxTokens]: request.maxTokens } : {}),
  };
  return { body, sent };
}

function featuresOf(request: ModelRequest, traits: Readonly<EndpointTraits>, streaming: boolean): SentFeatures {
  const tools = traits.tools && (request.tools?.length ?? 0) > 0;
  return {
    tools,
    parallelToolCalls: tools && traits.parallelToolCalls,
    streaming,
    streamOptions: streaming && traits.streamOptions,
    temperature: traits.temperature && request.temperature !== undefined,
    maxTokens: traits.maxTokens !== "none" && request.maxTokens !== undefined,
    images: traits.images && carriesImages(request),
    systemRole: traits.systemRole && request.messages.some(({ role }) => role === "system"),
  };
}

/** Whether any message has a picture. */
export function carriesImages(request: ModelRequest): boolean {
  return request.messages.some((message) => imagesOf(message).length > 0);
}

function imagesOf(message: ModelMessage): readonly ModelImage[] {
  return message.role === "user" || message.role === "system" ? (message.images ?? []) : [];
}

function toWire(message: ModelMessage, traits: Readonly<EndpointTraits>): object {
  switch (message.role) {
    case "system":
    case "user": {
      const role = message.role === "system" && !traits.systemRole ? "user" : message.role;
      const images = traits.images ? imagesOf(message) : [];
      return { role, content: images.length === 0 ? message.content : withImages(message.content, images) };
    }
    case "assistant":
      return assistantToWire(message, traits);
    case "tool":
      // A model without tools still sees what its calls brought, as something it was told.
      return traits.tools
        ? { role: "tool", tool_call_id: message.toolCallId, content: message.content }
        : { role: "user", content: message.content };
  }
}

function withImages(text: string, images: readonly ModelImage[]): readonly object[] {
  return [
    { type: "text", text },
    ...images.map(({ mime, base64 }) => ({ type: "image_url", image_url: { url: `data:${mime};base64,${base64}` } })),
  ];
}

function assistantToWire(
  message: Extract<ModelMessage, { role: "assistant" }>,
  traits: Readonly<EndpointTraits>,
): object {
  const calls = message.toolCalls ?? [];
  if (calls.length === 0) {
    return { role: "assistant", content: message.content };
  }
  if (!traits.tools) {
    const printed = calls.map((call) => `{"name": ${JSON.stringify(call.name)}, "arguments": ${call.arguments}}`);
    return { role: "assistant", content: [message.content, ...printed].filter((part) => part !== "").join("\n") };
  }
  return {
    role: "assistant",
    content: message.content === "" ? null : message.content,
    tool_calls: calls.map(({ id, name, arguments: text }) => ({
      id,
      type: "function",
      function: { name, arguments: text },
    })),
  };
}
