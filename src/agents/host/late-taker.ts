import type { LateAnswer } from "../remote-agents/remote-group.ts";
import type { AnalysisSession } from "../sessions/analysis-session.ts";
import { lateEvents } from "../sessions/late-events.ts";
import type { SessionStore } from "../sessions/session-store.ts";
import type { OwedToSpace } from "./kept-space.ts";

/** Puts answers that were owed to earlier commands into the turns they belong to. */
export interface LateTaker {
  readonly take: (owed: OwedToSpace, late: LateAnswer) => Promise<void>;
  /** Whether what the session tells now is of an earlier command. */
  readonly isTaking: boolean;
}

/** @param current The session of this command; others are opened for as long as it takes. */
export function lateTaker(store: SessionStore, current: () => AnalysisSession): LateTaker {
  let isTaking = false;
  return {
    get isTaking() {
      return isTaking;
    },
    take: async ({ message, sessionId, turnId }, { reply, problem }) => {
      const late = { message, reply, problem };
      const session = current();
      if (session.state.id === sessionId) {
        isTaking = true;
        session.takeLate(turnId, late);
        isTaking = false;
        return;
      }
      // A session that is gone, or open elsewhere, does without: the answer is said all the same.
      const other = await store.open(sessionId).catch(() => undefined);
      const turn = other?.log.state.turns.find(({ id }) => id === turnId);
      if (turn !== undefined) {
        lateEvents(turn, late, Date.now()).forEach((event) => other?.log.append(event));
      }
      await other?.close();
    },
  };
}
