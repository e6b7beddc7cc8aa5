import { errorOf } from "../../agents/agent-process/error-of.ts";
import type { Message } from "../../agents/protocol/message.ts";
import type { Turn } from "../../agents/protocol/session-state.ts";
import { titleFromQuestion } from "../../agents/sessions/session-title.ts";
import type { OpenSession } from "../sessions/open-session.ts";
import type { SessionDesk } from "../sessions/session-desk.ts";

/**
 * Asks an agent in the session that is shown, after what is being answered there.
 *
 * @returns Its answer; `null` where it gave none.
 * @throws AgentError, or an Error named `AbortError` after a stop.
 */
export async function askAgent(
  desk: SessionDesk,
  asked: { readonly to: string; readonly content: string },
  signal: AbortSignal = new AbortController().signal,
): Promise<Message | null> {
  signal.throwIfAborted();
  const session = await desk.current(titleFromQuestion(asked.content));
  await idle(desk, session, signal);
  const stop = (): void => void session.analysis.stop();
  signal.addEventListener("abort", stop, { once: true });
  try {
    const turn = await session.analysis.ask(asked.content, { agent: asked.to });
    signal.throwIfAborted();
    return answerOf(turn, asked.to);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** What `agent` answered in a turn. @throws AgentError with the turn's problem; an `AbortError` where it was stopped. */
export function answerOf(turn: Turn, agent: string): Message | null {
  if (turn.status === "cancelled" || turn.status === "lost") {
    throw new DOMException("The answer was stopped.", "AbortError");
  }
  if (turn.problem !== null) {
    throw errorOf(turn.problem);
  }
  return turn.messages.findLast(({ from, inReplyTo }) => from === agent && inReplyTo !== undefined) ?? null;
}

function idle(desk: SessionDesk, session: OpenSession, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (!session.isRunning) {
      resolve();
      return;
    }
    const abort = (): void => {
      listening.dispose();
      reject(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)));
    };
    const listening = desk.onEvent(({ session: other, event }) => {
      if (other === session && event.type === "turn-end") {
        listening.dispose();
        signal.removeEventListener("abort", abort);
        // The session becomes free right after it has told.
        setTimeout(() => void idle(desk, session, signal).then(resolve, reject), 0);
      }
    });
    signal.addEventListener("abort", abort, { once: true });
  });
}
