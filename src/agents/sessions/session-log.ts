import { appendFile, readFile, truncate } from "node:fs/promises";
import { messageOf } from "../base/errors.ts";
import { type SessionEvent, isTransient, sessionEventSchema } from "../protocol/session-event.ts";
import { type Session, emptySession, reduceSession } from "../protocol/session-state.ts";

/** The file of events inside a session's folder. */
export const eventsFile = "events.jsonl";

/** What was found when a session file was read. */
export interface LogReading {
  readonly events: readonly SessionEvent[];
  /** Lines that are no events: 1-based numbers. The last line is not among them when it was merely cut off. */
  readonly damagedLines: readonly number[];
}

/**
 * Reads a session file. A last line that was cut off by a kill is taken off the file, so that the next event starts on
 * a line of its own; other damaged lines are passed over and reported.
 */
export async function readSessionLog(path: string): Promise<LogReading> {
  const bytes = await readFile(path);
  const end = bytes.lastIndexOf(0x0a) + 1;
  if (end < bytes.length) {
    await truncate(path, end);
  }

  const events: SessionEvent[] = [];
  const damagedLines: number[] = [];
  const lines = bytes.subarray(0, end).toString("utf8").split("\n").slice(0, -1);
  for (const [index, line] of lines.entries()) {
    const parsed = sessionEventSchema.safeParse(parseJson(line));
    if (parsed.success) {
      events.push(parsed.data);
    } else {
      damagedLines.push(index + 1);
    }
  }

  return { events, damagedLines };
}

/** An open session: its events so far, their fold, and the file that grows with them. */
export class SessionLog {
  readonly id: string;
  /** Absolute path of the session's folder; pictures and whole outputs are in its `output`. */
  readonly folder: string;
  readonly #path: string;
  readonly #events: SessionEvent[];
  #state: Session;
  #pending: string[] = [];
  #writing: Promise<void> = Promise.resolve();
  #failure: Error | undefined;

  constructor(options: {
    readonly id: string;
    readonly folder: string;
    readonly path: string;
    readonly events: readonly SessionEvent[];
  }) {
    this.id = options.id;
    this.folder = options.folder;
    this.#path = options.path;
    this.#events = [...options.events];
    this.#state = options.events.reduce(reduceSession, emptySession);
  }

  /** Events that are kept, oldest first; pieces of streams are not among them. */
  get events(): readonly SessionEvent[] {
    return this.#events;
  }

  /** The fold of everything so far, pieces of streams included. */
  get state(): Session {
    return this.#state;
  }

  /** Adds an event to the fold at once and to the file soon, in order. */
  append(event: SessionEvent): void {
    this.#state = reduceSession(this.#state, event);
    if (isTransient(event)) {
      return;
    }

    this.#events.push(event);
    this.#pending.push(`${JSON.stringify(event)}\n`);
    if (this.#pending.length === 1) {
      this.#writing = this.#writing.then(() => this.#write());
    }
  }

  /** Resolves when all events are in the file. @throws the error of the file system, where one could not be written. */
  async flush(): Promise<void> {
    await this.#writing;
    if (this.#failure !== undefined) {
      const failure = this.#failure;
      this.#failure = undefined;
      throw failure;
    }
  }

  async #write(): Promise<void> {
    const lines = this.#pending;
    this.#pending = [];
    try {
      await appendFile(this.#path, lines.join(""), "utf8");
    } catch (error) {
      this.#failure = new Error(messageOf(error), { cause: error });
    }
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
