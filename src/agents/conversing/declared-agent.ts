import { AgentError, messageOf } from "../base/errors.ts";
import { ConversableAgent } from "../core/agent.ts";
import { type Reply, type ReplyContext, type ReplyFunction, answer } from "../core/reply.ts";
import type { Run } from "../core/run.ts";
import type { DirectoryEntry } from "../directory/agent-directory.ts";
import type { Message } from "../protocol/message.ts";
import type { ConversingParts } from "./conversing-parts.ts";
import { groupReply } from "./group-reply.ts";
import { Answer } from "./answer.ts";
import { modelOf } from "./model-of.ts";

/**
 * An agent of a person's own as one that lives in an office: its own functions answer first, then the members of its
 * group, or its model.
 */
export function declaredAgent(entry: DirectoryEntry, parts: ConversingParts): ConversableAgent {
  const { definition, replies } = entry;
  const { name, group, inputMode, limits } = definition;
  const answers = new WeakMap<Message, Answer>();
  const answerOf = (context: Pick<ReplyContext, "message" | "run">, full: ReplyContext): Answer => {
    const known = answers.get(context.message) ?? new Answer(definition, parts, full);
    answers.set(context.message, known);
    return known;
  };
  const last: ReplyFunction =
    group === null
      ? { name: "model", trigger: "anyone", reply: (context) => answerOf(context, context).byModel() }
      : groupReply(definition, group, {
          model: (signal) => modelOf(definition, parts.models, signal),
          purposeOf: parts.purposeOf,
        });
  return new ConversableAgent({
    name,
    systemMessage: parts.edited(name) ?? definition.systemMessage,
    replies: [...replies.map((own) => guarded(own, name, answerOf)), last],
    humanInputMode: inputMode,
    help: (message, run, context) => answerOf({ message, run }, context).help,
    ...(limits.replies === undefined ? {} : { maxConsecutiveAutoReply: limits.replies }),
    ...(parts.humanInput === undefined ? {} : { humanInput: parts.humanInput }),
  });
}

type AnswerOf = (context: Pick<ReplyContext, "message" | "run">, full: ReplyContext) => Answer;

/** A function that somebody else wrote: what it throws says whose it is, and what it gives back is looked at. */
function guarded(own: ReplyFunction, agent: string, answerOf: AnswerOf): ReplyFunction {
  return {
    name: own.name,
    trigger: typeof own.trigger === "function" ? guardedTrigger(own, own.trigger, agent) : own.trigger,
    reply: async (context) => {
      const { speech } = answerOf(context, context);
      try {
        const reply = checkedReply(await own.reply(context), agent, own.name);
        if (reply.kind !== "answer") {
          speech.drop();
          return reply;
        }

        return answer(reply.content, { ...reply.metadata, ...shownOnce(reply, () => speech.end(reply.content)) });
      } catch (error) {
        speech.drop();
        throw asThrown(error, { agent, place: own.name, run: context.run });
      }
    },
  };
}

/** A group, or an agent that was handed the question, has shown its words already. */
function shownOnce(reply: Reply & { readonly kind: "answer" }, end: () => Message["metadata"]): Message["metadata"] {
  return typeof reply.metadata["shownAs"] === "string" ? {} : end();
}

function guardedTrigger(
  own: ReplyFunction,
  trigger: (message: Message) => boolean,
  agent: string,
): (message: Message) => boolean {
  return (message) => {
    try {
      return trigger(message);
    } catch (error) {
      throw threw(error, agent, own.name);
    }
  };
}

function asThrown(
  error: unknown,
  { agent, place, run }: { readonly agent: string; readonly place: string; readonly run: Run },
): unknown {
  run.signal.throwIfAborted();
  return error instanceof AgentError ? error : threw(error, agent, place);
}

function threw(error: unknown, agent: string, place: string): AgentError {
  const reason = messageOf(error);
  return new AgentError("agent.threw", { name: agent, reason, place }, `${agent} failed in ${place}: ${reason}`, error);
}

/** @throws AgentError `agent.nonsense`. */
function checkedReply(value: unknown, agent: string, place: string): Reply {
  if (typeof value === "object" && value !== null && "kind" in value) {
    if (value.kind === "silence" || value.kind === "pass") {
      return { kind: value.kind };
    }

    if (value.kind === "answer" && "content" in value && typeof value.content === "string") {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the office checks metadata when it carries them
      return answer(value.content, ("metadata" in value ? value.metadata : {}) as Message["metadata"]);
    }
  }

  const got = value === undefined ? "nothing" : typeof value === "object" ? "an object that is no reply" : typeof value;
  throw new AgentError(
    "agent.nonsense",
    { name: agent, got },
    `${agent} gave back ${got} in ${place}, where an answer, silence or a pass was expected.`,
  );
}
