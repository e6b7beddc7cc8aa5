import type { SessionEvent } from "./session-event.ts";
import type { ToolBlock } from "./session-state.ts";

/** An event of one call of a tool. */
export type ToolEvent = Extract<SessionEvent, { readonly callId: string }>;

/** A call of which nothing is known but its id. */
export function emptyToolCall(id: string): ToolBlock {
  return {
    kind: "tool",
    id,
    agent: "",
    tool: "",
    origin: "",
    input: "",
    phase: "running",
    approval: null,
    text: "",
    durationMs: 0,
  };
}

/** Folds one event into its call. Pure. */
export function reduceTool(block: ToolBlock, event: ToolEvent): ToolBlock {
  switch (event.type) {
    case "tool-call": {
      const { agent, tool, origin, input } = event;
      return { ...block, agent, tool, origin, input };
    }
    case "tool-approval-request":
      return { ...block, phase: "waiting" };
    case "tool-approval-answer": {
      const { decision, how } = event;
      return { ...block, approval: { decision, how }, phase: decision === "deny" ? "denied" : "running" };
    }
    case "tool-end": {
      const { failed, text, durationMs } = event;
      return { ...block, text, durationMs, phase: block.phase === "denied" ? "denied" : failed ? "failed" : "ok" };
    }
  }
}

/** A call that had not ended when its turn did. */
export function closeToolCall(block: ToolBlock): ToolBlock {
  return block.phase === "running" || block.phase === "waiting" ? { ...block, phase: "stopped" } : block;
}
