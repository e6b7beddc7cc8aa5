/** What can be written as JSON. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** Plain data beside a text, for reply functions to read; not shown to a model. */
export type Metadata = { readonly [key: string]: JsonValue };

/** One message between two agents. */
export interface AgentMessage {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly inReplyTo?: string | undefined;
  readonly content: string;
  readonly metadata: Metadata;
  /** `false`: the receiver remembers it and does not answer. */
  readonly requestReply: boolean;
  /** Left out of the transcript. */
  readonly silent: boolean;
}

/** What an agent answers: a text, a text with metadata, pieces of a text as they come, or nothing (`null`). */
export type AgentReply =
  | string
  | { readonly content: string; readonly metadata?: Metadata }
  | AsyncIterable<string>
  | null;

/**
 * What a reply function gives back. `[true, reply]` answers, and `[true, null]` answers with silence. `[false, …]` leaves
 * the message to the next reply function, and after the last one to the agent's model.
 */
export type ReplyResult = readonly [final: boolean, reply?: AgentReply];

/** What a reply function is given. */
export interface ReplyInput {
  /** The message to answer. */
  readonly message: AgentMessage;
  /** Everything exchanged with the sender, oldest first, `message` included. */
  readonly messages: readonly AgentMessage[];
  /** Name of the agent that sent the message. */
  readonly sender: string;
  /** The `config` that the reply function was declared with. */
  readonly config: unknown;
  /** The agent itself: how it speaks to others, to its model and to its tools. */
  readonly agent: LiveAgent;
  /** Aborted when the answer is no longer wanted. */
  readonly signal: AbortSignal;
}

/** One way an agent answers. */
export interface ReplyDeclaration {
  /**
   * What others are placed relative to; one of the same name is replaced. `reply-1` and so on where left out.
   */
  readonly name?: string;
  /** Whose messages it is for: anyone's (the default), those of the agents named, or what a function says yes to. */
  readonly trigger?: "anyone" | readonly string[] | ((message: AgentMessage) => boolean);
  /** Where among the functions before it; `last` in a declaration, `first` when registered later. */
  readonly position?: ReplyPosition;
  /** Handed to the function as it is. */
  readonly config?: unknown;
  reply(input: ReplyInput): ReplyResult | Promise<ReplyResult>;
}

/** A place among reply functions, which are tried in order. */
export type ReplyPosition = "first" | "last" | { readonly before: string } | { readonly after: string };

/** How a message is sent. */
export interface SendOptions {
  /** `false` tells the receiver without asking for an answer. Default: `true`. */
  readonly requestReply?: boolean;
  /** Leaves the message and its answer out of the transcript. */
  readonly silent?: boolean;
  readonly metadata?: Metadata;
}

/** One message as a model sees it. */
export type ModelMessage =
  | { readonly role: "system" | "user"; readonly content: string }
  | { readonly role: "assistant"; readonly content: string; readonly toolCalls?: readonly ModelToolCall[] }
  | { readonly role: "tool"; readonly toolCallId: string; readonly content: string };

export interface ModelToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON text as the model wrote it; may not parse. */
  readonly arguments: string;
}

/** What a model is offered to call. */
export interface ModelTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the input. */
  readonly parameters: { readonly [key: string]: unknown };
}

export interface CompleteOptions {
  readonly tools?: readonly ModelTool[];
  /** Gets the text piece by piece. */
  readonly onText?: (text: string) => void;
}

/** What a model said. */
export interface Completion {
  readonly text: string;
  readonly toolCalls: readonly ModelToolCall[];
}

/** What a tool gave back: text for the model; where it failed, what went wrong and the way out. */
export interface ToolResult {
  readonly text: string;
  readonly failed: boolean;
}

/** An agent while it answers a message. */
export interface LiveAgent {
  readonly name: string;
  /** As it is now; a person may have changed it. */
  readonly systemMessage: string;
  /**
   * Sends a message to another agent.
   *
   * @returns Its answer; `null` where none was asked for or none was given.
   */
  send(to: string, content: string, options?: SendOptions): Promise<AgentMessage | null>;
  /**
   * Asks the agent's model. The agent's system message goes first unless the messages have one. A text stands for one
   * message of the user.
   */
  complete(messages: string | readonly ModelMessage[], options?: CompleteOptions): Promise<Completion>;
  /** The same, as pieces of text: `return [true, agent.stream(question)]` answers while the model still speaks. */
  stream(messages: string | readonly ModelMessage[]): AsyncIterable<string>;
  /** Calls one of the agent's tools; the person is asked where the tool acts. */
  tool(name: string, input: unknown): Promise<ToolResult>;
  /** Adds a reply function from the next message on; tried first unless its `position` says otherwise. */
  registerReply(reply: ReplyDeclaration): void;
  /** Writes to the agent's log. */
  log(...values: readonly unknown[]): void;
}

/** An agent while it is set up. */
export type AgentSetup = Pick<LiveAgent, "name" | "systemMessage" | "registerReply" | "log">;

/** Who calls a tool, and within what. */
export interface ToolCaller {
  /** Name of the agent that calls. */
  readonly agent: string;
  readonly signal: AbortSignal;
}

/** Something that agents can do besides talking. */
export interface ToolDeclaration {
  /** Letters, figures, `_` and `-`, as models accept them. */
  readonly name: string;
  /** When to use it and what it gives back, for the model. */
  readonly description: string;
  /** JSON Schema of the input, an object. */
  readonly parameters: { readonly [key: string]: unknown };
  /** `acts` (the default) asks the person before each call; `reads` changes nothing and is not asked for. */
  readonly effect?: "reads" | "acts";
  /** @returns A text, or anything else that JSON can write. What it throws is told to the model as a failure. */
  run(input: any, caller: ToolCaller): unknown;
}

/** Another agent that may be given the whole conversation. */
export interface HandOffDeclaration {
  readonly agent: string;
  /** What a person reads on the way. */
  readonly label?: string;
  /** Said to the other agent besides the question. */
  readonly prompt?: string;
}

/** What an agent may spend on one message. */
export interface AgentLimits {
  /** Replies to one peer in a row. */
  readonly replies?: number;
  readonly modelCalls?: number;
  readonly tokens?: number;
  readonly seconds?: number;
}

/** An agent: what it is called and told, what it can do, and how it answers. */
export interface AgentDeclaration {
  /** Letters of any script, figures, `_` and `-`; where left out, the name of its file. */
  readonly name?: string;
  /** When to choose it: one sentence for people, routers and other agents. */
  readonly description?: string;
  readonly systemMessage?: string;
  /** A role (`chat`, `router`, `reviewer`) or the name of a model; the chat's model where left out. */
  readonly model?: string;
  /** Names of tools, and tools of its own. */
  readonly tools?: readonly (string | ToolDeclaration)[];
  /** Agents that it may ask while its model answers. */
  readonly asks?: readonly string[];
  readonly handOffs?: readonly (string | HandOffDeclaration)[];
  readonly limits?: AgentLimits;
  /** Where it lives: beside the editor, which is what is meant where nothing is said, or on the cluster that is connected. */
  readonly location?: "local" | "ray";
  /** When the person is asked for words; `NEVER` where left out. */
  readonly inputMode?: "ALWAYS" | "TERMINATE" | "NEVER";
  /** Tried in this order; a message that none of them answers goes to the agent's model. */
  readonly replies?: readonly ReplyDeclaration[];
  /** Runs once, before the first message. */
  setup?(agent: AgentSetup): void | Promise<void>;
}

/** Takes back what was registered. */
export interface ApiDisposable {
  dispose(): void;
}

/** Who registers something: `context.extension`. */
export interface ApiExtension {
  /** Such as `publisher.name`. */
  readonly id: string;
}

export interface ApiSendOptions {
  /** Stops the answer. */
  readonly signal?: AbortSignal;
}

/**
 * What Byzer Agent's `activate()` returns:
 * `await vscode.extensions.getExtension("byzer.byzer-agent").activate()`.
 */
export interface ByzerAgentApi {
  /** Raised when something here stops working as it did. */
  readonly version: 1;
  /**
   * Registers an agent. It runs in the code of its extension and answers as `@name`.
   *
   * @throws TypeError where it has no name, or is no agent at all. What else is wrong with it is shown beside it.
   */
  readonly registerAgent: (
    extension: ApiExtension,
    agent: AgentDeclaration & { readonly name: string },
  ) => ApiDisposable;
  /**
   * Registers a tool, for any agent that names it.
   *
   * @throws TypeError where it has no name or nothing to run.
   */
  readonly registerTool: (extension: ApiExtension, tool: ToolDeclaration) => ApiDisposable;
  /**
   * Asks an agent of the workspace, in the session that is shown, where the person sees question and answer and can stop
   * it. A session that answers already is waited for.
   *
   * @returns The answer; `null` where none was given.
   * @throws Error that says what went wrong; an `AbortError` after a stop.
   */
  readonly send: (
    extension: ApiExtension,
    to: string,
    content: string,
    options?: ApiSendOptions,
  ) => Promise<AgentMessage | null>;
  /** Hears every message between agents of this window's sessions that is not silent, answers included, in order. */
  readonly onMessage: (listener: (message: AgentMessage) => void) => ApiDisposable;
}
