import { readFileSync } from "node:fs";
import * as z from "zod/mini";

const factSchema = z.union([z.string(), z.number()]);
const checkSchema = z.strictObject({
  /** All must be stated; of several in a list, one. */
  says: z.optional(z.array(z.union([factSchema, z.array(factSchema)]))),
  saysNot: z.optional(z.array(factSchema)),
  /** Files of which words must be cited, as paths in the corpus. */
  cites: z.optional(z.array(z.string())),
  citesNot: z.optional(z.array(z.string())),
  /** Whether the answer has to be that the files do not say it; `false` where left out. */
  notInFiles: z.optional(z.boolean()),
});
/** What a right answer is like. */
export type AnswerCheck = z.infer<typeof checkSchema>;

const turnSchema = z.strictObject({
  question: z.string(),
  /** Of several, one must hold. */
  check: z.union([checkSchema, z.array(checkSchema)]),
});
/** A question with what a right answer to it is like. */
export type AskedTurn = z.infer<typeof turnSchema>;

const named = {
  id: z.string(),
  kind: z.string(),
  /** What is asked about, as paths in the corpus; all of it where left out. */
  sources: z.optional(z.array(z.string())),
};
const conversationSchema = z.strictObject({ ...named, turns: z.array(turnSchema) });
const singleSchema = z.extend(turnSchema, named);

/** Questions that are asked one after the other in one session. */
export type Conversation = z.infer<typeof conversationSchema>;

/** Reads a file of conversations, one a line; a line with one question needs no `turns`. */
export function readConversations(path: string): readonly Conversation[] {
  const lines = readFileSync(path, "utf8").trim().split("\n");
  return lines.map((line): Conversation => {
    const read = z.union([conversationSchema, singleSchema]).parse(JSON.parse(line));
    if ("turns" in read) {
      return read;
    }

    const { question, check, ...rest } = read;
    return { ...rest, turns: [{ question, check }] };
  });
}
