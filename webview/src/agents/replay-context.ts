import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Turn } from "../../../src/agents/protocol/session-state.ts";

/** Words that are being put in the place of a message's own. */
export interface MessageDraft {
  readonly messageId: string;
  readonly text: string;
}

/** The run that is looked at, and what of it can be changed. */
export interface ReplayContext {
  readonly run: Turn;
  /** Questions that would be replaced with that of the run; `null` where no message of it can be changed. */
  readonly later: number | null;
  readonly draft: MessageDraft | null;
  readonly onDraft: (draft: MessageDraft | null) => void;
  readonly onReplay: (draft: MessageDraft) => void;
}

export const RunReplayContext = createContext<ReplayContext | null>(null);

/** @throws when a component stands outside a run. */
export function useReplay(): ReplayContext {
  const replay = useContext(RunReplayContext);
  if (replay === null) {
    throw new Error("A message needs the run around it.");
  }

  return replay;
}
