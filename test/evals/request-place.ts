import * as z from "zod/mini";
import { type Stage, questionHash } from "./recording.ts";

const messageSchema = z.object({
  role: z.string(),
  content: z.optional(z.union([z.string(), z.null(), z.array(z.unknown())])),
});
const requestSchema = z.object({ messages: z.array(messageSchema), stream: z.optional(z.boolean()) });

/** Where in a conversation a request to a model stands. */
export interface RequestPlace {
  readonly stage: Stage;
  /** Answers already given in this conversation. */
  readonly ordinal: number;
  readonly questionHash: string;
  /** The path of the first file, as the model is told it; empty where there is none. */
  readonly path: string;
}

/** Finds out which call of which question a request body is. */
export function placeOf(body: unknown): RequestPlace {
  const { messages } = requestSchema.parse(body);
  const texts = messages.map(({ content }) => (typeof content === "string" ? content : ""));
  const text = texts.join("\n");
  const ordinal = messages.filter(({ role }) => role === "assistant").length;
  const opening = texts.find((_, index) => messages[index]?.role === "user") ?? "";
  const stage: Stage = /\nWho answers\?/.test(opening)
    ? "router"
    : opening.startsWith("Question of the user: ")
      ? "reviewer"
      : "author";
  return { stage, ordinal, questionHash: questionHash(questionIn(opening, stage)), path: pathIn(text) };
}

const authorMark = "\n\nQuestion: ";

/** The router and the reviewer name the question; to an author it is told last, with rules below it where it cites. */
function questionIn(opening: string, stage: Stage): string {
  const named =
    stage === "router"
      ? /\nQuestion: ([^]*)\n\nWho answers\?/.exec(opening)
      : stage === "reviewer"
        ? /^Question of the user: ([^]*?)\n\nCode of /.exec(opening)
        : null;
  if (named?.[1] !== undefined) {
    return named[1];
  }

  const asked = opening.lastIndexOf(authorMark);
  return opening.slice(asked === -1 ? 0 : asked + authorMark.length);
}

function pathIn(text: string): string {
  const [, literal] = /^path = ("(?:[^"\\]|\\.)*")$/m.exec(text) ?? [];
  return literal === undefined ? "" : z.string().parse(JSON.parse(literal));
}
