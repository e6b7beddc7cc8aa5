import * as z from "zod/mini";
import { rememberedTurnSchema } from "./citation.ts";
import { clusterStateSchema } from "./cluster-state.ts";
import { connectionReportSchema, modelChoiceSchema, modelSourceSchema } from "./model.ts";
import { problemSchema } from "./problem.ts";
import { clusterPlaceSchema, kernelStateSchema, runPlaceSchema } from "./run-place.ts";
import { approvalDecisionSchema, sessionEventSchema, toolDecisionSchema } from "./session-event.ts";
import { sourceSchema } from "./source.ts";
import { dialectChoiceSchema } from "./table-profile.ts";

/** One session in the list. */
export const sessionSummarySchema = z.object({
  id: z.string(),
  title: z.string(),
  /** Names of its files, for searching and showing. */
  files: z.array(z.string()),
  updatedAt: z.number(),
  turns: z.number(),
});
export type SessionSummary = z.infer<typeof sessionSummarySchema>;

/** What the person may choose among, and what is chosen. */
export const modelStateSchema = z.object({
  /** `null` until one is chosen or found. */
  choice: z.nullable(modelChoiceSchema),
  /** Roles with a model of their own. */
  roles: z.record(z.string(), modelChoiceSchema),
  sources: z.array(modelSourceSchema),
  looking: z.boolean(),
});
export type ModelState = z.infer<typeof modelStateSchema>;

/** The Python that will run, or why there is none. */
export const pythonStateSchema = z.object({
  /**
   * `replaced`: somebody chose another, which cannot be used. `ended`: the one of the session that is shown ended by
   * itself or with its terminal; the next code starts another.
   */
  status: z.enum(["unknown", "looking", "ready", "limited", "replaced", "missing", "installing", "untrusted", "ended"]),
  /** Such as `Python 3.11.7 · pandas 2.2`. */
  label: z.string(),
  /** What to do about it, in plain words; empty when ready. */
  advice: z.string(),
  /** That of the session that is shown, where it runs on a cluster; what else is said here is of this machine's. */
  kernel: z.optional(kernelStateSchema),
});
export type PythonState = z.infer<typeof pythonStateSchema>;

/** An agent of the workspace's own, or of another extension, that a person may call by name. */
export const namedAgentSchema = z.object({
  name: z.string(),
  /** When to choose it; empty where it does not say. */
  description: z.string(),
  isGroup: z.boolean(),
  /** Whether it can answer nothing without a model. */
  needsModel: z.boolean(),
});
export type NamedAgent = z.infer<typeof namedAgentSchema>;

/** A question of an earlier conversation that a search found. */
export const foundTurnSchema = z.object({
  ...rememberedTurnSchema.shape,
  /** Of the session. */
  title: z.string(),
  question: z.string(),
  /** When it was asked, in milliseconds; `null` where that is not known. */
  at: z.nullable(z.number()),
  /** The words that fit best, on one line. */
  excerpt: z.string(),
});
export type FoundTurn = z.infer<typeof foundTurnSchema>;

/** A file of the workspace that may be attached. */
export const foundFileSchema = z.object({
  path: z.string(),
  name: z.string(),
  /** Its folder below the workspace, to tell files of one name apart; empty at the top. */
  folder: z.string(),
  /** A table is analyzed; everything else is asked about. */
  kind: z.enum(["table", "document", "folder", "workspace"]),
});
export type FoundFile = z.infer<typeof foundFileSchema>;

/** The settings that the page shows. */
export const pageSettingsSchema = z.object({
  /** BCP 47, such as `en` or `zh-cn`. */
  locale: z.string(),
  /** URI under which the session's pictures are served; a picture's address is this, a slash, and its file name. */
  resourceBase: z.string(),
  trusted: z.boolean(),
  /** Whether conversations are remembered; left out where they cannot be. */
  remembers: z.optional(z.boolean()),
});
export type PageSettings = z.infer<typeof pageSettingsSchema>;

/** A place in a file that an answer or a passage names; see the protocol of citations. */
export const placeSchema = z.object({
  path: z.string(),
  startLine: z.number(),
  endLine: z.number(),
  start: z.number(),
  end: z.number(),
  page: z.nullable(z.number()),
  place: z.string(),
  /** The words to highlight: the quote, or the passage. */
  words: z.string(),
  /** The turn of an earlier conversation that is shown instead of a file. */
  turn: z.optional(rememberedTurnSchema),
});
export type Place = z.infer<typeof placeSchema>;

const nothing = z.object({});
const turnId = z.object({ turnId: z.string() });

/** Every request the page may make: its parameters, and what comes back. */
export const requests = {
  /** The page has loaded and wants everything. The pushes follow. */
  "page-ready": { params: nothing, result: nothing },
  /** The page failed to draw; it offers a reload by itself. */
  "page-failed": { params: z.object({ message: z.string(), stack: z.string() }), result: nothing },
  /** `agent`: forced by the person, without the `@`. */
  "chat-send": { params: z.object({ text: z.string(), agent: z.nullable(z.string()) }), result: nothing },
  "turn-stop": { params: nothing, result: nothing },
  "turn-retry": { params: turnId, result: nothing },
  "turn-edit": { params: z.object({ turnId: z.string(), text: z.string() }), result: nothing },
  /** `code`: the person's edit, `null` when unchanged. */
  "approval-answer": {
    params: z.object({ cellId: z.string(), decision: approvalDecisionSchema, code: z.nullable(z.string()) }),
    result: nothing,
  },
  /** Whether a tool may act. */
  "tool-answer": { params: z.object({ callId: z.string(), decision: toolDecisionSchema }), result: nothing },
  /** Whether the package that a cell lacks is to be installed. */
  "package-answer": {
    params: z.object({ cellId: z.string(), decision: z.enum(["install", "skip"]) }),
    result: nothing,
  },
  "session-new": { params: nothing, result: nothing },
  "session-open": { params: z.object({ sessionId: z.string() }), result: nothing },
  "session-rename": { params: z.object({ sessionId: z.string(), title: z.string() }), result: nothing },
  /** Asks before it deletes. */
  "session-delete": { params: z.object({ sessionId: z.string() }), result: nothing },
  /** In titles, file names, questions and answers. */
  "session-search": {
    params: z.object({ text: z.string() }),
    result: z.object({ sessions: z.array(sessionSummarySchema) }),
  },
  /** Questions of earlier conversations whose words or meaning fit, the best first. */
  "turn-search": {
    params: z.object({ text: z.string() }),
    result: z.object({ turns: z.array(foundTurnSchema) }),
  },
  /** Shows an earlier conversation at a question. */
  "turn-open": { params: rememberedTurnSchema, result: nothing },
  /** Switches memory on or off, for all conversations. */
  "memory-switch": { params: z.object({ on: z.boolean() }), result: nothing },
  /** Whether the session that is shown is remembered; `false` forgets it. */
  "session-remember": { params: z.object({ remembered: z.boolean() }), result: nothing },
  /** Forgets every conversation, after a yes. */
  "memory-forget": { params: nothing, result: nothing },
  /** Opens the editor's file picker. */
  "file-pick": { params: nothing, result: nothing },
  /**
   * Files dropped on the page, as `text/uri-list`. Those outside the workspace are asked about. `names`: files of which the
   * browser tells no more than the name; they are looked for in the workspace, else asked for.
   */
  "file-drop": {
    params: z.object({ uris: z.array(z.string()), names: z.optional(z.array(z.string())) }),
    result: nothing,
  },
  /** Files and folders of the workspace whose path fits what was typed after `@`, the best first, at most 12. */
  "file-find": { params: z.object({ text: z.string() }), result: z.object({ files: z.array(foundFileSchema) }) },
  /** Adds a file of the workspace. */
  "file-attach": { params: z.object({ path: z.string() }), result: nothing },
  /** Asks about a file or a folder of the workspace. */
  "source-add": { params: z.object({ path: z.string() }), result: nothing },
  /** Opens the editor's picker, for files and, where the system's picker can, folders. */
  "source-pick": { params: z.object({ kind: z.enum(["files", "folder"]) }), result: nothing },
  "source-remove": { params: z.object({ sourceId: z.string() }), result: nothing },
  /** Ends the reading of a source and keeps what was read. */
  "source-stop": { params: z.object({ sourceId: z.string() }), result: nothing },
  /** Reads a source again, after a failure or a stop. */
  "source-retry": { params: z.object({ sourceId: z.string() }), result: nothing },
  /** Opens the file at the place, with the words highlighted. Places are refused that no passage of the session has. */
  "place-open": { params: placeSchema, result: nothing },
  /** Shows state, size and what is left out of the index, with the ways to rebuild and delete it. */
  "index-manage": { params: nothing, result: nothing },
  "file-detach": { params: z.object({ path: z.string() }), result: nothing },
  /** `lines`: those are selected. */
  "file-open": {
    params: z.object({ path: z.string(), lines: z.optional(sourceSchema.shape.lines) }),
    result: nothing,
  },
  /** `dialect`: as the person wants it read, empty for as it is detected; left out, as before. */
  "file-reprofile": {
    params: z.object({ path: z.string(), dialect: z.optional(dialectChoiceSchema) }),
    result: nothing,
  },
  /** Ends the reading of a file and keeps what was read. */
  "file-stop": { params: z.object({ path: z.string() }), result: nothing },
  "model-refresh": { params: nothing, result: nothing },
  "model-choose": {
    params: z.object({
      role: z.enum(["chat", "router", "reviewer", "embedding"]),
      choice: z.nullable(modelChoiceSchema),
    }),
    result: nothing,
  },
  /** Asks for a base URL, a key and a model in the editor's own input boxes. */
  "model-add": { params: nothing, result: nothing },
  "model-key": { params: z.object({ baseUrl: z.string() }), result: nothing },
  "model-test": {
    params: z.object({ choice: z.nullable(modelChoiceSchema) }),
    result: z.object({ report: z.nullable(connectionReportSchema) }),
  },
  /** Has the code of the session that is shown run there from now on, after a yes where variables stay behind. */
  "place-choose": { params: z.object({ place: runPlaceSchema }), result: nothing },
  /** Asks for a cluster where none is named, and connects to it. Resolves when that is done, or was given up. */
  "cluster-connect": { params: nothing, result: nothing },
  /** Looks how much of the cluster is free; a push follows. */
  "cluster-look": { params: nothing, result: nothing },
  /** Shows the cluster, what of ours runs there, and what can be done with it. */
  "cluster-show": { params: nothing, result: nothing },
  "python-choose": { params: nothing, result: nothing },
  "python-install": { params: nothing, result: nothing },
  "terminal-show": { params: nothing, result: nothing },
  /** Saves a table that a cell showed as CSV. `output`: which of the cell's outputs, counted from 0. */
  "table-save": { params: z.object({ cellId: z.string(), output: z.number() }), result: nothing },
  "image-save": { params: z.object({ file: z.string() }), result: nothing },
  "image-open": { params: z.object({ file: z.string() }), result: nothing },
  /** Inserts at the cursor of the active editor, or in a new one. */
  "code-insert": { params: z.object({ code: z.string() }), result: nothing },
  "text-copy": { params: z.object({ text: z.string() }), result: nothing },
  /** Opens the whole output of a cell. */
  "output-open": { params: z.object({ file: z.string() }), result: nothing },
  /** Asks for a format and a place. `turnId`: one question with its answer; `null`: the whole session. */
  "session-export": { params: z.object({ turnId: z.nullable(z.string()) }), result: nothing },
  "transcript-open": { params: nothing, result: nothing },
  /** An address in an answer: the editor asks before it opens it. */
  "link-open": { params: z.object({ href: z.string() }), result: nothing },
  "trust-manage": { params: nothing, result: nothing },
  "settings-open": { params: z.object({ query: z.string() }), result: nothing },
} as const;

export type RequestName = keyof typeof requests;
export type Params<R extends RequestName> = z.infer<(typeof requests)[R]["params"]>;
export type Result<R extends RequestName> = z.infer<(typeof requests)[R]["result"]>;

/** A handler for every request: leave one out and it does not compile. */
export type RequestHandlers = { readonly [R in RequestName]: (params: Params<R>) => Promise<Result<R>> };

/** What the page sends. */
export const requestFrameSchema = z.object({ id: z.number(), name: z.string(), params: z.unknown() });

/** What the page is answered. */
export const answerFrameSchema = z.object({
  kind: z.literal("answer"),
  id: z.number(),
  result: z.optional(z.unknown()),
  problem: z.optional(problemSchema),
});

/** What the extension says unasked. */
export const pushSchema = z.discriminatedUnion("kind", [
  /** A session from its first event on; replaces what was shown. */
  z.object({ kind: z.literal("session"), settings: pageSettingsSchema, events: z.array(sessionEventSchema) }),
  /** Events of the shown session, in order, gathered over about 16 ms. */
  z.object({ kind: z.literal("events"), sessionId: z.string(), events: z.array(sessionEventSchema) }),
  z.object({ kind: z.literal("sessions"), sessions: z.array(sessionSummarySchema) }),
  z.object({ kind: z.literal("models"), state: modelStateSchema }),
  z.object({ kind: z.literal("python"), state: pythonStateSchema }),
  /** The cluster of the workspace. `last`: how much of it was chosen last for a session. */
  z.object({ kind: z.literal("cluster"), state: clusterStateSchema, last: clusterPlaceSchema }),
  /** Who may be called by name besides the agents of the product; replaces what was told before. */
  z.object({ kind: z.literal("agents"), agents: z.array(namedAgentSchema) }),
  /** Puts words into the composer, none where empty, and the focus there. */
  z.object({ kind: z.literal("compose"), text: z.string() }),
  /** Shows a turn of the session that is shown. */
  z.object({ kind: z.literal("turn"), turnId: z.string() }),
  /** A view to show: the session list, or the chat. */
  z.object({ kind: z.literal("view"), view: z.enum(["chat", "sessions"]) }),
]);
export type Push = z.infer<typeof pushSchema>;
