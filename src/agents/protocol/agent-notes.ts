import type { Message } from "./message.ts";
import type { SessionEvent } from "./session-event.ts";
import type { Session, Turn } from "./session-state.ts";

/** A person's change of an agent's system message, for one session. */
export interface AgentEdit {
  readonly agent: string;
  /** `null`: back to its own. */
  readonly systemMessage: string | null;
}

/** A point up to which an agent knows nothing any more of a peer. */
export interface Forgetting {
  readonly agent: string;
  /** `null`: of everyone. */
  readonly peer: string | null;
  /** The last turn of the session at that moment, and how many of its messages are forgotten. */
  readonly turnId: string;
  readonly messages: number;
}

type Notes = Pick<Session, "agentEdits" | "forgotten" | "turns">;
type NoteEvent = Extract<SessionEvent, { readonly type: `agent-${"edit" | "forget"}` }>;

/** Folds a person's word about an agent into a session. Pure. */
export function reduceNotes<S extends Notes>(state: S, event: NoteEvent): S {
  if (event.type === "agent-edit") {
    const { agent, systemMessage } = event;
    return { ...state, agentEdits: [...state.agentEdits, { agent, systemMessage }] };
  }

  const last = state.turns.at(-1);
  if (last === undefined) {
    return state;
  }

  const { agent, peer } = event;
  const point: Forgetting = { agent, peer, turnId: last.id, messages: last.messages.length };
  return { ...state, forgotten: [...state.forgotten, point] };
}

/** What is still forgotten once only `kept` is left of the turns: all of them, where the point itself is gone. */
export function keepForgotten(forgotten: readonly Forgetting[], kept: readonly Turn[]): readonly Forgetting[] {
  const last = kept.at(-1);
  return forgotten.flatMap((point) => {
    if (kept.some(({ id }) => id === point.turnId)) {
      return [point];
    }

    return last === undefined ? [] : [{ ...point, turnId: last.id, messages: last.messages.length }];
  });
}

/** The system message that a person gave an agent in this session; `null` where it has its own. */
export function editedSystemMessage({ agentEdits }: Pick<Session, "agentEdits">, agent: string): string | null {
  return agentEdits.findLast((edit) => edit.agent === agent)?.systemMessage ?? null;
}

/** The system message before the last edit, which an undo brings back; `undefined` where there is nothing to undo. */
export function systemMessageBefore(
  { agentEdits }: Pick<Session, "agentEdits">,
  agent: string,
): string | null | undefined {
  const edits = agentEdits.filter((edit) => edit.agent === agent);
  return edits.length === 0 ? undefined : (edits.at(-2)?.systemMessage ?? null);
}

/**
 * Everything that `agent` exchanged with anyone in the turns that stand and has not forgotten, oldest first. Messages that
 * are silent are not in the session, so they are not here.
 */
export function rememberedMessages(session: Pick<Session, "turns" | "forgotten">, agent: string): readonly Message[] {
  const { turns, forgotten } = session;
  const points = forgotten
    .filter((point) => point.agent === agent)
    .map((point) => ({ ...point, turn: turns.findIndex(({ id }) => id === point.turnId) }));
  return turns.flatMap(({ messages }, turn) =>
    messages.filter(
      ({ from, to }, index) =>
        (from === agent || to === agent) &&
        !points.some(
          (point) =>
            (point.peer === null || point.peer === from || point.peer === to) &&
            (turn < point.turn || (turn === point.turn && index < point.messages)),
        ),
    ),
  );
}
