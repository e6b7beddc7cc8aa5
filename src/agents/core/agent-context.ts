import type { ReplyHelp } from "../ports/reply-help.ts";
import type { Message } from "../protocol/message.ts";
import type { ReplyContext, SendOptions } from "./reply.ts";
import type { Run } from "./run.ts";

/** What a context takes from the agent that answers. */
export interface AgentContextParts {
  /** All that was exchanged with the sender, and with anyone; both only grow while the context lives. */
  readonly history: readonly Message[];
  readonly timeline: readonly Message[];
  readonly systemMessage: string;
  readonly send: (
    run: Run,
    to: string,
    content: string,
    options: SendOptions & { readonly requestReply?: boolean },
  ) => Promise<Message | undefined>;
  readonly help: ((message: Message, run: Run, context: ReplyContext) => ReplyHelp) | undefined;
}

/** What the reply functions of an agent in this process are given. What nobody looks at is not made. */
export class AgentContext implements ReplyContext {
  readonly message: Message;
  readonly run: Run;
  readonly systemMessage: string;
  readonly #parts: AgentContextParts;
  readonly #historyEnd: number;
  readonly #timelineEnd: number;

  constructor(message: Message, run: Run, parts: AgentContextParts) {
    this.message = message;
    this.run = run;
    this.systemMessage = parts.systemMessage;
    this.#parts = parts;
    this.#historyEnd = parts.history.length;
    this.#timelineEnd = parts.timeline.length;
  }

  get messages(): readonly Message[] {
    return this.#parts.history.slice(0, this.#historyEnd);
  }

  get timeline(): readonly Message[] {
    return this.#parts.timeline.slice(0, this.#timelineEnd);
  }

  get help(): ReplyHelp | undefined {
    return this.#parts.help?.(this.message, this.run, this);
  }

  get ask(): ReplyContext["ask"] {
    const { silent } = this.message;
    return (to, content, options = {}) => this.#parts.send(this.run, to, content, { silent, ...options });
  }

  get tell(): ReplyContext["tell"] {
    const { silent } = this.message;
    return async (to, content, options = {}) => {
      await this.#parts.send(this.run, to, content, { silent, ...options, requestReply: false });
    };
  }
}
