import { AgentError } from "../base/errors.ts";
import { askingCircle, askingOn } from "../core/asking-chain.ts";
import type { Reply, ReplyContext, ReplyFunction } from "../core/reply.ts";
import type { Message } from "../protocol/message.ts";
import { metadataSchema, plainJson } from "./plain-json.ts";
import type { SendOptions } from "./agent-types.ts";
import type { AgentPowers, AnsweringAgent } from "./answering.ts";
import { OwnClock } from "./own-clock.ts";

/** How long a reply function may take by itself, milliseconds, where its agent sets no limit. */
export const REPLY_TIME_LIMIT_MS = 120_000;

export interface ProgramReplyOptions {
  /** Read when something goes wrong: it may change with the code. */
  readonly name: () => string;
  readonly agent: AnsweringAgent;
  /** Milliseconds, without the time spent waiting for models, tools and other agents; 0 for no limit. */
  readonly timeLimitMs?: () => number;
  readonly log: (text: string) => void;
  /** Makes the agent ready to answer; none of this counts as its time. */
  readonly prepare?: (signal: AbortSignal) => Promise<void>;
}

/**
 * The reply function of an agent in code: lets its own functions answer, with what the context offers, and gives up on
 * one that hangs.
 */
export function programReply(options: ProgramReplyOptions): ReplyFunction {
  return {
    name: "code",
    trigger: "anyone",
    reply: (context) => answerWithin(options, context),
  };
}

async function answerWithin(options: ProgramReplyOptions, context: ReplyContext): Promise<Reply> {
  await options.prepare?.(context.run.signal);
  const limitMs = options.timeLimitMs?.() ?? REPLY_TIME_LIMIT_MS;
  const over = new AbortController();
  const signal = AbortSignal.any([context.run.signal, over.signal]);
  const clock = new OwnClock(limitMs, () => over.abort(timeoutError(options.name(), limitMs)));
  const powers = powersOf(options, context, clock);
  try {
    const { message, messages, systemMessage } = context;
    return await Promise.race([
      options.agent.answer({ message, messages, systemMessage, signal, powers }),
      rejection(signal),
    ]);
  } finally {
    clock.stop();
    over.abort();
  }
}

function timeoutError(name: string, limitMs: number): AgentError {
  const seconds = limitMs / 1000;
  const message = `${name} did not answer within ${seconds} seconds. Its limit is limits.seconds of its declaration.`;
  return new AgentError("agent.timeout", { name, seconds }, message);
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const fail = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)));
    signal.addEventListener("abort", fail, { once: true });
    if (signal.aborted) {
      fail();
    }
  });
}

function powersOf({ name, log }: ProgramReplyOptions, context: ReplyContext, clock: OwnClock): AgentPowers {
  const { help } = context;
  return {
    send: (to, content, options) => clock.off(() => send(context, name(), { to, content, options })),
    complete: async (messages, { tools, onText }) => {
      if (help === undefined) {
        throw noHelp(name(), "model");
      }

      return clock.off(() => help.complete({ messages, ...(tools === undefined ? {} : { tools }) }, onText));
    },
    tool: async (tool, input) => {
      if (help === undefined) {
        throw noHelp(name(), "tool");
      }

      return clock.off(() => help.callTool(tool, input));
    },
    show: (text) => help?.show(text),
    log,
  };
}

interface Sending {
  readonly to: string;
  readonly content: string;
  readonly options: SendOptions;
}

async function send(context: ReplyContext, self: string, { to, content, options }: Sending): Promise<Message | null> {
  const { message } = context;
  const { requestReply = true, silent, metadata = {} } = options;
  const given = {
    metadata: { ...plainJson("metadata", metadataSchema, metadata), ...askingOn(message, self) },
    ...(silent === undefined ? {} : { silent }),
  };
  if (!requestReply) {
    await context.tell(to, content, given);
    return null;
  }

  const circle = askingCircle(message, self, to);
  if (circle !== undefined) {
    throw circle;
  }

  return (await context.ask(to, content, given)) ?? null;
}

/** What is thrown to an agent that asks for what it was not given. */
export function noHelp(name: string, what: "model" | "tool" | "peer"): AgentError {
  const missing = { model: "no model", tool: "no tools", peer: "nobody to speak to" }[what];
  return new AgentError("agent.no-help", { name, what }, `${name} has ${missing} here.`);
}
