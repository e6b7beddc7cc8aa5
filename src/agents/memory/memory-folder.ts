import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import type { RememberedTurn } from "../protocol/citation.ts";

const idPattern = /^[\w-]{8,64}$/u;
const seenSchema = z.object({ title: z.string(), stamp: z.string(), turns: z.record(z.string(), z.number()) });
/** What is known of a session: how it is called, how its file stood when it was read, and when its turns began. */
export type SeenSession = z.infer<typeof seenSchema>;
const forgottenSchema = z.object({ before: z.number() });

/**
 * The folder of one workspace in which conversations are remembered: a text file for each turn (`turns/SESSION/TURN.md`),
 * which is what is indexed; what is known of each session (`seen/SESSION.json`); and the index. Several processes may
 * change it at once: each file is whole at any moment.
 */
export class MemoryFolder {
  /** Absolute path. */
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** What is indexed. */
  get turns(): string {
    return join(this.path, "turns");
  }

  /** Where the index is kept. */
  get index(): string {
    return join(this.path, "index");
  }

  /** Sessions of which something is remembered or known. */
  async sessions(): Promise<readonly string[]> {
    const [turns, seen] = await Promise.all([names(this.turns), names(join(this.path, "seen"))]);
    const ids = [...turns, ...seen.map((name) => name.replace(/\.json$/u, ""))];
    return [...new Set(ids)].filter(isSessionId);
  }

  /** What is known of every session, by its id. */
  async allSeen(): Promise<ReadonlyMap<string, SeenSession>> {
    const ids = await this.sessions();
    const seen = await Promise.all(ids.map(async (id) => [id, await this.seen(id)] as const));
    return new Map(seen.flatMap(([id, found]) => (found === null ? [] : [[id, found]])));
  }

  /** Whether there is an index. */
  async isIndexed(): Promise<boolean> {
    return (await names(this.index)).length > 0;
  }

  /** Whether any turn is remembered. */
  async holdsAnything(): Promise<boolean> {
    return (await names(this.turns)).length > 0;
  }

  async seen(sessionId: string): Promise<SeenSession | null> {
    return await readJson(this.#seenPath(sessionId), seenSchema);
  }

  async setSeen(sessionId: string, seen: SeenSession): Promise<void> {
    await mkdir(join(this.path, "seen"), { recursive: true, mode: 0o700 });
    await writeWhole(this.#seenPath(sessionId), JSON.stringify(seen));
  }

  /** Turns that began before this moment are forgotten, in milliseconds since the epoch; 0 where none are. */
  async forgottenBefore(): Promise<number> {
    return (await readJson(join(this.path, "forgotten.json"), forgottenSchema))?.before ?? 0;
  }

  async forgetBefore(before: number): Promise<void> {
    await mkdir(this.path, { recursive: true, mode: 0o700 });
    await writeWhole(join(this.path, "forgotten.json"), JSON.stringify({ before }));
  }

  /**
   * Makes the texts of a session what they should be.
   *
   * @param texts By turn; none for a session that is not to be remembered.
   * @returns Paths below `turns` that have changed or gone.
   */
  async keep(sessionId: string, texts: ReadonlyMap<string, string>): Promise<KeptTexts> {
    const folder = join(this.turns, sessionId);
    const known = (await names(folder)).filter((name) => name.endsWith(".md")).map((name) => name.slice(0, -3));
    const gone = known.filter((turnId) => !texts.has(turnId));
    const changed: string[] = [];
    for (const [turnId, text] of texts) {
      const path = join(folder, `${turnId}.md`);
      // oxlint-disable-next-line no-await-in-loop -- small files, one after the other
      if (idPattern.test(turnId) && (!known.includes(turnId) || (await readFile(path, "utf8")) !== text)) {
        // oxlint-disable-next-line no-await-in-loop
        await mkdir(folder, { recursive: true, mode: 0o700 });
        // oxlint-disable-next-line no-await-in-loop
        await writeWhole(path, text);
        changed.push(`${sessionId}/${turnId}.md`);
      }
    }

    await Promise.all(gone.map((turnId) => rm(join(folder, `${turnId}.md`), { force: true })));
    if (texts.size === 0) {
      await rm(folder, { recursive: true, force: true });
    }

    return { changed, gone: gone.map((turnId) => `${sessionId}/${turnId}.md`) };
  }

  /** Keeps nothing of a session that is not there any more. @returns As {@link keep}. */
  async drop(sessionId: string): Promise<KeptTexts> {
    const kept = await this.keep(sessionId, new Map());
    await rm(this.#seenPath(sessionId), { force: true });
    return kept;
  }

  #seenPath(sessionId: string): string {
    return join(this.path, "seen", `${sessionId}.json`);
  }
}

/** Files that have changed, by path below `turns`. */
export interface KeptTexts {
  readonly changed: readonly string[];
  readonly gone: readonly string[];
}

/** Whether a name may be that of a session. */
export function isSessionId(name: string): boolean {
  return idPattern.test(name);
}

/** The turn that a path below `turns` is of; `null` for other paths. */
export function turnOfPath(path: string): RememberedTurn | null {
  const [, sessionId = "", turnId = ""] = /^([\w-]{8,64})\/([\w-]{8,64})\.md$/u.exec(path) ?? [];
  return sessionId === "" ? null : { sessionId, turnId };
}

/** How a session's file stands; `null` where there is none. */
export async function stampOf(eventsFile: string): Promise<string | null> {
  const found = await stat(eventsFile).catch(() => null);
  return found === null ? null : `${found.size}`;
}

async function names(folder: string): Promise<readonly string[]> {
  return await readdir(folder).catch(() => []);
}

async function readJson<T>(path: string, schema: z.ZodMiniType<T>): Promise<T | null> {
  try {
    return schema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch {
    return null;
  }
}

/** Written aside and moved into place. */
async function writeWhole(path: string, text: string): Promise<void> {
  const aside = `${path}.${crypto.randomUUID()}.new`;
  await writeFile(aside, text, { mode: 0o600 });
  await rename(aside, path);
}
