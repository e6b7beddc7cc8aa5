import * as z from "zod/mini";

/** Tokens of one or several model calls; estimated where the server did not count. */
export const tokenUsageSchema = z.object({
  promptTokens: z.number(),
  completionTokens: z.number(),
  estimated: z.boolean(),
});
export type TokenUsage = z.infer<typeof tokenUsageSchema>;

/** What a model said: its words, and the tools that it called. */
export const modelSayingSchema = z.object({
  text: z.string(),
  toolCalls: z.array(z.object({ id: z.string(), name: z.string(), arguments: z.string() })),
});

/** A model to talk to. `editor`: a language model that the editor offers, no address and no key. */
export const modelChoiceSchema = z.object({
  provider: z.enum(["openai-compatible", "editor"]),
  /** Such as `http://127.0.0.1:11434/v1`; empty for the editor's models. */
  baseUrl: z.string(),
  model: z.string(),
});
export type ModelChoice = z.infer<typeof modelChoiceSchema>;

/** A place where models were looked for, and what was found there. */
export const modelSourceSchema = z.object({
  /** Shown: `Ollama`, `LM Studio`, `This editor`, or the host of the base URL. */
  name: z.string(),
  provider: z.enum(["openai-compatible", "editor"]),
  baseUrl: z.string(),
  hasKey: z.boolean(),
  models: z.array(z.string()),
  /** Why there are none, in plain words; `null` when it answered. */
  problem: z.nullable(z.string()),
});
export type ModelSource = z.infer<typeof modelSourceSchema>;

/** One finding of "Test connection". */
export const connectionCheckSchema = z.object({
  name: z.enum(["reachable", "key", "model", "chat", "streaming", "tools", "vision"]),
  status: z.enum(["ok", "failed", "skipped"]),
  /** One sentence: what was seen, and when it failed what to do. */
  message: z.string(),
  /** What was seen, by a stable name, and the facts in the sentence, so that a client can say it in its own language. */
  finding: z.optional(z.object({ code: z.string(), values: z.record(z.string(), z.union([z.string(), z.number()])) })),
});
export const connectionReportSchema = z.object({
  choice: modelChoiceSchema,
  checks: z.array(connectionCheckSchema),
  durationMs: z.number(),
});
export type ConnectionCheck = z.infer<typeof connectionCheckSchema>;
export type ConnectionReport = z.infer<typeof connectionReportSchema>;
