import * as z from "zod/mini";
import type { Message } from "../protocol/message.ts";

/** What a member of a group is told with every word: whose it is, and how the conversation may end. */
export const groupPlaceSchema = z.object({
  name: z.string(),
  members: z.array(z.string()),
  /** The member may end it with an answer: somebody else has spoken for this question. */
  finish: z.boolean(),
  /** It ends when a member has nothing to add. */
  silence: z.boolean(),
});
export type GroupPlace = z.infer<typeof groupPlaceSchema>;

/** The group within which a message was sent; `undefined` outside of any. */
export function groupOf({ metadata }: Message): GroupPlace | undefined {
  return groupPlaceSchema.safeParse(metadata["group"]).data;
}

/** What a model is told of the group that it speaks in. */
export function groupRule({ name, members, finish, silence }: GroupPlace, self: string): string {
  const others = members.filter((member) => member !== self).join(", ");
  return [
    `You are ${self} and speak in the group ${name}, with ${others === "" ? "nobody else" : others}. You are shown what the others said since you last spoke. Say only your own part, without your name before it.`,
    ...(finish
      ? ["Once all that was asked for is there and nothing has to be mended, end it with the tool finish."]
      : []),
    ...(silence ? ["If nothing is missing any more, call the tool nothing_to_add."] : []),
  ].join("\n");
}
