import type { TokenUsage } from "../protocol/model.ts";

/** One message as a model sees it. */
export type ModelMessage =
  | { readonly role: "system" | "user"; readonly content: string; readonly images?: readonly ModelImage[] }
  | { readonly role: "assistant"; readonly content: string; readonly toolCalls?: readonly ModelToolCall[] }
  | { readonly role: "tool"; readonly toolCallId: string; readonly content: string };

/** Sent only to models that see. */
export interface ModelImage {
  readonly mime: "image/png" | "image/jpeg";
  readonly base64: string;
}

export interface ModelToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON text as the model wrote it; may not parse. */
  readonly arguments: string;
}

export interface ModelTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments. */
  readonly parameters: { readonly [key: string]: unknown };
}

export interface ModelRequest {
  readonly messages: readonly ModelMessage[];
  /** Offered where the model can call tools; a client that learns it cannot leaves them out and says so. */
  readonly tools?: readonly ModelTool[];
  readonly maxTokens?: number;
  /** 0 to 2; the server's default where left out. */
  readonly temperature?: number;
}

/** A repair that is said with each answer of a model that cannot call the tools it was offered. */
export const toolsLeftOut = "this model cannot call tools: they were left out";

/** What a model says, piece by piece. Exactly one `end` comes, last. */
export type ModelEvent =
  | { readonly type: "text"; readonly text: string }
  /** Thoughts of a reasoning model; shown folded, never sent back. */
  | { readonly type: "reasoning"; readonly text: string }
  /** A piece of a tool call's arguments, so that code can stream. `index` tells calls apart. */
  | { readonly type: "tool-delta"; readonly index: number; readonly name: string; readonly arguments: string }
  /** The client waits before it asks again; `text` says why and for how long, such as "Rate limited: trying again in 12 s". */
  | {
      readonly type: "waiting";
      readonly reason: "rate-limited" | "server-failed" | "connection-lost";
      readonly delayMs: number;
      readonly text: string;
    }
  /** The wait is over, and the client has asked again. */
  | { readonly type: "asked-again" }
  | {
      readonly type: "end";
      /** The whole text. */
      readonly text: string;
      readonly toolCalls: readonly ModelToolCall[];
      readonly finishReason: "stop" | "length" | "tool-calls" | "filtered" | "unknown";
      readonly usage: TokenUsage;
      /** Things the client put right, in plain words, such as "no finish reason was sent". */
      readonly repairs: readonly string[];
    };

/** A model that chats. */
export interface ChatModel {
  /** As the person chose it, such as `qwen2.5-coder:14b`. */
  readonly name: string;
  /** Where it runs: the base URL, or `editor`. */
  readonly place: string;
  /**
   * @throws AgentError `model.*`, telling apart unreachable, wrong key, unknown model, rate limit (with the wait),
   * server error, cut stream, malformed answer, empty answer. Abort rejects with the signal's reason.
   */
  complete(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelEvent>;
}

/** Chooses the model for each role. */
export interface ModelProvider {
  /** @throws AgentError `model.missing` (what was looked for and the ways out). */
  modelFor(role: ModelRole, signal: AbortSignal): Promise<ChatModel>;
  /** A model by its name: where it was seen, else at the address of the chat's model. @throws AgentError `model.missing`. */
  modelNamed?(name: string, signal: AbortSignal): Promise<ChatModel>;
}

/** `router` and `reviewer` fall back to `chat` where no model of their own is set. */
export type ModelRole = "chat" | "router" | "reviewer";
