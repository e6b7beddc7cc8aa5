import { readFileSync, readdirSync, statSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { AgentError } from "../base/errors.ts";
import type {
  IndexReport,
  IndexUpdateRequest,
  Passage,
  PassageIndex,
  PassageQuery,
  PassageScope,
} from "../ports/passage-index.ts";

/** An index in memory that remembers what it was asked. */
export interface MemoryPassageIndex extends PassageIndex {
  readonly updates: readonly IndexUpdateRequest[];
  readonly searches: readonly string[];
  /** Awaited within every update, after the first progress was told. */
  gate: Promise<unknown>;
  /** Whether updates say how far they are. */
  tellsProgress: boolean;
  /** Thrown by the next searches. */
  searchError: Error | null;
  /** Reasons to leave files out, by their names. */
  readonly leftOut: Map<string, string>;
}

interface StoredFile {
  readonly path: string;
  readonly passages: readonly Passage[];
}

/**
 * An index for tests: paragraphs are passages, and a search finds those that share words, or pairs of Chinese
 * characters, with the query.
 */
export function createMemoryPassageIndex(): MemoryPassageIndex {
  const stores = new Map<string, Map<string, StoredFile>>();
  const updates: IndexUpdateRequest[] = [];
  const searches: string[] = [];
  const storeOf = (root: string): Map<string, StoredFile> => {
    const store = stores.get(root) ?? new Map<string, StoredFile>();
    stores.set(root, store);
    return store;
  };
  const passagesIn = (root: string, within: readonly PassageScope[]): readonly Passage[] =>
    [...storeOf(root).values()]
      .toSorted((a, b) => (a.path < b.path ? -1 : 1))
      .flatMap(({ passages }) => passages)
      .filter((passage) => within.length === 0 || within.some((scope) => isWithin(passage, scope)));
  return {
    updates,
    searches,
    gate: Promise.resolve(),
    tellsProgress: true,
    searchError: null,
    leftOut: new Map(),
    async update(request, signal) {
      updates.push(request);
      const paths = filesOf(request);
      if (this.tellsProgress) {
        request.onProgress?.({ doneFiles: 0, ofFiles: paths.length });
      }

      await Promise.race([this.gate, aborted(signal)]);
      signal.throwIfAborted();
      const store = storeOf(request.root);
      const left = paths.filter((path) => this.leftOut.has(basename(path)));
      for (const path of paths) {
        const text = left.includes(path) ? "" : readFileSync(fullPath(request.root, path), "utf8");
        store.set(path, { path, passages: passagesOf(path, text) });
      }

      const leftOut = left.map((path) => ({ path, reason: this.leftOut.get(basename(path)) ?? "" }));
      return reportOf(request.root, [...store.values()], leftOut);
    },
    async search({ root, text, top, within = [] }: PassageQuery, signal) {
      searches.push(text);
      await Promise.resolve();
      signal.throwIfAborted();
      if (this.searchError !== null) {
        throw this.searchError;
      }

      const wanted = wordsOf(text);
      return passagesIn(root, within)
        .map((passage) => ({ ...passage, score: [...wordsOf(passage.text)].filter((word) => wanted.has(word)).length }))
        .filter(({ score }) => score > 0)
        .toSorted((a, b) => b.score - a.score)
        .slice(0, top);
    },
    async read({ root, within, mostCharacters, spread = Number.POSITIVE_INFINITY }) {
      const all = await Promise.resolve(passagesIn(root, within));
      let left = mostCharacters;
      const step = Math.ceil(all.length / spread) || 1;
      const passages = all.filter(({ text }, index) => index % step === 0 && (left -= text.length) >= 0);
      const characters = all.reduce((sum, { text }) => sum + text.length, 0);
      return { passages, count: all.length, characters, files: new Set(all.map(({ path }) => path)).size };
    },
    async status(root) {
      const report = await Promise.resolve(reportOf(root, [...storeOf(root).values()], []));
      return { ...report, embedded: 0, updating: false, updatedMs: null };
    },
    remove: (root) => Promise.resolve(void stores.delete(root)),
  };
}

function filesOf({ root, only }: IndexUpdateRequest): readonly string[] {
  if (!statSync(root, { throwIfNoEntry: false })) {
    throw new AgentError("index.not-found", { path: root }, `There is no ${root}.`);
  }

  const places = only ?? [""];
  return places.flatMap((place) => {
    const path = fullPath(root, place);
    if (!statSync(path).isDirectory()) {
      return [place === "" ? basename(root) : place];
    }

    return readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll("\\", "/"));
  });
}

function fullPath(root: string, path: string): string {
  return statSync(root).isDirectory() ? join(root, path) : root;
}

function passagesOf(path: string, text: string): readonly Passage[] {
  let place = "";
  return Array.from(text.matchAll(/(?:[^\n]|\n(?!\n))+/gu), ({ 0: found, index }): Passage => {
    const paragraph = found.trim();
    const before = text.slice(0, index + found.indexOf(paragraph));
    place = /^#+ (.*)$/mu.exec(paragraph)?.[1] ?? place;
    const start = Array.from(before).length;
    const startLine = before.split("\n").length;
    return {
      path,
      start,
      end: start + Array.from(paragraph).length,
      startLine,
      endLine: startLine + paragraph.split("\n").length - 1,
      page: null,
      place,
      score: 0,
      text: paragraph,
    };
  }).filter((passage) => passage.text !== "");
}

function wordsOf(text: string): ReadonlySet<string> {
  const words = text.toLowerCase().match(/[a-z0-9]{3,}/gu) ?? [];
  const pairs = Array.from(text.matchAll(/(?=(\p{Script=Han}{2}))/gu), ([, pair = ""]) => pair);
  return new Set([...words, ...pairs]);
}

function isWithin(passage: Passage, { path, lines }: PassageScope): boolean {
  const isThere = path === "" || passage.path === path || passage.path.startsWith(`${path}/`);
  return isThere && (lines === undefined || (passage.startLine <= lines.last && passage.endLine >= lines.first));
}

function reportOf(root: string, files: readonly StoredFile[], leftOut: IndexReport["leftOut"]): IndexReport {
  const texts = files.filter(({ passages }) => passages.length > 0);
  return {
    root,
    files: texts.length,
    passages: texts.reduce((sum, { passages }) => sum + passages.length, 0),
    added: 0,
    changed: 0,
    removed: 0,
    unchanged: 0,
    leftOut,
    leftOutFiles: leftOut.length,
    tooManyFiles: false,
    readBytes: 0,
    durationMs: 0,
    database: "memory",
    sizeBytes: 0,
  };
}

async function aborted(signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
