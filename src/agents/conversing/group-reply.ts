import { AgentError } from "../base/errors.ts";
import { askingAs } from "../core/asking-chain.ts";
import { type GroupChatOptions, groupChatReply } from "../core/group-chat.ts";
import { type Metadata, type Reply, type ReplyContext, type ReplyFunction, answer } from "../core/reply.ts";
import type { ChatModel } from "../ports/chat-model.ts";
import type { AgentDefinition, GroupPlan } from "../protocol/agent-definition.ts";
import type { Message } from "../protocol/message.ts";
import { GroupModel } from "./group-model.ts";
import { withoutPlace } from "./metadata.ts";
import { Speech } from "./speech.ts";

/** What the manager of a group needs. */
export interface GroupReplyParts {
  readonly model: (signal: AbortSignal) => Promise<ChatModel>;
  readonly purposeOf: (name: string) => string;
}

/** The reply function of a group: its members talk as its plan says, and what comes of it is the group's answer. */
export function groupReply(definition: AgentDefinition, plan: GroupPlan, parts: GroupReplyParts): ReplyFunction {
  return {
    name: "group-chat",
    trigger: (message) => !plan.members.includes(message.from),
    reply: (context) => {
      refuseCircle(definition.name, context.message);
      return groupChatReply(optionsOf(definition, plan, new GroupModel(definition, plan, parts))).reply(context);
    },
  };
}

/** @throws AgentError `agent.circle` for a group that is asked by one that it is itself asking. */
function refuseCircle(name: string, message: Message): void {
  const within = groupsAround(message);
  if (within.includes(name)) {
    const way = [...within.slice(within.indexOf(name)), name].join(" → ");
    throw new AgentError(
      "agent.circle",
      { names: [...within, name] },
      `The groups go round in a circle: ${way}. Take ${name} out of the group inside.`,
    );
  }
}

function groupsAround({ metadata }: Message): readonly string[] {
  const { within } = metadata;
  return Array.isArray(within) ? within.filter((name) => typeof name === "string") : [];
}

function optionsOf(definition: AgentDefinition, plan: GroupPlan, model: GroupModel): GroupChatOptions {
  const endsBy = (rule: GroupPlan["end"][number]["rule"]): boolean => plan.end.some((end) => end.rule === rule);
  const lastSpeakers = new Set(plan.end.flatMap((end) => (end.rule === "speaker" ? [end.agent] : [])));
  return {
    members: plan.members,
    maxRound: plan.maxRounds,
    silence: endsBy("silence") ? "ends" : "passes",
    chooseSpeaker: async (said, members, context) => {
      switch (plan.speaker) {
        case "round-robin":
          return undefined;
        case "script":
          return said.length < plan.script.length ? plan.script[said.length] : null;
        case "model":
          return await model.nextSpeaker(said, members, context);
      }
    },
    isOver: async (said, context) => {
      const last = said.at(-1);
      return (
        last?.metadata["finished"] === true ||
        lastSpeakers.has(last?.from ?? "") ||
        (endsBy("judge") && (await model.isDone(said, context)))
      );
    },
    metadata: ({ message }, speaker, said) => placeOf(definition.name, plan, { message, speaker, said }),
    conclude: (said, context) => conclude(definition, plan, { said, context, model }),
  };
}

interface Turn {
  readonly message: Message;
  readonly speaker: string;
  readonly said: readonly Message[];
}

/** Every member's words are a step on the way to the group's answer, and are seen by whoever sees that. */
function placeOf(name: string, plan: GroupPlan, { message, speaker, said }: Turn): Metadata {
  const ends = new Set(plan.end.map(({ rule }) => rule));
  // Models like to finish at once with what nobody else has looked at.
  const mayFinish = said.some(({ from }) => from !== speaker) || plan.members.every((member) => member === speaker);
  const { audience } = message.metadata;
  return {
    interim: true,
    ...(audience === undefined ? {} : { audience }),
    ...askingAs(message),
    within: [...groupsAround(message), name],
    group: { name, members: [...plan.members], finish: ends.has("finish") && mayFinish, silence: ends.has("silence") },
  };
}

interface Ending {
  readonly said: readonly Message[];
  readonly context: ReplyContext;
  readonly model: GroupModel;
}

async function conclude(
  definition: AgentDefinition,
  plan: GroupPlan,
  { said, context, model }: Ending,
): Promise<Reply> {
  const last = said.at(-1);
  if (last === undefined) {
    return answer("Nobody had anything to say.");
  }

  const speech = new Speech(context.run, definition.name, context.message);
  const isAnswered = last.metadata["finished"] === true || last.metadata["terminate"] === true;
  if (plan.answer === "summary" && !isAnswered) {
    const text = await model.summary(said, context, speech);
    return answer(text, speech.end(text));
  }

  return answer(last.content, { ...withoutPlace(last.metadata), ...promote(last, context) });
}

/** The last word, which the person has read as a step on the way, stands as the answer where it stands. */
function promote({ from, content, metadata }: Message, { run, message }: ReplyContext): Metadata {
  const { shownAs } = metadata;
  if (typeof shownAs !== "string") {
    return {};
  }

  if (message.metadata["interim"] !== true) {
    const agent = typeof metadata["answeredBy"] === "string" ? metadata["answeredBy"] : from;
    run.emit({ type: "text-end", blockId: shownAs, agent, role: "answer", text: content });
  }

  return { shownAs };
}
