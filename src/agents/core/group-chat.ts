import type { Message } from "../protocol/message.ts";
import { type Metadata, type ReplyContext, type ReplyFunction, answer } from "./reply.ts";

/** Picks who speaks next. `undefined` leaves it to the order of the members; `null` ends the chat. */
export type SpeakerChoice = (
  said: readonly Message[],
  members: readonly string[],
  context: ReplyContext,
) => Promise<string | null | undefined>;

export interface GroupChatOptions {
  readonly members: readonly string[];
  /** Words of the members after which the chat ends with what has been said. */
  readonly maxRound: number;
  readonly chooseSpeaker?: SpeakerChoice;
}

/**
 * The reply function of a group chat's manager: it passes every word to all members, lets them speak one after the
 * other, and answers with the last word. It ends when a member terminates, stays silent, the choice is `null`, or after
 * `maxRound` words.
 */
export function groupChatReply(options: GroupChatOptions): ReplyFunction {
  return {
    name: "group-chat",
    trigger: (message) => !options.members.includes(message.from),
    reply: async (context) => {
      const said = await converse(options, context);
      const last = said.at(-1);
      return last === undefined
        ? answer("Nobody had anything to say.")
        : answer(last.content, endMetadata(last.metadata));
    },
  };
}

async function converse(
  { members, maxRound, chooseSpeaker }: GroupChatOptions,
  context: ReplyContext,
): Promise<readonly Message[]> {
  const said: Message[] = [];
  const heardUpTo = new Map<string, number>();
  for (let round = 0; round < maxRound; round += 1) {
    // A speaker hears what was said before, so the rounds cannot overlap.
    // oxlint-disable-next-line no-await-in-loop
    const chosen = await chooseSpeaker?.(said, members, context);
    if (chosen === null) {
      break;
    }

    const speaker = chosen !== undefined && members.includes(chosen) ? chosen : members[round % members.length];
    if (speaker === undefined) {
      break;
    }

    const words = unheard(said, heardUpTo.get(speaker) ?? 0, speaker, context.message);
    heardUpTo.set(speaker, said.length + 1);
    // oxlint-disable-next-line no-await-in-loop
    const reply = await context.ask(speaker, words);
    if (reply === undefined) {
      break;
    }

    said.push(reply);
    if (reply.metadata["terminate"] === true) {
      break;
    }
  }

  return said;
}

/** What `speaker` has not heard yet, with who said it; the question first. */
function unheard(said: readonly Message[], from: number, speaker: string, question: Message): string {
  const words = said
    .slice(from)
    .filter((message) => message.from !== speaker)
    .map((message) => `${message.from}: ${message.content}`);
  const opening = from === 0 ? [`${question.from}: ${question.content}`] : [];
  return [...opening, ...words].join("\n\n") || "Go on.";
}

function endMetadata(metadata: Metadata): Metadata {
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => key !== "forget"));
}
