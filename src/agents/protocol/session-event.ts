import * as z from "zod/mini";
import { cellOutputSchema, cellStatusSchema, codeEffectSchema } from "./cell-output.ts";
import { citationSchema, claimDoubtSchema, readPassageSchema } from "./citation.ts";
import { messageSchema } from "./message.ts";
import { modelSayingSchema, tokenUsageSchema } from "./model.ts";
import { missingPackageSchema, packagePlaceSchema } from "./package-offer.ts";
import { problemSchema } from "./problem.ts";
import { readingCheckSchema } from "./reading-check.ts";
import { runPlaceSchema } from "./run-place.ts";
import { sandboxModeSchema } from "./sandbox.ts";
import { sourceSchema, sourceStateSchema } from "./source.ts";
import { tableJoinSchema } from "./table-join.ts";
import { dialectChoiceSchema, tableProfileSchema } from "./table-profile.ts";

/** Version of the events below; the first line of every session file carries it. */
export const protocolVersion = "1";

/** How a person answered the question whether a cell may run. */
export const approvalDecisionSchema = z.enum(["once", "session", "workspace", "deny"]);
export type ApprovalDecision = z.infer<typeof approvalDecisionSchema>;

/** How a person answered the question whether a tool may act. */
export const toolDecisionSchema = z.enum(["once", "session", "deny"]);
export type ToolDecision = z.infer<typeof toolDecisionSchema>;

/** Why a turn ended. `lost`: the process that ran it went away; found when the session was opened again. */
export const turnEndReasonSchema = z.enum(["done", "cancelled", "failed", "lost"]);
export type TurnEndReason = z.infer<typeof turnEndReasonSchema>;

const session = { at: z.number() };
const turn = { at: z.number(), turnId: z.string() };
/** `replayed`: taken from the log of the run that this one plays again; nothing was done for it anew. */
const step = { ...turn, replayed: z.optional(z.boolean()) };
const cell = { ...step, cellId: z.string() };
const toolCall = { ...step, callId: z.string() };

/**
 * Everything that happens in a session, in order. The fold of these by `reduceSession` is all that a person sees, so
 * replaying a session file shows it again. `at` is milliseconds since the epoch.
 */
export const sessionEventSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("session-start"),
    ...session,
    sessionId: z.string(),
    title: z.string(),
    version: z.string(),
  }),
  /** `automatic`: the session was called after its files or its first question, not by the person. */
  z.object({
    type: z.literal("session-rename"),
    ...session,
    title: z.string(),
    automatic: z.optional(z.boolean()),
  }),
  /** Whether the conversation is remembered from now on; `false` forgets it whole. */
  z.object({ type: z.literal("session-remember"), ...session, remembered: z.boolean() }),
  /** A file was added; its profile follows. */
  z.object({ type: z.literal("file-attach"), ...session, path: z.string(), name: z.string() }),
  z.object({ type: z.literal("file-detach"), ...session, path: z.string() }),
  /** How far the reading of a file has come, and what is known of it; `null`: it is no longer read, and nothing came of it. */
  z.object({
    type: z.literal("file-reading"),
    ...session,
    path: z.string(),
    reading: z.nullable(z.object({ readBytes: z.number(), profile: z.nullable(tableProfileSchema) })),
  }),
  /**
   * The data card: the whole file, or as much as was read when the person stopped it. A later one of the same path
   * replaces it. `choice`: what the person chose for this reading; left out where everything was detected.
   */
  z.object({
    type: z.literal("file-profile"),
    ...session,
    path: z.string(),
    profile: tableProfileSchema,
    choice: z.optional(dialectChoiceSchema),
  }),
  /** The file could not be read. `choice`: as the person had just chosen; an earlier reading then stays in force. */
  z.object({
    type: z.literal("file-problem"),
    ...session,
    path: z.string(),
    problem: problemSchema,
    choice: z.optional(dialectChoiceSchema),
  }),
  /** The reading call of the file's profile was tried in Python. */
  z.object({ type: z.literal("file-check"), ...session, path: z.string(), check: readingCheckSchema }),
  /** All joins that fit between the files of the session, best first; replaces what was found before. */
  z.object({ type: z.literal("file-joins"), ...session, joins: z.array(tableJoinSchema) }),

  /** Something to ask about was added; how far its index is follows. */
  z.object({ type: z.literal("source-add"), ...session, source: sourceSchema }),
  z.object({ type: z.literal("source-remove"), ...session, sourceId: z.string() }),
  z.object({ type: z.literal("source-state"), ...session, sourceId: z.string(), state: sourceStateSchema }),

  /** The person gave an agent another system message for this session; `null`: its own again. */
  z.object({
    type: z.literal("agent-edit"),
    ...session,
    agent: z.string(),
    systemMessage: z.nullable(z.string()),
  }),
  /** An agent is to know nothing any more of what it exchanged with a peer until now; `null`: with anyone. */
  z.object({ type: z.literal("agent-forget"), ...session, agent: z.string(), peer: z.nullable(z.string()) }),
  /** Code runs in a Python on a cluster from now on, which goes on without a window and is found again by its name. */
  z.object({ type: z.literal("kernel-open"), ...session, cluster: z.string(), name: z.string() }),
  /** The person chose where code runs from now on; the Python that ran before is not the session's any more. */
  z.object({ type: z.literal("place-choose"), ...session, place: runPlaceSchema }),

  z.object({
    type: z.literal("turn-start"),
    ...turn,
    question: z.string(),
    /** The agent the person forced, by `/plot`, `/ask` or `@agent`. */
    agent: z.nullable(z.string()),
    /** This turn and all after it are replaced: retry, or edit and resend. */
    replaces: z.nullable(z.string()),
    /** The question is not remembered, nor is its answer: memory was switched off. */
    unremembered: z.optional(z.literal(true)),
    /** The run that is played again up to one of its messages, which is given other words. */
    replays: z.optional(z.object({ turnId: z.string(), messageId: z.string(), content: z.string() })),
  }),
  /**
   * What follows is anew. `changed`: the message that was given other words, here `messageId`, has taken its place.
   * `deviated`: the run went another way before. `unreached`: it came to its end without.
   */
  z.object({
    type: z.literal("replay-end"),
    ...turn,
    how: z.enum(["changed", "deviated", "unreached"]),
    messageId: z.nullable(z.string()),
  }),
  /** A message between two agents; silent ones are not sent here. */
  z.object({ type: z.literal("message"), ...step, message: messageSchema }),
  /** A message was not answered because who was to answer failed; whoever sent it may have gone on without. */
  z.object({ type: z.literal("message-failed"), ...step, messageId: z.string(), problem: problemSchema }),
  /** The pipeline's choice, and how it came about. */
  z.object({
    type: z.literal("agent-select"),
    ...step,
    agent: z.string(),
    how: z.enum(["model", "model-second-try", "default", "forced", "only"]),
    durationMs: z.number(),
  }),
  /** What is going on, in plain words, such as "assistant_agent is writing code"; replaced by the next. */
  z.object({
    type: z.literal("progress"),
    ...step,
    agent: z.string(),
    activity: z.enum([
      "reading",
      "routing",
      "thinking",
      "writing-code",
      "reviewing",
      "running",
      "answering",
      "waiting",
      "starting-python",
      "retrying",
      "installing",
      "indexing",
      "searching",
    ]),
    detail: z.string(),
  }),
  /** Something the person should know that is not an answer, such as "The terminal was not available; a child process runs the code". */
  z.object({
    type: z.literal("notice"),
    ...step,
    severity: z.enum(["info", "warning"]),
    code: z.string(),
    text: z.string(),
    /** The facts in the text, by name, so that a client can say it in its own language. */
    values: z.optional(z.record(z.string(), z.union([z.string(), z.number()]))),
  }),

  /**
   * Passages that an agent read to answer `query`. `nearest`: they do not answer the question, and are shown because
   * nothing else does.
   */
  z.object({
    type: z.literal("passages"),
    ...step,
    agent: z.string(),
    query: z.string(),
    how: z.enum(["search", "whole", "nearest"]),
    passages: z.array(readPassageSchema),
  }),
  /** What `[1]` in a text block means; comes before the text that has it. */
  z.object({ type: z.literal("citation"), ...step, blockId: z.string(), citation: citationSchema }),
  /** What `[?1]` in a text block means; comes before the text that has it. */
  z.object({ type: z.literal("claim-doubt"), ...step, blockId: z.string(), doubt: claimDoubtSchema }),

  /** Text that an agent is saying to the person; `text-end` carries the whole and is what is kept on disk. */
  z.object({
    type: z.literal("text-delta"),
    ...step,
    blockId: z.string(),
    agent: z.string(),
    role: z.enum(["comment", "answer", "reasoning"]),
    text: z.string(),
  }),
  z.object({
    type: z.literal("text-end"),
    ...step,
    blockId: z.string(),
    agent: z.string(),
    role: z.enum(["comment", "answer", "reasoning"]),
    text: z.string(),
  }),
  /** A block that streamed turned out to be none, such as a draft that was rejected. */
  z.object({ type: z.literal("block-drop"), ...step, blockId: z.string() }),

  /** Code as it is being written; `cell-start` carries the whole and is what is kept on disk. */
  z.object({ type: z.literal("code-delta"), ...cell, agent: z.string(), text: z.string() }),
  z.object({
    type: z.literal("cell-start"),
    ...cell,
    /** Counts from 1 in a session. */
    number: z.number(),
    agent: z.string(),
    code: z.string(),
    /** 0 for the first writing, 1 to 3 for repairs. */
    repair: z.number(),
    effects: z.array(codeEffectSchema),
  }),
  z.object({
    type: z.literal("cell-review"),
    ...cell,
    reviewer: z.string(),
    verdict: z.enum(["approved", "rejected"]),
    comment: z.string(),
  }),
  /** `everyTime`: no earlier yes covers this code, nor will this one cover later code like it. */
  /** `sandbox`: what will hold the code. */
  z.object({
    type: z.literal("approval-request"),
    ...cell,
    everyTime: z.optional(z.boolean()),
    sandbox: z.optional(sandboxModeSchema),
  }),
  /** `code` is there when the person edited it before running. */
  z.object({
    type: z.literal("approval-answer"),
    ...cell,
    decision: approvalDecisionSchema,
    how: z.enum(["person", "granted", "command-line"]),
    code: z.nullable(z.string()),
  }),
  /** `newPython`: no cell has run before in the Python that runs this one, so no variable is set in it. */
  z.object({ type: z.literal("cell-run"), ...cell, newPython: z.optional(z.boolean()) }),
  z.object({ type: z.literal("cell-output"), ...cell, output: cellOutputSchema }),
  /** The cell failed for want of a package; the person is asked whether to install it. */
  z.object({ type: z.literal("package-request"), ...cell, package: missingPackageSchema, place: packagePlaceSchema }),
  z.object({
    type: z.literal("package-answer"),
    ...cell,
    decision: z.enum(["install", "skip"]),
    how: z.enum(["person", "command-line"]),
  }),
  /** Where it was installed the cell runs again, and what it had shown goes. `message`: why not, else empty. */
  z.object({ type: z.literal("package-end"), ...cell, installed: z.boolean(), message: z.string() }),
  z.object({ type: z.literal("cell-end"), ...cell, status: cellStatusSchema, durationMs: z.number() }),

  /** An agent calls a tool. `origin`: where the tool comes from; `input`: as the model wrote it, JSON where it is. */
  z.object({
    type: z.literal("tool-call"),
    ...toolCall,
    agent: z.string(),
    tool: z.string(),
    origin: z.string(),
    input: z.string(),
  }),
  /** The call waits for the person's yes. */
  z.object({ type: z.literal("tool-approval-request"), ...toolCall }),
  z.object({
    type: z.literal("tool-approval-answer"),
    ...toolCall,
    decision: toolDecisionSchema,
    how: z.enum(["person", "granted", "command-line"]),
  }),
  /** What the tool gave back, as the model reads it. */
  z.object({
    type: z.literal("tool-end"),
    ...toolCall,
    failed: z.boolean(),
    text: z.string(),
    durationMs: z.number(),
  }),

  /** One finished model call. */
  z.object({
    type: z.literal("model-call"),
    ...step,
    agent: z.string(),
    model: z.string(),
    usage: tokenUsageSchema,
    durationMs: z.number(),
    repairs: z.array(z.string()),
    /** What the model said, so that the run can be played again; earlier versions did not keep it. */
    said: z.optional(modelSayingSchema),
  }),
  z.object({
    type: z.literal("turn-end"),
    ...turn,
    reason: turnEndReasonSchema,
    problem: z.nullable(problemSchema),
    durationMs: z.number(),
  }),
]);
export type SessionEvent = z.infer<typeof sessionEventSchema>;

const transientTypes: ReadonlySet<SessionEvent["type"]> = new Set([
  "text-delta",
  "code-delta",
  "progress",
  "file-reading",
]);

/** Pieces of a stream: shown live, and left out of the session file, where their whole follows. */
export function isTransient(event: SessionEvent): boolean {
  return transientTypes.has(event.type) || (event.type === "source-state" && event.state.status === "indexing");
}
