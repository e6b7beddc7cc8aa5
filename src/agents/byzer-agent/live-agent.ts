import { inspect } from "node:util";
import type {
  CompleteOptions,
  Completion,
  LiveAgent,
  ModelMessage,
  ReplyDeclaration,
  SendOptions,
} from "./agent-types.ts";
import type { Answering } from "./answering.ts";
import { TextQueue } from "./text-queue.ts";

/** The `agent` that reply functions are given: for one message, with the powers that came with it. */
export function liveAgent(name: string, answering: Answering, register: (reply: ReplyDeclaration) => void): LiveAgent {
  const { powers, systemMessage } = answering;
  const complete = (given: string | readonly ModelMessage[], options: CompleteOptions = {}): Promise<Completion> =>
    powers.complete(withSystemMessage(given, systemMessage), options);
  return {
    name,
    systemMessage,
    send: (to, content, options: SendOptions = {}) => powers.send(to, content, options),
    complete,
    stream: (messages) => {
      const queue = new TextQueue();
      void complete(messages, { onText: (text) => queue.push(text) }).then(
        () => queue.end(),
        (error: unknown) => queue.fail(error),
      );
      return queue;
    },
    tool: (tool, input) => powers.tool(tool, input),
    registerReply: register,
    log: (...values) => powers.log(logLine(values)),
  };
}

/** What `log` writes: texts as they are, other values as Node shows them. */
export function logLine(values: readonly unknown[]): string {
  return values.map((value) => (typeof value === "string" ? value : inspect(value))).join(" ");
}

function withSystemMessage(given: string | readonly ModelMessage[], systemMessage: string): readonly ModelMessage[] {
  const messages: readonly ModelMessage[] = typeof given === "string" ? [{ role: "user", content: given }] : given;
  return systemMessage === "" || messages.some(({ role }) => role === "system")
    ? messages
    : [{ role: "system", content: systemMessage }, ...messages];
}
