import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { emptySession, reduceSession } from "../protocol/session-state.ts";
import { eventsFile, readSessionLog } from "../sessions/session-log.ts";
import { type KeptTexts, MemoryFolder, isSessionId, stampOf } from "./memory-folder.ts";
import { turnText } from "./turn-text.ts";

/** Which sessions are read, and where what is remembered of them is kept. */
export interface SessionsReading {
  /** Absolute path of the folder that holds the sessions of a workspace. */
  readonly sessions: string;
  /** Absolute path of the folder in which they are remembered. */
  readonly memory: string;
  /** Only these; `null` for all, those that are gone included. */
  readonly only: readonly string[] | null;
}

/**
 * Brings the texts of what is remembered up to date with the sessions on disk; sessions that have not changed since are
 * not read. May be run by several processes at once.
 *
 * @param mask Takes keys out of a text.
 */
export async function readSessions(
  { sessions, memory, only }: SessionsReading,
  mask: (text: string) => string,
): Promise<KeptTexts> {
  const folder = new MemoryFolder(memory);
  const ids = only ?? (await allSessions(sessions, folder));
  const changed: string[] = [];
  const gone: string[] = [];
  for (const id of ids) {
    // oxlint-disable-next-line no-await-in-loop -- a session may be large
    const kept = await readOne({ sessions, folder, mask }, id);
    changed.push(...kept.changed);
    gone.push(...kept.gone);
  }

  return { changed, gone };
}

async function allSessions(sessions: string, folder: MemoryFolder): Promise<readonly string[]> {
  const found = await readdir(sessions, { withFileTypes: true }).catch(() => []);
  const there = found.filter((entry) => entry.isDirectory() && isSessionId(entry.name));
  return [...new Set([...there.map(({ name }) => name), ...(await folder.sessions())])];
}

interface Place {
  readonly sessions: string;
  readonly folder: MemoryFolder;
  readonly mask: (text: string) => string;
}

async function readOne(place: Place, id: string): Promise<KeptTexts> {
  const { sessions, folder } = place;
  const path = join(sessions, id, eventsFile);
  const stamp = await stampNow(path, folder);
  const changed: string[] = [];
  const gone: string[] = [];
  if (stamp !== null && (await folder.seen(id))?.stamp === stamp) {
    return { changed, gone };
  }

  // Another process may forget the session while it is read here: what came of that is put right.
  for (let read = stamp; ;) {
    // oxlint-disable-next-line no-await-in-loop
    const kept = read === null ? await folder.drop(id) : await keepSession(place, id, read);
    changed.push(...kept.changed);
    gone.push(...kept.gone);
    // oxlint-disable-next-line no-await-in-loop
    const after = await stampNow(path, folder);
    if (after === read) {
      return { changed, gone };
    }

    read = after;
  }
}

/** How a session's file and what is forgotten stand; `null` where there is no such session. */
async function stampNow(path: string, folder: MemoryFolder): Promise<string | null> {
  const size = await stampOf(path);
  return size === null ? null : `${size} ${await folder.forgottenBefore()}`;
}

async function keepSession({ sessions, folder, mask }: Place, id: string, stamp: string): Promise<KeptTexts> {
  const before = await folder.forgottenBefore();
  const { events } = await readSessionLog(join(sessions, id, eventsFile));
  const session = events.reduce(reduceSession, emptySession);
  const turns = session.unremembered === true ? [] : session.turns.filter(({ startedAt }) => startedAt >= before);
  const texts = new Map(
    turns.flatMap((turn): readonly (readonly [string, string])[] => {
      const text = turnText(turn, session);
      return text === null ? [] : [[turn.id, mask(text)]];
    }),
  );
  const kept = await folder.keep(id, texts);
  const began = Object.fromEntries(
    turns.filter(({ id: turn }) => texts.has(turn)).map((turn) => [turn.id, turn.startedAt]),
  );
  // Nothing is known of a session of which nothing is remembered, but that it was read.
  const title = texts.size === 0 ? "" : session.title;
  await folder.setSeen(id, { title, stamp, turns: began });
  return kept;
}
