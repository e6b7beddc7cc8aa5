import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";

/** What a model answered to one call. */
export const recordedAnswerSchema = z.object({
  content: z.string(),
  toolCalls: z.array(z.object({ name: z.string(), arguments: z.string() })),
});
export type RecordedAnswer = z.infer<typeof recordedAnswerSchema>;

/** Which agent asks: the router gets a list of agents, the reviewer code to judge, an author everything else. */
const stageSchema = z.enum(["router", "reviewer", "author"]);
export type Stage = z.infer<typeof stageSchema>;

/**
 * The answers of one model to one question about one table. Questions are known by their hash, so that a recording says
 * nothing of the set it was made from.
 */
export const recordingSchema = z.object({
  questionHash: z.string(),
  /** Which form of the table was asked about, such as `utf16`; answers differ with its headers. */
  variant: z.string(),
  /** What answered, in words. */
  model: z.string(),
  calls: z.array(z.object({ stage: stageSchema, ordinal: z.number(), answer: recordedAnswerSchema })),
});
export type Recording = z.infer<typeof recordingSchema>;

/** Stands in recorded code where the path of the file stood. */
export const pathPlaceholder = "{{path}}";

/** The hash a question is known by: that of its first paragraph, since prompts tell rules in the next. */
export function questionHash(question: string): string {
  const [first = ""] = question.trim().split(/\n\s*\n/u);
  return createHash("sha256").update(first).digest("hex").slice(0, 16);
}

/** All recordings of a folder. */
export function readRecordings(folder: string): readonly Recording[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return names.toSorted().map((name) => recordingSchema.parse(JSON.parse(readFileSync(join(folder, name), "utf8"))));
}
