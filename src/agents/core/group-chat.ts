import type { Message } from "../protocol/message.ts";
import { type Metadata, type Reply, type ReplyContext, type ReplyFunction, answer } from "./reply.ts";

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
  /** Whether the chat is over after the last word; asked after each. */
  readonly isOver?: (said: readonly Message[], context: ReplyContext) => Promise<boolean>;
  /** What a member's silence does; it ends the chat where left out. Where all are silent in a row it ends in any case. */
  readonly silence?: "ends" | "passes";
  /** Goes with what is passed to the member who speaks next. */
  readonly metadata?: (context: ReplyContext, speaker: string, said: readonly Message[]) => Metadata;
  /** The group's answer; the last word where left out. */
  readonly conclude?: (said: readonly Message[], context: ReplyContext) => Promise<Reply>;
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
      if (last === undefined) {
        return answer("Nobody had anything to say.");
      }

      return options.conclude === undefined
        ? answer(last.content, endMetadata(last.metadata))
        : await options.conclude(said, context);
    },
  };
}

async function converse(options: GroupChatOptions, context: ReplyContext): Promise<readonly Message[]> {
  const { members, maxRound, chooseSpeaker, isOver } = options;
  const said: Message[] = [];
  const heardUpTo = new Map<string, number>();
  let silent = 0;
  for (let round = 0; round < maxRound && silent < members.length; round += 1) {
    // A speaker hears what was said before, so the rounds cannot overlap.
    // oxlint-disable-next-line no-await-in-loop
    const chosen = await chooseSpeaker?.(said, members, context);
    const speaker = chosen === null ? undefined : speakerOf(chosen, members, round);
    if (speaker === undefined) {
      break;
    }

    const words = unheard(said, heardUpTo.get(speaker) ?? 0, speaker, context.message);
    heardUpTo.set(speaker, said.length + 1);
    const metadata = options.metadata?.(context, speaker, said);
    // oxlint-disable-next-line no-await-in-loop
    const reply = await context.ask(speaker, words, metadata === undefined ? {} : { metadata });
    if (reply === undefined) {
      if (options.silence !== "passes") {
        break;
      }

      heardUpTo.set(speaker, said.length);
      silent += 1;
      continue;
    }

    silent = 0;
    said.push(reply);
    // oxlint-disable-next-line no-await-in-loop
    if (reply.metadata["terminate"] === true || (await isOver?.(said, context)) === true) {
      break;
    }
  }

  return said;
}

function speakerOf(chosen: string | undefined, members: readonly string[], round: number): string | undefined {
  return chosen !== undefined && members.includes(chosen) ? chosen : members[round % members.length];
}

/** What `speaker` has not heard yet, with who said it; the question first. */
function unheard(said: readonly Message[], from: number, speaker: string, question: Message): string {
  const words = said
    .slice(from)
    .filter((message) => message.from !== speaker)
    .map((message) => `${message.from}: ${message.content}`);
  // What another group passes on says whose words they are.
  const asked = question.metadata["group"] === undefined ? `${question.from}: ${question.content}` : question.content;
  const opening = from === 0 ? [asked] : [];
  return [...opening, ...words].join("\n\n") || "Go on.";
}

function endMetadata(metadata: Metadata): Metadata {
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => key !== "forget"));
}
