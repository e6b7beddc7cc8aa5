import type { SourceScope } from "../asking/source-scope.ts";
import type { NamedPassage } from "../asking/passage-shelf.ts";
import type { PassageIndex } from "../ports/passage-index.ts";
import type { SessionEvent } from "../protocol/session-event.ts";

/** Earlier conversations of a workspace, as a session answers from them. */
export interface SessionMemory {
  /** Whether conversations are remembered and may be asked about. */
  readonly isOn: boolean;
  /** Whether anything is remembered, or may be once it is brought up to date. Quick: it reads no session. */
  holdsAnything(): Promise<boolean>;
  /**
   * Brings what is remembered up to date. To be awaited before a search.
   *
   * @throws AgentError `index.*`
   */
  ready(signal: AbortSignal): Promise<void>;
  readonly index: PassageIndex;
  /** Where in the index conversations are; none while nothing is remembered. */
  scopes(): readonly SourceScope[];
  /** What a passage is shown as, and the turn that it is of. @param path in the index */
  nameOf(path: string): Pick<NamedPassage, "name" | "turn">;
}

/** An event as it is kept while memory is off: what is asked then is never remembered. */
export function withoutMemory(event: SessionEvent): SessionEvent {
  return event.type === "turn-start" ? { ...event, unremembered: true } : event;
}
