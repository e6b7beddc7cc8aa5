import { appendFile, readFile, stat, truncate } from "node:fs/promises";
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
 * Takes a last line that was cut off by a kill off a session file, so that the next event starts on a line of its own.
 * Only for the process that holds the session's lock: the line may be one that another is writing.
 */
export async function mendSessionLog(path: string): Promise<void> {
  const bytes = await readFile(path);
  const end = bytes.lastIndexOf(0x0a) + 1;
  if (end < bytes.length) {
    await truncate(path, end);
  }
}

/** Reads a session file and leaves it as it is. Damaged lines are passed over and reported. */
export async function readSessionLog(path: string): Promise<LogReading> {
  const bytes = await readFile(path);
  const end = bytes.lastIndexOf(0x0a) + 1;
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
  #isScheduled = false;
  #failure: Error | undefined;
  /** Bytes of the file that hold whole events; what a failed write left beyond them is cut off before the next. */
  #sizeBytes: number | undefined;

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
    this.#schedule();
  }

  /**
   * Resolves when all events are in the file.
   *
   * @throws the error of the file system where some could not be written; the next event or flush tries them again.
   */
  async flush(): Promise<void> {
    if (this.#pending.length > 0) {
      this.#schedule();
    }

    await this.#writing;
    if (this.#failure !== undefined) {
      const failure = this.#failure;
      this.#failure = undefined;
      throw failure;
    }
  }

  #schedule(): void {
    if (!this.#isScheduled) {
      this.#isScheduled = true;
      this.#writing = this.#writing.then(() => this.#write());
    }
  }

  async #write(): Promise<void> {
    const lines = this.#pending;
    this.#pending = [];
    this.#isScheduled = false;
    try {
      const { size } = await stat(this.#path);
      this.#sizeBytes ??= size;
      if (size > this.#sizeBytes) {
        await truncate(this.#path, this.#sizeBytes);
      }

      const text = lines.join("");
      await appendFile(this.#path, text, "utf8");
      this.#sizeBytes += Buffer.byteLength(text);
      this.#failure = undefined;
    } catch (error) {
      this.#pending = [...lines, ...this.#pending];
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
