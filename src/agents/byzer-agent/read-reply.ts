import { AgentError, messageOf } from "../base/errors.ts";
import { type Reply, answer, pass, silence } from "../core/reply.ts";
import { agentMessageLimitBytes } from "../protocol/agent-process.ts";
import type { AgentReply, Metadata } from "./agent-types.ts";
import { metadataSchema, plainJson } from "./plain-json.ts";
import { nameOf } from "./read-declaration.ts";

/** Metadata as messages carry it. */
type PlainMetadata = Extract<Reply, { kind: "answer" }>["metadata"];

/**
 * What a reply function's result means. Pieces of an answer are shown as they come.
 *
 * @param result Whatever it gave back.
 * @throws AgentError `agent.nonsense`, `agent.too-large`.
 */
export async function readReply(name: string, result: unknown, show: (text: string) => void): Promise<Reply> {
  if (!Array.isArray(result) || typeof result[0] !== "boolean" || result.length > 2) {
    throw nonsense(name, Array.isArray(result) ? `a list of ${result.length}` : nameOf(result));
  }

  const [final, reply]: readonly [boolean, unknown?] = [result[0], result[1]];
  if (!final) {
    return pass;
  }

  if (reply === null || reply === undefined) {
    return silence;
  }

  return readAnswer(name, reply, show);
}

async function readAnswer(name: string, reply: unknown, show: (text: string) => void): Promise<Reply> {
  if (typeof reply === "string") {
    return answer(sized(name, reply));
  }

  if (isStream(reply)) {
    return answer(await readStream(name, reply, show));
  }

  if (isWithMetadata(reply)) {
    return answer(sized(name, reply.content), plainMetadata(name, reply.metadata ?? {}));
  }

  throw nonsense(name, `${nameOf(reply)} as its reply`);
}

async function readStream(name: string, stream: AsyncIterable<unknown>, show: (text: string) => void): Promise<string> {
  const pieces: string[] = [];
  let length = 0;
  for await (const piece of stream) {
    if (typeof piece !== "string") {
      throw nonsense(name, `${nameOf(piece)} as a piece of its reply`);
    }

    length += piece.length;
    if (length > agentMessageLimitBytes) {
      throw tooLarge(name, length);
    }

    pieces.push(piece);
    show(piece);
  }

  return pieces.join("");
}

function isStream(reply: unknown): reply is AsyncIterable<unknown> {
  return typeof reply === "object" && reply !== null && Symbol.asyncIterator in reply;
}

function isWithMetadata(reply: unknown): reply is Exclude<AgentReply, string | AsyncIterable<string> | null> {
  return typeof reply === "object" && reply !== null && "content" in reply && typeof reply.content === "string";
}

function plainMetadata(name: string, metadata: Metadata): PlainMetadata {
  try {
    return plainJson("metadata", metadataSchema, metadata);
  } catch (error) {
    throw nonsense(name, `metadata that is no plain data (${messageOf(error)})`);
  }
}

function sized(name: string, text: string): string {
  const sizeBytes = Buffer.byteLength(text);
  if (sizeBytes > agentMessageLimitBytes) {
    throw tooLarge(name, sizeBytes);
  }

  return text;
}

function nonsense(name: string, got: string): AgentError {
  const message = `${name} gave back ${got}. A reply function returns [final, reply]: [true, "text"] answers, [true, null] stays silent, [false] leaves the message to the next function.`;
  return new AgentError("agent.nonsense", { name, got }, message);
}

/** What is thrown for a message that nobody should carry. */
export function tooLarge(name: string, sizeBytes: number, limitBytes = agentMessageLimitBytes): AgentError {
  const message = `${name} wanted to send ${megabytes(sizeBytes)}; a message holds at most ${megabytes(limitBytes)}. Write it to a file and send the file's name.`;
  return new AgentError("agent.too-large", { name, sizeBytes, limitBytes }, message);
}

function megabytes(bytes: number): string {
  return `${Math.round((bytes / (1024 * 1024)) * 10) / 10} MB`;
}
