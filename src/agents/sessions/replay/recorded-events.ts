import type { RunEvent } from "../../core/run.ts";
import type { Message } from "../../protocol/message.ts";

/** A text of the run that is shown with other words. */
export interface ChangedText {
  readonly blockId: string;
  readonly text: string;
}

export interface RecordedEventsParts {
  readonly events: readonly RunEvent[];
  /** Shows an event in the new run. */
  readonly emit: (event: RunEvent) => void;
  readonly changedText: ChangedText | null;
}

/**
 * What an earlier run showed, shown again in its order: as far as the new run has come. What agents that work once more would
 * show a second time is left out.
 */
export class RecordedEvents {
  readonly #parts: RecordedEventsParts;
  /** Events that were shown, or are not to be. */
  readonly #done = new Set<number>();
  /** Events that whoever works once more has come by, or that nobody will. */
  readonly #met = new Set<number>();
  /** Ids of the new run for those of the earlier one. */
  readonly #messageIds = new Map<string, string>();
  /** Ids of the earlier run for those that agents which work once more have made up. */
  readonly #placeIds = new Map<string, string>();
  readonly #byWords = new Map<string, number[]>();
  #next = 0;

  constructor(parts: RecordedEventsParts) {
    this.#parts = parts;
    const first = parts.events.findIndex(({ type }) => type === "message");
    for (const [index, event] of parts.events.entries()) {
      if (isOfTheRunItself(event, index < first)) {
        this.#done.add(index);
        this.#met.add(index);
        continue;
      }

      const words = wordsOf(event);
      this.#byWords.set(words, [...(this.#byWords.get(words) ?? []), index]);
    }
  }

  /** To be called with the id that a message of the earlier run has in the new one. */
  name(recorded: Message, id: string): void {
    this.#messageIds.set(recorded.id, id);
  }

  /** A message of the earlier run as it is in the new one. */
  message(recorded: Message): Message {
    const { inReplyTo } = recorded;
    return {
      ...recorded,
      id: this.#messageId(recorded.id),
      ...(inReplyTo === undefined ? {} : { inReplyTo: this.#messageId(inReplyTo) }),
    };
  }

  /** Shows everything up to a place. */
  showUpTo(place: number): void {
    for (; this.#next <= place && this.#next < this.#parts.events.length; this.#next += 1) {
      const event = this.#parts.events[this.#next];
      if (event !== undefined && !this.#done.has(this.#next)) {
        this.#done.add(this.#next);
        this.#show(event);
      }
    }
  }

  /** Whether everything up to a place has been shown. */
  isShown(place: number): boolean {
    return place < this.#next;
  }

  /** Nobody will come by the events between two places, apart from those of agents that `isAway` names. */
  pass(from: number, to: number, isAway: (agent: string) => boolean): void {
    for (let index = from; index <= to; index += 1) {
      const event = this.#parts.events[index];
      if (event !== undefined && !isAway(agentOf(event))) {
        this.#met.add(index);
      }
    }
  }

  /** An agent that works once more shows something before place `end`. @returns Whether it was in the log. */
  meet(event: RunEvent, end: number): boolean {
    const places = this.#byWords.get(wordsOf(event)) ?? [];
    const index = places.find((place) => place < end && !this.#met.has(place));
    const recorded = index === undefined ? undefined : this.#parts.events[index];
    if (index === undefined || recorded === undefined) {
      return false;
    }

    this.#met.add(index);
    if (event.type === "tool-call" && recorded.type === "tool-call" && event.input !== recorded.input) {
      // The changed words are what the tool is called with.
      this.showUpTo(index - 1);
      this.#done.add(index);
      return false;
    }

    const [id, before] = [placeIdOf(event), placeIdOf(recorded)];
    if (id !== undefined && before !== undefined) {
      this.#placeIds.set(id, before);
    }

    this.showUpTo(index);
    return true;
  }

  /** An event with the ids under which the page knows what it goes on with. */
  placed(event: RunEvent): RunEvent {
    const id = placeIdOf(event);
    const known = id === undefined ? undefined : this.#placeIds.get(id);
    if (known === undefined) {
      return event;
    }

    return "callId" in event ? { ...event, callId: known } : "blockId" in event ? { ...event, blockId: known } : event;
  }

  #messageId(id: string): string {
    const known = this.#messageIds.get(id) ?? crypto.randomUUID();
    this.#messageIds.set(id, known);
    return known;
  }

  #show(event: RunEvent): void {
    const { emit, changedText } = this.#parts;
    if (event.type === "message") {
      emit({ ...event, message: this.message(event.message), replayed: true });
    } else if (event.type === "message-failed") {
      emit({ ...event, messageId: this.#messageId(event.messageId), replayed: true });
    } else if (event.type === "text-end" && event.blockId === changedText?.blockId) {
      emit({ ...event, text: changedText.text });
    } else if (event.type !== "replay-end") {
      emit({ ...event, replayed: true });
    }
  }
}

/** What the session says before anybody speaks is said anew, and what a replay says of itself is not of the run. */
function isOfTheRunItself(event: RunEvent, isBefore: boolean): boolean {
  return event.type === "replay-end" || (event.type === "notice" && (isBefore || event.code.startsWith("replay-")));
}

/** What makes two events of two runs the same. */
function wordsOf(event: RunEvent): string {
  switch (event.type) {
    case "message": {
      const { from, to, content, inReplyTo } = event.message;
      return JSON.stringify(["message", from, to, content, inReplyTo !== undefined]);
    }
    case "agent-select":
      return JSON.stringify([event.type, event.agent]);
    case "tool-call":
      return JSON.stringify([event.type, event.agent, event.tool]);
    case "cell-start":
      return JSON.stringify([event.type, event.agent, event.code]);
    case "cell-end":
    case "tool-end": {
      const { durationMs: _durationMs, ...rest } = event;
      return withoutPlace(rest);
    }
    default:
      return withoutPlace(event);
  }
}

/** Keys in one order: what was read from disk has them in another. */
function withoutPlace(event: object): string {
  return JSON.stringify(event, (key: string, value: unknown) =>
    placeKeys.has(key)
      ? undefined
      : typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
        : value,
  );
}

const placeKeys: ReadonlySet<string> = new Set(["blockId", "cellId", "callId", "messageId", "replayed"]);

function placeIdOf(event: RunEvent): string | undefined {
  return "callId" in event ? event.callId : "blockId" in event ? event.blockId : undefined;
}

function agentOf(event: RunEvent): string {
  return "agent" in event ? event.agent : event.type === "message" ? event.message.from : "";
}
