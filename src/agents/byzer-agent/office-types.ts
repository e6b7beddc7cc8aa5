import type {
  AgentDeclaration,
  AgentMessage,
  Completion,
  Metadata,
  ModelMessage,
  ModelTool,
  ToolDeclaration,
} from "./agent-types.ts";

/**
 * Declares an agent: `export default defineAgent({ … })`.
 *
 * @throws TypeError that names what is wrong with the declaration.
 */
export declare function defineAgent(agent: AgentDeclaration): AgentDeclaration;

/**
 * Declares a tool, for `tools` of an agent or `export const tools = [ … ]` beside it.
 *
 * @throws TypeError that names what is wrong with the declaration.
 */
export declare function defineTool(tool: ToolDeclaration): ToolDeclaration;

/** What answers an agent's `complete` in an office: a function, or `openAiModel()`. */
export type OfficeModel = (request: {
  readonly messages: readonly ModelMessage[];
  readonly tools: readonly ModelTool[];
  /** What the agent declares as its model; `null` for any. */
  readonly model: string | null;
  readonly signal: AbortSignal;
  readonly onText: (text: string) => void;
}) => Promise<string | Completion>;

export interface OfficeOptions {
  /** Where left out, `openAiModel()`: what the environment names. */
  readonly model?: OfficeModel;
  /** What one `send` may spend over all agents that take part in it. */
  readonly budget?: { readonly messages?: number; readonly modelCalls?: number; readonly seconds?: number };
  /** Answers before a tool that acts is called; yes where left out. */
  readonly approve?: (call: {
    readonly agent: string;
    readonly tool: string;
    readonly input: unknown;
  }) => boolean | Promise<boolean>;
  /** Sees every message that is not silent, answers included, in order. */
  readonly onMessage?: (message: AgentMessage) => void;
  /** Sees pieces of an answer that streams. */
  readonly onText?: (agent: string, text: string) => void;
}

/** How a person, or a program, speaks to an agent of an office. */
export interface OfficeSendOptions {
  /** Whose words they are: `user` where left out, or an agent of the office. */
  readonly from?: string;
  readonly metadata?: Metadata;
  readonly requestReply?: boolean;
  readonly silent?: boolean;
  readonly signal?: AbortSignal;
}

export interface GroupChatDeclaration {
  readonly name: string;
  readonly members: readonly string[];
  /** Words of the members after which the chat ends; 10 where left out. */
  readonly maxRounds?: number;
  /** Who speaks next: a name; `undefined` leaves it to the order of the members; `null` ends the chat. */
  readonly chooseSpeaker?: (
    said: readonly AgentMessage[],
    members: readonly string[],
  ) => string | null | undefined | Promise<string | null | undefined>;
}

/** A place where agents live and find each other by name. */
export interface Office {
  /**
   * Lets an agent move in.
   *
   * @param options `name`: what it is called unless it says so itself; `agent` where left out.
   * @returns Its name.
   * @throws Error when its name is taken.
   */
  add(agent: AgentDeclaration, options?: { readonly name?: string }): Promise<string>;
  /** A group chat as an agent: it lets its members speak one after the other and answers with the last word. */
  addGroup(group: GroupChatDeclaration): string;
  /** Names of all who live here. */
  readonly names: readonly string[];
  /** Sends one message. @returns The answer; `null` where none was asked for or none was given. */
  send(to: string, content: string, options?: OfficeSendOptions): Promise<AgentMessage | null>;
  /**
   * Lets two agents talk until one has nothing more to say, a message's metadata says `terminate`, or the budget is spent.
   *
   * @returns The last message.
   */
  initiateChat(
    from: string,
    to: string,
    content: string,
    options?: { readonly clearHistory?: boolean; readonly signal?: AbortSignal },
  ): Promise<AgentMessage | null>;
  /** Everything that `agent` exchanged with `peer`, oldest first. */
  messages(agent: string, peer: string): readonly AgentMessage[];
  /** Gives an agent another system message. */
  instruct(agent: string, systemMessage: string): void;
  /** Makes an agent forget one peer, or everyone. */
  reset(agent: string, peer?: string): void;
}

/** Opens an office in this process: the same agents as in the editor, under plain Node. */
export declare function createOffice(options?: OfficeOptions): Office;

/**
 * A model behind an OpenAI-compatible address.
 *
 * @param options What is left out is read from `OPENAI_BASE_URL`, `OPENAI_API_KEY` and `BYZER_MODEL` at the first call; without
 *   these a local server such as Ollama is looked for.
 */
export declare function openAiModel(options?: {
  readonly baseUrl?: string;
  readonly apiKey?: string;
  readonly model?: string;
}): OfficeModel;
