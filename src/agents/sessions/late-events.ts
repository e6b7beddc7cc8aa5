import type { Message } from "../protocol/message.ts";
import type { Problem } from "../protocol/problem.ts";
import type { SessionEvent } from "../protocol/session-event.ts";
import type { Turn } from "../protocol/session-state.ts";

/** What came of a message after the window had closed in which it was sent. */
export interface LateReply {
  /** The message that is answered. */
  readonly message: Message;
  readonly reply: Message | null;
  readonly problem: Problem | null;
}

/**
 * What happens in a turn to which an answer comes late: it is said and shown, and a turn that was lost with its window has
 * ended as it should.
 *
 * @param at Milliseconds since 1970.
 */
export function lateEvents(turn: Turn, { message, reply, problem }: LateReply, at: number): readonly SessionEvent[] {
  const place = { at, turnId: turn.id };
  const agent = message.to;
  const end = turn.status === "lost" ? [endOf(turn, problem, at)] : [];
  const notice = { type: "notice", ...place, severity: "info", values: { agent } } as const;
  if (problem !== null) {
    const failed: SessionEvent = { type: "message-failed", ...place, messageId: message.id, problem };
    const text = `${agent} went on after the window was closed, and failed.`;
    return [failed, { ...notice, code: "late-failure", text }, ...end];
  }
  if (reply === null) {
    return [{ ...notice, code: "no-answer", text: `${agent} has nothing to say to that.` }, ...end];
  }
  const text = `${agent} went on after the window was closed. This is its answer.`;
  const said: SessionEvent = {
    type: "text-end",
    ...place,
    blockId: `late-${reply.id}`,
    agent,
    role: "answer",
    text: reply.content,
  };
  return [{ type: "message", ...place, message: reply }, { ...notice, code: "late-answer", text }, said, ...end];
}

function endOf({ id, startedAt }: Turn, problem: Problem | null, at: number): SessionEvent {
  const reason = problem === null ? "done" : "failed";
  return { type: "turn-end", at, turnId: id, reason, problem, durationMs: at - startedAt };
}
