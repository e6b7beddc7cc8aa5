import { AgentError } from "../../base/errors.ts";
import type { RunEvent } from "../../core/run.ts";
import { placeOfReplay } from "../../protocol/reduce-replay.ts";
import type { SessionEvent } from "../../protocol/session-event.ts";
import type { Session, Turn } from "../../protocol/session-state.ts";
import { type RecordedRun, readRecordedRun } from "./recorded-run.ts";

/** A question as it is asked. */
export interface TurnPlan {
  readonly question: string;
  /** The agent that is forced; `null` for none. */
  readonly agent: string | null;
  /** The turn in whose place it is asked; `null` for after all others. */
  readonly replaces: string | null;
  /** Why nobody is asked. */
  readonly refusal?: Error;
  /** The run that is played again up to a message. */
  readonly replay?: { readonly order: ReplayOrder; readonly recorded: RecordedRun };
}

/** One message of a run, and the words that take the place of its own. */
export interface ReplayOrder {
  readonly turnId: string;
  readonly messageId: string;
  readonly content: string;
}

/**
 * How a run is played again with one message changed. A question of the person that is changed is simply asked anew.
 *
 * @throws AgentError `replay.gone` where the message is gone, or the questions that came before its own.
 */
export function planReplay(state: Session, log: readonly SessionEvent[], order: ReplayOrder): TurnPlan {
  const { turnId, messageId, content } = order;
  const turn = [...state.turns, ...state.removed.flatMap(({ turns }) => turns)].find(({ id }) => id === turnId);
  const replaces = placeOfReplay(state, turnId);
  const recorded = readRecordedRun(eventsOf(log, turnId), messageId);
  if (turn === undefined || replaces === null || recorded === undefined) {
    throw new AgentError(
      "replay.gone",
      { messageId },
      "That message cannot be changed any more: it is gone, or the questions before it are.",
    );
  }

  const { agent } = turn;
  return recorded.part === "message" && isOwnQuestion(turn, recorded)
    ? { question: content.trim(), agent, replaces }
    : { question: turn.question, agent, replaces, replay: { order, recorded } };
}

function isOwnQuestion({ question }: Turn, { changed, roots }: RecordedRun): boolean {
  return changed === roots[0] && changed.message.content === question;
}

/** What happened in a turn, without where and when. */
function eventsOf(log: readonly SessionEvent[], turnId: string): readonly RunEvent[] {
  return log.flatMap((event) => {
    if (!("turnId" in event) || event.turnId !== turnId || event.type === "turn-start" || event.type === "turn-end") {
      return [];
    }

    const { at: _at, turnId: _turnId, ...rest } = event;
    return [rest];
  });
}
