import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { AgentError, messageOf } from "../base/errors.ts";
import { type SessionSummary, sessionSummarySchema } from "../protocol/page.ts";
import { protocolVersion } from "../protocol/session-event.ts";
import { type Session, emptySession, reduceSession } from "../protocol/session-state.ts";
import { lockSession } from "./session-lock.ts";
import { type LogReading, SessionLog, eventsFile, mendSessionLog, readSessionLog } from "./session-log.ts";
import { type SessionEntry, matchesSearch, sessionEntry } from "./session-summary.ts";

const entrySchema = z.extend(sessionSummarySchema, { words: z.string(), eventsBytes: z.number() });
const entryFile = "summary.json";
const idPattern = /^[\w-]{8,64}$/;

/** A session that is open, and what closes it. */
export interface OpenSession {
  readonly log: SessionLog;
  /** 1-based lines of the session file that could not be read and were passed over. */
  readonly damagedLines: readonly number[];
  close(): Promise<void>;
}

/**
 * Sessions on disk: a folder each, with one append-only file of events. The summary beside it is a cache, made again
 * from the events where it is missing.
 */
export class SessionStore {
  readonly #folder: string;

  /** @param folder Absolute path, outside any workspace; made when first needed. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** All sessions, the latest first. */
  async list(): Promise<readonly SessionSummary[]> {
    return (await this.#entries()).map(summary);
  }

  /** Sessions in whose title, files, questions or answers every word of `text` stands; the latest first. */
  async search(text: string): Promise<readonly SessionSummary[]> {
    return (await this.#entries()).filter((entry) => matchesSearch(entry, text)).map(summary);
  }

  /** Starts a session. @throws AgentError `session.not-writable` where the folder cannot be made. */
  async create(title: string): Promise<OpenSession> {
    const id = crypto.randomUUID();
    const folder = join(this.#folder, id);
    await mkdir(join(folder, "output"), { recursive: true }).catch((error: unknown) => {
      const message = `The session cannot be kept in ${this.#folder} (${messageOf(error)}). Make that folder writable; on the command line, name another with --sessions.`;
      throw new AgentError("session.not-writable", { path: this.#folder }, message, error);
    });
    await writeFile(join(folder, eventsFile), "", { flag: "wx" });
    const session = this.#opened(id, { events: [], damagedLines: [] }, await lockSession(folder, id));
    session.log.append({ type: "session-start", at: Date.now(), sessionId: id, title, version: protocolVersion });
    return session;
  }

  /**
   * Opens a session; a turn that had not ended is marked as lost.
   *
   * @throws AgentError `session.unknown`, `session.elsewhere`, `session.damaged` where nothing of it can be read.
   */
  async open(sessionId: string): Promise<OpenSession> {
    const folder = this.#folderOf(sessionId);
    await stat(join(folder, eventsFile)).catch((error: unknown) => {
      throw new AgentError("session.unknown", { sessionId }, "That session is not there any more.", error);
    });
    const unlock = await lockSession(folder, sessionId);
    const reading = await readOwn(join(folder, eventsFile)).catch(async (error: unknown) => {
      await unlock();
      throw error;
    });
    await mkdir(join(folder, "output"), { recursive: true });
    const session = this.#opened(sessionId, reading, unlock);
    for (const turn of session.log.state.turns.filter(({ status }) => status === "running")) {
      const at = Date.now();
      session.log.append({ type: "turn-end", at, turnId: turn.id, reason: "lost", problem: null, durationMs: 0 });
    }

    return session;
  }

  /** Renames a session that is not open here. @throws AgentError `session.unknown`, `session.elsewhere`. */
  async rename(sessionId: string, title: string): Promise<void> {
    const session = await this.open(sessionId);
    session.log.append({ type: "session-rename", at: Date.now(), title });
    await session.close();
  }

  /** Has a session that is not open here remembered from now on, or not. @throws AgentError `session.unknown`, `session.elsewhere`. */
  async remember(sessionId: string, remembered: boolean): Promise<void> {
    const session = await this.open(sessionId);
    session.log.append({ type: "session-remember", at: Date.now(), remembered });
    await session.close();
  }

  /** The Python on a cluster that a session has which is not open here, if it has one. */
  async kernelOf(sessionId: string): Promise<Session["kernel"]> {
    const reading = await readSessionLog(join(this.#folderOf(sessionId), eventsFile)).catch(() => undefined);
    return reading?.events.reduce(reduceSession, emptySession).kernel;
  }

  /** Deletes a session with all that belongs to it; one that is gone already is no failure. @throws AgentError `session.elsewhere`. */
  async delete(sessionId: string): Promise<void> {
    const folder = this.#folderOf(sessionId);
    if (await isMissing(folder)) {
      return;
    }

    await lockSession(folder, sessionId);
    await rm(folder, { recursive: true, force: true });
  }

  #opened(id: string, { events, damagedLines }: LogReading, unlock: () => Promise<void>): OpenSession {
    const folder = this.#folderOf(id);
    const log = new SessionLog({ id, folder, path: join(folder, eventsFile), events });
    const close = async () => {
      try {
        await this.refresh(log);
      } finally {
        await unlock();
      }
    };
    return { log, damagedLines, close };
  }

  /** Writes what the list shows of an open session; to be called when a turn ends or the title changes. */
  async refresh(log: SessionLog): Promise<void> {
    await log.flush();
    const { size } = await stat(join(log.folder, eventsFile));
    await writeEntry(log.folder, sessionEntry(log.events, size));
  }

  #folderOf(sessionId: string): string {
    if (!idPattern.test(sessionId)) {
      throw new AgentError("session.unknown", { sessionId }, "That is not the name of a session.");
    }

    return join(this.#folder, sessionId);
  }

  async #entries(): Promise<readonly SessionEntry[]> {
    const names = await readdir(this.#folder).catch(() => []);
    const entries = await Promise.all(
      names.filter((name) => idPattern.test(name)).map((name) => readEntry(join(this.#folder, name))),
    );
    return entries.filter((entry) => entry !== undefined).toSorted((a, b) => b.updatedAt - a.updatedAt);
  }
}

/** Reads the file of a session that this process has locked. */
async function readOwn(path: string): Promise<LogReading> {
  await mendSessionLog(path);
  const reading = await readSessionLog(path);
  if (reading.events[0]?.type !== "session-start") {
    throw new AgentError(
      "session.damaged",
      { path, line: 1 },
      `The session file ${path} cannot be read from its first line on. Delete the session, or restore the file.`,
    );
  }

  return reading;
}

async function isMissing(folder: string): Promise<boolean> {
  return (await stat(folder).catch(() => undefined)) === undefined;
}

function summary({ id, title, files, updatedAt, turns }: SessionEntry): SessionSummary {
  return { id, title, files, updatedAt, turns };
}

/** The cached entry, or one made from the events where there is none or the events are newer. */
async function readEntry(folder: string): Promise<SessionEntry | undefined> {
  const path = join(folder, eventsFile);
  try {
    const { size } = await stat(path);
    const cached = await readCached(join(folder, entryFile));
    if (cached?.eventsBytes === size) {
      return cached;
    }

    const { events } = await readSessionLog(path);
    return events.length === 0 ? undefined : sessionEntry(events, size);
  } catch {
    return undefined;
  }
}

async function readCached(path: string): Promise<SessionEntry | undefined> {
  try {
    return entrySchema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch {
    return undefined;
  }
}

async function writeEntry(folder: string, entry: SessionEntry): Promise<void> {
  const path = join(folder, entryFile);
  // Two may be written at a time, as when a session is closed right after it has changed.
  const written = `${path}.${crypto.randomUUID()}`;
  await writeFile(written, JSON.stringify(entry));
  await rename(written, path);
}
