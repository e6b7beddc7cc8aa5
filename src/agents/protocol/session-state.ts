import { type AgentEdit, type Forgetting, keepForgotten, reduceNotes } from "./agent-notes.ts";
import type { CellOutput, CellStatus, CodeEffect } from "./cell-output.ts";
import type { Citation, ClaimDoubt, ReadPassage } from "./citation.ts";
import { type TurnEvent, newTurn, reduceTurn } from "./reduce-turn.ts";
import type { Message } from "./message.ts";
import type { PackageOffer } from "./package-offer.ts";
import type { ReadingCheck } from "./reading-check.ts";
import type { RunPlace } from "./run-place.ts";
import type { SandboxMode } from "./sandbox.ts";
import type { Problem } from "./problem.ts";
import type { ApprovalDecision, SessionEvent, ToolDecision, TurnEndReason } from "./session-event.ts";
import type { Source, SourceState } from "./source.ts";
import type { TableJoin } from "./table-join.ts";
import type { DialectChoice, TableProfile } from "./table-profile.ts";

/** One file of a session. Either its profile or a problem is there once it has been read. */
export interface AttachedFile {
  readonly path: string;
  readonly name: string;
  /** The last reading that ended; not `complete` where the person stopped it. */
  readonly profile: TableProfile | null;
  /** What the person chose for that reading; empty where everything was detected. */
  readonly choice: DialectChoice;
  /** Why the file cannot be read now. */
  readonly problem: Problem | null;
  /** How far a reading that goes on has come, and what it has found; `null` while there is none. */
  readonly reading: { readonly readBytes: number; readonly profile: TableProfile | null } | null;
  /** A choice by which the file could not be read; where there is a profile, that stays in force. */
  readonly refused: { readonly choice: DialectChoice; readonly problem: Problem } | null;
  /** What Python made of the profile's reading call; `null` where it was not tried. */
  readonly check: ReadingCheck | null;
}

/** Where a block of a turn comes from. */
interface OfTurn {
  /** Whether it stands as it was in the run that is played again. */
  readonly replayed?: boolean;
}

/** What an agent says to the person. */
export interface TextBlock extends OfTurn {
  readonly kind: "text";
  readonly id: string;
  readonly agent: string;
  readonly role: "comment" | "answer" | "reasoning";
  readonly text: string;
  readonly complete: boolean;
  /** What `[1]` in the text means. */
  readonly citations: readonly Citation[];
  /** What `[?1]` in the text means. */
  readonly doubts: readonly ClaimDoubt[];
}

/** Passages that an agent read. */
export interface PassagesBlock extends OfTurn {
  readonly kind: "passages";
  readonly id: string;
  readonly agent: string;
  readonly query: string;
  readonly how: "search" | "whole" | "nearest";
  readonly passages: readonly ReadPassage[];
}

/** Where a cell stands, from the first streamed letter to its end. */
export type CellPhase = "writing" | "ready" | "waiting" | "running" | CellStatus;

/** Code, and what came of it. */
export interface CellBlock extends OfTurn {
  readonly kind: "cell";
  readonly id: string;
  readonly agent: string;
  /** Counts from 1 in a session; 0 while it is being written. */
  readonly number: number;
  readonly code: string;
  /** Whether the person changed the code before it ran. A review and effects are of the code before that. */
  readonly edited: boolean;
  readonly repair: number;
  readonly effects: readonly CodeEffect[];
  readonly review: {
    readonly reviewer: string;
    readonly verdict: "approved" | "rejected";
    readonly comment: string;
  } | null;
  /** Whether code like this is asked about every time, whatever the person has allowed. */
  readonly everyTime: boolean;
  /** What holds the code, as far as it was asked about. */
  readonly sandbox: SandboxMode;
  readonly approval: {
    readonly decision: ApprovalDecision;
    readonly how: "person" | "granted" | "command-line";
  } | null;
  /** Whether it was the first to run in its Python, so that variables of earlier cells were lost. */
  readonly newPython?: boolean;
  readonly phase: CellPhase;
  /** Packages that it lacked, in order. */
  readonly packages: readonly PackageOffer[];
  /** Neighbouring pieces of one text stream are joined. */
  readonly outputs: readonly CellOutput[];
  readonly durationMs: number;
}

/** The pipeline's choice. */
export interface SelectBlock extends OfTurn {
  readonly kind: "select";
  readonly id: string;
  readonly agent: string;
  readonly how: "model" | "model-second-try" | "default" | "forced" | "only";
  readonly durationMs: number;
}

export interface NoticeBlock extends OfTurn {
  readonly kind: "notice";
  readonly id: string;
  readonly severity: "info" | "warning";
  readonly code: string;
  readonly text: string;
  /** The facts in the text, by name. */
  readonly values: { readonly [name: string]: string | number };
}

/** An agent's call of a tool, and what came of it. */
export interface ToolBlock extends OfTurn {
  readonly kind: "tool";
  readonly id: string;
  readonly agent: string;
  readonly tool: string;
  /** Where the tool comes from. */
  readonly origin: string;
  /** As the model wrote it: JSON text, where the model keeps to it. */
  readonly input: string;
  /** `stopped`: its turn ended before it did. */
  readonly phase: "running" | "waiting" | "ok" | "failed" | "denied" | "stopped";
  readonly approval: {
    readonly decision: ToolDecision;
    readonly how: "person" | "granted" | "command-line";
  } | null;
  /** What the tool gave back; empty until then. */
  readonly text: string;
  readonly durationMs: number;
}

export type Block = TextBlock | CellBlock | SelectBlock | NoticeBlock | PassagesBlock | ToolBlock;

/** What one agent spent on one model in a turn. */
export interface AgentUsage {
  readonly agent: string;
  readonly model: string;
  readonly calls: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly estimated: boolean;
  /** Wall time of its model calls, milliseconds. */
  readonly modelMs: number;
}

/** One question and all that came of it. */
export interface Turn {
  readonly id: string;
  readonly question: string;
  readonly agent: string | null;
  readonly startedAt: number;
  readonly status: "running" | TurnEndReason;
  /** What is going on, while it runs. */
  readonly progress: { readonly agent: string; readonly activity: string; readonly detail: string } | null;
  readonly blocks: readonly Block[];
  /** The transcript, in order of delivery. */
  readonly messages: readonly Message[];
  readonly usage: {
    readonly models: readonly string[];
    readonly calls: number;
    readonly promptTokens: number;
    readonly completionTokens: number;
    readonly estimated: boolean;
    /** Wall time of the model calls, milliseconds. */
    readonly modelMs: number;
    /** The same, a line for each agent and model, in the order of their first call. */
    readonly byAgent: readonly AgentUsage[];
  };
  /** Wall time of the turn, the person's own time to decide included, and of Python in it, milliseconds. */
  readonly durationMs: number;
  readonly pythonMs: number;
  readonly problem: Problem | null;
  /** It was asked while nothing was to be remembered. */
  readonly unremembered?: true;
  /** Where an earlier run is played again with one message changed. */
  readonly replay?: TurnReplay;
}

/** An earlier run that is played again, and how far it was. */
export interface TurnReplay {
  readonly turnId: string;
  /** The message that was changed, as it was called in that run. */
  readonly messageId: string;
  /** Ids of the messages that were taken from its log. */
  readonly messages: readonly string[];
  /** The changed message in this run; `null` until it has come to it. */
  readonly changed: string | null;
  /** How the part that is from the log ended; `null` as long as it goes on. */
  readonly end: "changed" | "deviated" | "unreached" | null;
}

/** A source of a session; `state` is `null` until its index is looked at. */
export interface SessionSource extends Source {
  readonly state: SourceState | null;
}

/** A Python on a cluster. */
export interface Kernel {
  /** Address of the cluster's dashboard. */
  readonly cluster: string;
  /** Its name there. */
  readonly name: string;
  /** Whether a cell has run in it, which may have left variables. */
  readonly hasRun?: boolean;
}

/** A session as every client shows it. */
export interface Session {
  readonly id: string;
  readonly title: string;
  readonly createdAt: number;
  readonly files: readonly AttachedFile[];
  /** What is asked about, beside the tables in `files`. */
  readonly sources: readonly SessionSource[];
  /** Columns by which the files can be joined, best first. */
  readonly joins: readonly TableJoin[];
  readonly turns: readonly Turn[];
  /** Turns that retry, or edit and resend, took out; oldest first. Agents know nothing of them. */
  readonly removed: readonly RemovedTurns[];
  /** Where its Python runs; on this machine where nobody has chosen. */
  readonly place?: RunPlace;
  /** The Python on a cluster that was started last. */
  readonly kernel?: Kernel;
  /** System messages that the person gave agents, oldest first; the last of an agent is in force. */
  readonly agentEdits: readonly AgentEdit[];
  /** What agents were told to forget. */
  readonly forgotten: readonly Forgetting[];
  /** The person wants nothing of it remembered. */
  readonly unremembered?: boolean;
}

/** What one turn replaced. */
export interface RemovedTurns {
  /** Id of the turn that took their place. */
  readonly by: string;
  readonly turns: readonly Turn[];
}

export const emptySession: Session = {
  id: "",
  title: "",
  createdAt: 0,
  files: [],
  sources: [],
  joins: [],
  turns: [],
  removed: [],
  agentEdits: [],
  forgotten: [],
};

/** Folds one event into a session. Pure, so the page, the transcript, a remote host and the tests agree. */
export function reduceSession(state: Session, event: SessionEvent): Session {
  if (isTurnEvent(event)) {
    const index = state.turns.findLastIndex((turn) => turn.id === event.turnId);
    const turn = state.turns[index];
    return turn === undefined
      ? state
      : { ...state, ...ranOn(state.kernel, event), turns: state.turns.with(index, reduceTurn(turn, event)) };
  }

  switch (event.type) {
    case "session-start":
      return { ...emptySession, id: event.sessionId, title: event.title, createdAt: event.at };
    case "session-rename":
      return { ...state, title: event.title };
    case "session-remember":
      return { ...state, unremembered: !event.remembered };
    case "source-add":
    case "source-remove":
    case "source-state":
      return { ...state, sources: reduceSources(state.sources, event) };
    case "agent-edit":
    case "agent-forget":
      return reduceNotes(state, event);
    case "kernel-open":
      return openKernel(state, { cluster: event.cluster, name: event.name });
    case "place-choose":
      return choosePlace(state, event.place);
    case "turn-start":
      return startTurn(state, event);
    default:
      return reduceFiles(state, event);
  }
}

function reduceFiles(state: Session, event: FileEvent): Session {
  switch (event.type) {
    case "file-attach":
      return withFile(state, event.path, { ...unreadFile, path: event.path, name: event.name });
    case "file-detach":
      return {
        ...state,
        files: state.files.filter((file) => file.path !== event.path),
        joins: state.joins.filter(({ left, right }) => left.path !== event.path && right.path !== event.path),
      };
    case "file-reading":
      return state.files.some(({ path }) => path === event.path)
        ? withFile(state, event.path, { reading: event.reading })
        : state;
    case "file-profile":
      return withFile(state, event.path, { ...unreadFile, profile: event.profile, choice: event.choice ?? {} });
    case "file-problem":
      return withProblem(state, event);
    case "file-check":
      return state.files.some(({ path }) => path === event.path)
        ? withFile(state, event.path, { check: event.check })
        : state;
    case "file-joins":
      return { ...state, joins: event.joins };
  }
}

type FileEvent = Extract<SessionEvent, { readonly type: `file-${string}` }>;
type FileFields = Partial<AttachedFile>;
type TurnStart = Extract<SessionEvent, { type: "turn-start" }>;

function isTurnEvent(event: SessionEvent): event is TurnEvent {
  return "turnId" in event && event.type !== "turn-start";
}

const unreadFile = { profile: null, choice: {}, problem: null, reading: null, refused: null, check: null };

function withFile(state: Session, path: string, fields: FileFields): Session {
  const known = state.files.some((file) => file.path === path);
  const files = known
    ? state.files.map((file) => (file.path === path ? { ...file, ...fields } : file))
    : [...state.files, { path, name: path, ...unreadFile, ...fields }];
  return { ...state, files };
}

function withProblem(state: Session, event: Extract<SessionEvent, { type: "file-problem" }>): Session {
  const { path, problem, choice } = event;
  const refused = choice === undefined ? null : { choice, problem };
  const isRead = state.files.some((file) => file.path === path && file.profile !== null && file.problem === null);
  return withFile(state, path, {
    reading: null,
    refused,
    ...(refused !== null && isRead ? {} : { problem }),
  });
}

/** One that is found again is the one that it was. */
function openKernel(state: Session, kernel: Kernel): Session {
  const isSame = state.kernel?.name === kernel.name && state.kernel.cluster === kernel.cluster;
  return isSame ? state : { ...state, kernel };
}

/** That a cell has run in the Python on a cluster, which may have left variables there. */
function ranOn(kernel: Kernel | undefined, event: SessionEvent): Pick<Session, "kernel"> {
  const hasRun = kernel !== undefined && event.type === "cell-end" && event.durationMs > 0;
  return hasRun ? { kernel: { ...kernel, hasRun } } : {};
}

/** A Python that was left behind is not found again. */
function choosePlace({ kernel: _left, ...state }: Session, place: RunPlace): Session {
  return { ...state, place };
}

type SourceEvent = Extract<SessionEvent, { type: `source-${string}` }>;

function reduceSources(sources: readonly SessionSource[], event: SourceEvent): readonly SessionSource[] {
  switch (event.type) {
    case "source-add":
      return [...sources.filter(({ id }) => id !== event.source.id), { ...event.source, state: null }];
    case "source-remove":
      return sources.filter(({ id }) => id !== event.sourceId);
    case "source-state":
      return sources.map((source) => (source.id === event.sourceId ? { ...source, state: event.state } : source));
  }
}

/** A turn that replaces another takes that one and all after it out; they are kept aside. */
function startTurn(state: Session, event: TurnStart): Session {
  const index = state.turns.findIndex((turn) => turn.id === event.replaces);
  if (index === -1) {
    return { ...state, turns: [...state.turns, newTurn(event)] };
  }

  const removed = { by: event.turnId, turns: state.turns.slice(index) };
  const kept = state.turns.slice(0, index);
  return {
    ...state,
    turns: [...kept, newTurn(event)],
    removed: [...state.removed, removed],
    forgotten: keepForgotten(state.forgotten, kept),
  };
}
