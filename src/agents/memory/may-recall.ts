import type { Session } from "../protocol/session-state.ts";
import { refersToEarlier } from "./refers-to-earlier.ts";
import type { SessionMemory } from "./session-memory.ts";

/**
 * Whether a question may be one about earlier conversations: they are remembered, and the session has nothing else that
 * could answer, or the question speaks of what was before.
 */
export async function mayRecall(
  memory: Pick<SessionMemory, "isOn" | "holdsAnything">,
  { files, sources }: Pick<Session, "files" | "sources">,
  question: string,
): Promise<boolean> {
  const isBare = files.length === 0 && sources.length === 0;
  return memory.isOn && (isBare || refersToEarlier(question)) && (await memory.holdsAnything());
}
