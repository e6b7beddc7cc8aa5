import type { Message } from "../../../src/agents/protocol/message.ts";
import type {
  AttachedFile,
  Block,
  CellBlock,
  NoticeBlock,
  PassagesBlock,
  SelectBlock,
  Session,
  SessionSource,
  TextBlock,
  ToolBlock,
  Turn,
} from "../../../src/agents/protocol/session-state.ts";
import type { TableJoin } from "../../../src/agents/protocol/table-join.ts";

import { removedBy } from "./removed-turns.ts";

/** One line of the message list: what is measured, scrolled to, and drawn on its own. */
export type Row = HeadRow | TurnRow;

/** What stands above the first question. */
export type HeadRow =
  | { readonly kind: "trust"; readonly key: string }
  | { readonly kind: "welcome"; readonly key: string }
  | { readonly kind: "file"; readonly key: string; readonly file: AttachedFile }
  | { readonly kind: "sources"; readonly key: string; readonly sources: readonly SessionSource[] }
  | { readonly kind: "joins"; readonly key: string; readonly joins: readonly TableJoin[] }
  | { readonly kind: "suggestions"; readonly key: string; readonly file: AttachedFile }
  | { readonly kind: "source-suggestions"; readonly key: string; readonly sources: readonly SessionSource[] }
  | { readonly kind: "no-model"; readonly key: string };

/** What a question brought. */
export type TurnRow =
  | { readonly kind: "question"; readonly key: string; readonly turn: Turn; readonly editable: boolean }
  | { readonly kind: "removed"; readonly key: string; readonly turns: readonly Turn[] }
  | {
      readonly kind: "select";
      readonly key: string;
      readonly block: SelectBlock;
      readonly messages: readonly Message[];
    }
  | { readonly kind: "notice"; readonly key: string; readonly block: NoticeBlock }
  | {
      readonly kind: "text";
      readonly key: string;
      readonly turnId: string;
      readonly block: TextBlock;
      /** Who speaks, where it is another than the one who was chosen to answer. */
      readonly speaker: string | null;
    }
  | { readonly kind: "passages"; readonly key: string; readonly block: PassagesBlock }
  | {
      readonly kind: "cell";
      readonly key: string;
      readonly block: CellBlock;
      readonly superseded: boolean;
      readonly endTold: boolean;
    }
  | { readonly kind: "tool"; readonly key: string; readonly block: ToolBlock }
  | { readonly kind: "progress"; readonly key: string; readonly turn: Turn }
  | { readonly kind: "end"; readonly key: string; readonly turn: Turn; readonly last: boolean };

/** Whether a row belongs to the session as a whole, and not to a question. */
export function isHeadRow(row: Row): row is HeadRow {
  return headKinds.has(row.kind);
}

/** Whether a row stands as it did in the run that is played again. */
export function isReplayed(row: Row): boolean {
  return "block" in row && row.block.replayed === true;
}

const headKinds: ReadonlySet<Row["kind"]> = new Set([
  "trust",
  "welcome",
  "file",
  "sources",
  "joins",
  "suggestions",
  "source-suggestions",
  "no-model",
]);

/** What decides which rows there are, besides the session. */
export interface RowOptions {
  readonly trusted: boolean;
  /** Whether to say that no model is there. */
  readonly noModel: boolean;
}

/** Makes the rows of a session; rows of turns that did not change are the same objects as before. */
export function createRowMaker(): (session: Session, options: RowOptions) => readonly Row[] {
  const ended = new WeakMap<Turn, readonly Row[]>();
  const rowsOf = (session: Session, turn: Turn, last: boolean, busy: boolean): readonly Row[] => {
    if (last || busy) {
      return turnRows(session, turn, last, busy);
    }

    const known = ended.get(turn) ?? turnRows(session, turn, false, false);
    ended.set(turn, known);
    return known;
  };
  return (session, options) => {
    const busy = session.turns.at(-1)?.status === "running";
    const lastIndex = session.turns.length - 1;
    return [
      ...headRows(session, options),
      ...session.turns.flatMap((turn, index) => rowsOf(session, turn, index === lastIndex, busy)),
    ];
  };
}

function headRows(session: Session, options: RowOptions): readonly Row[] {
  const asked = session.turns.length > 0;
  const { files, sources } = session;
  const newest = files.findLast((file) => file.profile !== null);
  return [
    ...(options.trusted ? [] : [{ kind: "trust", key: "trust" } as const]),
    ...(files.length === 0 && sources.length === 0 && !asked ? [{ kind: "welcome", key: "welcome" } as const] : []),
    ...(sources.length === 0 ? [] : [{ kind: "sources", key: "sources", sources } as const]),
    ...files.map((file) => ({ kind: "file", key: `file:${file.path}`, file }) as const),
    ...(session.joins.length === 0 ? [] : [{ kind: "joins", key: "joins", joins: session.joins } as const]),
    ...(newest === undefined || asked ? [] : [{ kind: "suggestions", key: "suggestions", file: newest } as const]),
    ...(sources.length === 0 || asked
      ? []
      : [{ kind: "source-suggestions", key: "source-suggestions", sources } as const]),
    ...(options.noModel ? [{ kind: "no-model", key: "no-model" } as const] : []),
  ];
}

function turnRows(session: Session, turn: Turn, last: boolean, busy: boolean): readonly Row[] {
  const removed = removedBy(session, turn);
  return [
    { kind: "question", key: `${turn.id}:question`, turn, editable: !busy },
    ...(removed.length === 0 ? [] : [{ kind: "removed", key: `${turn.id}:removed`, turns: removed } as const]),
    ...turn.blocks.map((block, index) => blockRow(turn, block, index)),
    turn.status === "running"
      ? { kind: "progress", key: `${turn.id}:progress`, turn }
      : { kind: "end", key: `${turn.id}:end`, turn, last },
  ];
}

function blockRow(turn: Turn, block: Block, index: number): Row {
  const key = `${turn.id}:${block.id}`;
  switch (block.kind) {
    case "select":
      return { kind: "select", key, block, messages: messagesFrom(turn, index) };
    case "notice":
      return { kind: "notice", key, block };
    case "text":
      return { kind: "text", key, turnId: turn.id, block, speaker: speakerOf(turn, block) };
    case "passages":
      return { kind: "passages", key, block };
    case "tool":
      return { kind: "tool", key, block };
    case "cell":
      return {
        kind: "cell",
        key,
        block,
        superseded: isSuperseded(turn, block, index),
        endTold: isEndTold(turn, block),
      };
  }
}

/** The transcript stands on the first choice of a turn. */
function messagesFrom(turn: Turn, index: number): readonly Message[] {
  const first = turn.blocks.findIndex((block) => block.kind === "select");
  return first === index ? turn.messages : [];
}

/** Members of a group, and agents that a question was handed to, are named; the agent that was chosen is named above. */
function speakerOf(turn: Turn, { agent, role }: TextBlock): string | null {
  const isChosen = turn.blocks.some((block) => block.kind === "select" && block.agent === agent);
  return isChosen || role === "reasoning" || agent === "" ? null : agent;
}

/** A cell that failed and was written again further down. */
function isSuperseded(turn: Turn, cell: CellBlock, index: number): boolean {
  const next = turn.blocks.slice(index + 1).find((block) => block.kind === "cell");
  return cell.phase === "error" && next?.kind === "cell" && next.repair === cell.repair + 1;
}

/** A stop is said once, at the end of the turn that was stopped. */
function isEndTold(turn: Turn, cell: CellBlock): boolean {
  return turn.status === "cancelled" && cell.phase === "interrupted";
}

/** Rough height of a row before it is measured, pixels. */
export function estimateRowHeight(row: Row | undefined): number {
  return row === undefined ? lowHeight : isHeadRow(row) ? estimateHeadHeight(row) : estimateTurnHeight(row);
}

const lowHeight = 30;
const tallHeight = 140;

function estimateHeadHeight(row: HeadRow): number {
  switch (row.kind) {
    case "file":
      return 84 + Math.min(row.file.profile?.columns.length ?? 3, 8) * 26;
    case "sources":
      return 20 + Math.min(row.sources.length, 5) * 44;
    case "joins":
      return 40 + Math.min(row.joins.length, 3) * 76;
    case "suggestions":
    case "source-suggestions":
      return lowHeight;
    default:
      return tallHeight;
  }
}

function estimateTurnHeight(row: TurnRow): number {
  switch (row.kind) {
    case "question":
      return 44 + Math.floor(row.turn.question.length / 45) * 19;
    case "text":
      return row.block.role === "reasoning" ? 26 : estimateTextHeight(row.block);
    case "passages":
      return row.block.how === "nearest" ? 30 + row.block.passages.length * 150 : 26;
    case "tool":
      return row.block.phase === "waiting" ? tallHeight : lowHeight;
    case "cell":
      return row.superseded ? 32 : 90 + row.block.code.split("\n").length * 18 + row.block.outputs.length * 60;
    default:
      return lowHeight;
  }
}

function estimateTextHeight({ text, citations }: TextBlock): number {
  return 34 + Math.floor(text.length / 48) * 20 + Math.min(citations.length, 6) * 40;
}
