import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConversationMemory } from "../memory/conversation-memory.ts";
import { type KeptTexts, MemoryFolder } from "../memory/memory-folder.ts";
import { type SessionsReading, readSessions } from "../memory/read-sessions.ts";
import type { CellOutput } from "../protocol/cell-output.ts";
import type { SessionEvent } from "../protocol/session-event.ts";
import { maskKeys } from "../retrieval/parse/mask-keys.ts";
import { createPassageIndex } from "../retrieval/passage-index.ts";
import { SessionStore } from "../sessions/session-store.ts";

/** A question of a session that was held before. */
export interface PastTurn {
  readonly question: string;
  readonly answer: string;
  /** Milliseconds since the epoch; 2026-11-20 where left out. */
  readonly at?: number;
  /** The turn that it replaces. */
  readonly replaces?: string;
  readonly agent?: string;
  readonly unremembered?: true;
  /** What code showed for it. */
  readonly outputs?: readonly CellOutput[];
}

/** Sessions on disk, and the memory of them. */
export interface MemoryFixture {
  readonly store: SessionStore;
  /** Absolute path of what everything lies in. */
  readonly folder: string;
  readonly memory: ConversationMemory;
  isOn: boolean;
  /** Another memory of the same folder, as another window has it. */
  readonly openMemory: () => ConversationMemory;
  /** Holds a conversation. @returns The ids of the session and of its turns. */
  readonly hold: (title: string, ...turns: readonly PastTurn[]) => Promise<HeldSession>;
  /** Goes on with one. @returns The ids of its new turns. */
  readonly goOn: (sessionId: string, ...turns: readonly PastTurn[]) => Promise<readonly string[]>;
  readonly append: (sessionId: string, ...events: readonly SessionEvent[]) => Promise<void>;
  /** Every byte that is kept of what is remembered, as Latin letters. */
  readonly bytes: () => string;
  readonly dispose: () => Promise<void>;
}

export interface HeldSession {
  readonly sessionId: string;
  readonly turnIds: readonly string[];
}

const november20 = Date.UTC(2026, 10, 20, 12);

/** Makes a folder for sessions and memory. @param sessions another folder that holds the sessions */
export function createMemoryFixture(sessions?: string): MemoryFixture {
  const folder = mkdtempSync(join(tmpdir(), "byzer-memory-"));
  const kept = sessions ?? join(folder, "sessions");
  const path = join(folder, "memory");
  const store = new SessionStore(kept);
  const indexes = new Set<ReturnType<typeof createPassageIndex>>();
  const openMemory = (): ConversationMemory => {
    const index = createPassageIndex({ folder: new MemoryFolder(path).index });
    indexes.add(index);
    return new ConversationMemory({ folder: path, sessions: kept, isOn: () => fixture.isOn, index, read });
  };
  const append: MemoryFixture["append"] = async (sessionId, ...events) => {
    const session = await store.open(sessionId);
    events.forEach((event) => session.log.append(event));
    await session.close();
  };
  const goOn: MemoryFixture["goOn"] = async (sessionId, ...turns) => {
    const ids = turns.map(() => crypto.randomUUID());
    await append(sessionId, ...turns.flatMap((turn, index) => eventsOf(ids[index] ?? "", turn)));
    return ids;
  };
  const fixture = {
    store,
    folder,
    isOn: true,
    openMemory,
    append,
    goOn,
    hold: async (title: string, ...turns: readonly PastTurn[]) => {
      const session = await store.create(title);
      await session.close();
      return { sessionId: session.log.id, turnIds: await goOn(session.log.id, ...turns) };
    },
    bytes: () => bytesBelow(path),
    dispose: async () => {
      await Promise.all([...indexes].map((index) => index.dispose()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return Object.assign(fixture, { memory: openMemory() });
}

async function read(reading: SessionsReading): Promise<KeptTexts> {
  return await readSessions(reading, (text) => maskKeys(text).text);
}

function eventsOf(turnId: string, turn: PastTurn): readonly SessionEvent[] {
  const { question, answer, at = november20, replaces = null, agent = null, unremembered, outputs = [] } = turn;
  const cell = { at, turnId, cellId: `cell-${turnId}` };
  const text = { type: "text-end", at, turnId, blockId: `text-${turnId}`, role: "answer", text: answer } as const;
  const start: SessionEvent = { type: "cell-start", ...cell, ...codeOf() };
  const outputEvent = (output: CellOutput): SessionEvent => ({ type: "cell-output", ...cell, output });
  const end: SessionEvent = { type: "cell-end", ...cell, status: "ok", durationMs: 1 };
  return [
    {
      type: "turn-start",
      at,
      turnId,
      question,
      agent,
      replaces,
      ...(unremembered === undefined ? {} : { unremembered }),
    },
    ...(outputs.length === 0 ? [] : [start, ...outputs.map(outputEvent), end]),
    { ...text, agent: agent ?? "assistant_agent" },
    { type: "turn-end", at, turnId, reason: "done", problem: null, durationMs: 1 },
  ];
}

function codeOf() {
  return { number: 1, agent: "assistant_agent", code: "df", repair: 0, effects: [] };
}

function bytesBelow(folder: string): string {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true, encoding: "utf8" });
  return found
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => statSync(path).isFile())
    .map((path) => `${path}\n${readFileSync(path).toString("latin1")}`)
    .join("\n");
}
