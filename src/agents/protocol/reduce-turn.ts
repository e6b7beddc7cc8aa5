import { closeOffers } from "./package-offer.ts";
import { type CellEvent, emptyCell, reduceCell } from "./reduce-cell.ts";
import { newReplay, reduceReplay } from "./reduce-replay.ts";
import { type ToolEvent, closeToolCall, emptyToolCall, reduceTool } from "./reduce-tool.ts";
import type { SessionEvent } from "./session-event.ts";
import type { AgentUsage, Block, TextBlock, Turn } from "./session-state.ts";

type TurnStart = Extract<SessionEvent, { type: "turn-start" }>;

/** Kept for replays; what a person sees of it are other events. */
type Unseen = Extract<SessionEvent, { type: "replay-end" | "message-failed" }>;

/** What happens within a turn. */
export type TurnEvent = Exclude<Extract<SessionEvent, { readonly turnId: string }>, TurnStart>;

/** A turn that has just begun. */
export function newTurn(event: TurnStart): Turn {
  return {
    id: event.turnId,
    question: event.question,
    agent: event.agent,
    startedAt: event.at,
    status: "running",
    progress: null,
    blocks: [],
    messages: [],
    usage: { models: [], calls: 0, promptTokens: 0, completionTokens: 0, estimated: false, modelMs: 0, byAgent: [] },
    durationMs: 0,
    pythonMs: 0,
    problem: null,
    ...(event.unremembered === true ? { unremembered: true } : {}),
    ...(event.replays === undefined ? {} : { replay: newReplay(event.replays) }),
  };
}

/** Folds one event into its turn. */
export function reduceTurn(turn: Turn, event: TurnEvent): Turn {
  const reduced =
    "cellId" in event
      ? reduceCellEvent(turn, event)
      : "callId" in event
        ? reduceToolEvent(turn, event)
        : event.type === "replay-end" || event.type === "message-failed"
          ? turn
          : reduceTurnEvent(turn, event);
  const after = reduceReplay(turn, reduced, event);
  const { progress } = after;
  const wentOn = progress?.activity === "retrying" && event.type !== "progress";
  return wentOn ? { ...after, progress: { agent: progress.agent, activity: "thinking", detail: "" } } : after;
}

function reduceTurnEvent(turn: Turn, event: Exclude<TurnEvent, CellEvent | ToolEvent | Unseen>): Turn {
  switch (event.type) {
    case "message":
      return { ...turn, messages: [...turn.messages, event.message] };
    case "agent-select":
      return withBlock(turn, {
        kind: "select",
        id: nextId(turn, "select"),
        agent: event.agent,
        how: event.how,
        durationMs: event.durationMs,
      });
    case "progress":
      return { ...turn, progress: { agent: event.agent, activity: event.activity, detail: event.detail } };
    case "notice":
      return withBlock(turn, {
        kind: "notice",
        id: nextId(turn, "notice"),
        severity: event.severity,
        code: event.code,
        text: event.text,
        values: event.values ?? {},
      });
    case "passages":
      return withBlock(turn, {
        kind: "passages",
        id: nextId(turn, "passages"),
        agent: event.agent,
        query: event.query,
        how: event.how,
        passages: event.passages,
      });
    case "citation":
      return withMark(turn, event.blockId, { citations: [event.citation] });
    case "claim-doubt":
      return withMark(turn, event.blockId, { doubts: [event.doubt] });
    case "text-delta":
    case "text-end":
      return withText(turn, event);
    case "block-drop":
      return { ...turn, blocks: turn.blocks.filter((block) => block.id !== event.blockId) };
    case "model-call":
      return event.replayed === true ? turn : { ...turn, usage: addUsage(turn.usage, event) };
    case "turn-end":
      return endTurn(turn, event);
  }
}

/** Counts what is kept on disk only, so that replaying a session gives the same names. */
function nextId(turn: Turn, kind: "select" | "notice" | "passages"): string {
  return `${kind}-${turn.blocks.filter((block) => block.kind === kind).length}`;
}

/** Whether a block is still streaming: it is not kept on disk until it has ended. */
function isStreaming(block: Block): boolean {
  return block.kind === "text" ? !block.complete : block.kind === "cell" && block.phase === "writing";
}

/** Blocks that stand come first, in the order in which they ended, as they do on disk; those that stream follow. */
function withBlock(turn: Turn, block: Block): Turn {
  const known = turn.blocks.find((other) => other.id === block.id);
  if (known !== undefined && isStreaming(known) === isStreaming(block)) {
    const index = turn.blocks.findLastIndex((other) => other.id === block.id);
    return { ...turn, blocks: turn.blocks.with(index, block) };
  }

  const others = turn.blocks.filter((other) => other.id !== block.id);
  const streaming = isStreaming(block) ? -1 : others.findIndex(isStreaming);
  return { ...turn, blocks: others.toSpliced(streaming === -1 ? others.length : streaming, 0, block) };
}

function withText(turn: Turn, event: Extract<TurnEvent, { type: "text-delta" | "text-end" }>): Turn {
  const before = turn.blocks.find((block) => block.id === event.blockId);
  const said = before?.kind === "text" ? before.text : "";
  const block: TextBlock = {
    kind: "text",
    id: event.blockId,
    agent: event.agent,
    role: event.role,
    text: event.type === "text-end" ? event.text : said + event.text,
    complete: event.type === "text-end",
    citations: before?.kind === "text" ? before.citations : [],
    doubts: before?.kind === "text" ? before.doubts : [],
  };
  return withBlock(turn, block);
}

/** Keeps what a mark in a text means; the text that has it may not have begun. */
function withMark(turn: Turn, blockId: string, marks: Partial<Pick<TextBlock, "citations" | "doubts">>): Turn {
  const found = turn.blocks.find(({ id }) => id === blockId);
  const before: TextBlock = found?.kind === "text" ? found : { ...unsaid, id: blockId };
  return withBlock(turn, {
    ...before,
    citations: [...before.citations, ...(marks.citations ?? [])],
    doubts: [...before.doubts, ...(marks.doubts ?? [])],
  });
}

const unsaid: Omit<TextBlock, "id"> = {
  kind: "text",
  agent: "",
  role: "comment",
  text: "",
  complete: false,
  citations: [],
  doubts: [],
};

function addUsage(usage: Turn["usage"], event: Extract<TurnEvent, { type: "model-call" }>): Turn["usage"] {
  return {
    models: usage.models.includes(event.model) ? usage.models : [...usage.models, event.model],
    calls: usage.calls + 1,
    promptTokens: usage.promptTokens + event.usage.promptTokens,
    completionTokens: usage.completionTokens + event.usage.completionTokens,
    estimated: usage.estimated || event.usage.estimated,
    modelMs: usage.modelMs + event.durationMs,
    byAgent: addAgentUsage(usage.byAgent, event),
  };
}

function addAgentUsage(
  byAgent: readonly AgentUsage[],
  { agent, model, usage, durationMs }: Extract<TurnEvent, { type: "model-call" }>,
): readonly AgentUsage[] {
  const index = byAgent.findIndex((line) => line.agent === agent && line.model === model);
  const before = byAgent[index];
  const line: AgentUsage = {
    agent,
    model,
    calls: (before?.calls ?? 0) + 1,
    promptTokens: (before?.promptTokens ?? 0) + usage.promptTokens,
    completionTokens: (before?.completionTokens ?? 0) + usage.completionTokens,
    estimated: (before?.estimated ?? false) || usage.estimated,
    modelMs: (before?.modelMs ?? 0) + durationMs,
  };
  return before === undefined ? [...byAgent, line] : byAgent.with(index, line);
}

/** A cell that had not ended when its turn did is closed with it; what was still being written goes. */
function endTurn(turn: Turn, event: Extract<TurnEvent, { type: "turn-end" }>): Turn {
  const blocks = turn.blocks
    .filter((block) => !isStreaming(block))
    .map((block): Block => {
      if (block.kind === "tool") {
        return closeToolCall(block);
      }

      const open = block.kind === "cell" && ["ready", "waiting", "running"].includes(block.phase);
      return open
        ? { ...block, packages: closeOffers(block.packages), phase: event.reason === "lost" ? "exited" : "interrupted" }
        : block;
    });
  return {
    ...turn,
    blocks,
    status: event.reason,
    progress: null,
    problem: event.problem,
    durationMs: event.durationMs,
  };
}

function reduceCellEvent(turn: Turn, event: CellEvent): Turn {
  const found = turn.blocks.find((block) => block.kind === "cell" && block.id === event.cellId);
  const before = found?.kind === "cell" ? found : emptyCell(event.cellId);
  const after = reduceCell(before, event);
  const pythonMs =
    event.type === "cell-end" && event.replayed !== true ? turn.pythonMs + event.durationMs : turn.pythonMs;
  return { ...withBlock(turn, after), pythonMs };
}

function reduceToolEvent(turn: Turn, event: ToolEvent): Turn {
  const found = turn.blocks.find((block) => block.kind === "tool" && block.id === event.callId);
  return withBlock(turn, reduceTool(found?.kind === "tool" ? found : emptyToolCall(event.callId), event));
}
