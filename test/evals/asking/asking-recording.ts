import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import * as z from "zod/mini";
import { recordedAnswerSchema } from "../recording.ts";

const callSchema = z.object({
  /** Of what the model was told; see {@link requestKey}. */
  request: z.string(),
  /** By which the demo knows the call: the hash of the question in it, and the answers that came before. */
  questionHash: z.string(),
  ordinal: z.number(),
  answer: recordedAnswerSchema,
});
export type AskingCall = z.infer<typeof callSchema>;

/** What a model answered in one conversation of the eval. */
const askingRecordingSchema = z.object({
  id: z.string(),
  /** What answered, in words. */
  model: z.string(),
  calls: z.array(callSchema),
});
export type AskingRecording = z.infer<typeof askingRecordingSchema>;

const requestSchema = z.object({
  messages: z.array(
    z.object({
      role: z.string(),
      content: z.optional(z.unknown()),
      tool_calls: z.optional(z.array(z.object({ function: z.unknown() }))),
    }),
  ),
  tools: z.optional(z.unknown()),
});

/** A hash of all that a request tells a model: messages, calls and tools, but no identifiers of calls. */
export function requestKey(body: unknown): string {
  const { messages, tools = null } = requestSchema.parse(body);
  const told = messages.map(({ role, content = null, tool_calls: calls = [] }) => [
    role,
    content,
    calls.map((call) => call.function),
  ]);
  return createHash("sha256")
    .update(JSON.stringify([told, tools]))
    .digest("hex")
    .slice(0, 24);
}

/** `null` where nothing was recorded. */
export function readAskingRecording(path: string): AskingRecording | null {
  return existsSync(path) ? askingRecordingSchema.parse(JSON.parse(readFileSync(path, "utf8"))) : null;
}

export function writeAskingRecording(path: string, recording: AskingRecording): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(recording, null, 2)}\n`);
}
