import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Passage } from "../ports/passage-index.ts";
import type { FoundTurn } from "../protocol/page.ts";
import { type MemoryFolder, type SeenSession, turnOfPath } from "./memory-folder.ts";

const excerptLength = 200;

export interface FoundTurnsParts {
  /** What was looked for. */
  readonly text: string;
  readonly folder: Pick<MemoryFolder, "turns">;
  readonly seen: ReadonlyMap<string, SeenSession>;
}

/** The turns that passages are of, each once, by its best passage. */
export async function foundTurns(
  passages: readonly Passage[],
  { text, folder, seen }: FoundTurnsParts,
): Promise<readonly FoundTurn[]> {
  const best = new Map<string, Passage>();
  passages.forEach((passage) => best.has(passage.path) || best.set(passage.path, passage));
  const found = await Promise.all(
    [...best.values()].map(async (passage): Promise<readonly FoundTurn[]> => {
      const turn = turnOfPath(passage.path);
      const written = await readFile(join(folder.turns, passage.path), "utf8").catch(() => null);
      // What was forgotten meanwhile is not shown.
      if (turn === null || written === null) {
        return [];
      }

      const { title = "", turns = {} } = seen.get(turn.sessionId) ?? {};
      const question = written.slice(2, Math.max(2, written.search(/\n|$/u)));
      return [{ ...turn, title, question, at: turns[turn.turnId] ?? null, excerpt: excerptOf(passage.text, text) }];
    }),
  );
  return found.flat();
}

/** The part of a passage in which most of the words looked for stand, without the question at its head. */
function excerptOf(passage: string, text: string): string {
  const lines = passage
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("# ") && !/^Asked on \d{4}-\d\d-\d\d\./u.test(line));
  const words = [...new Set(text.toLowerCase().match(/\p{Script=Han}|[\p{L}\p{N}]{2,}/gu))];
  const hits = (line: string): number => words.filter((word) => line.toLowerCase().includes(word)).length;
  const at = lines.reduce((found, line, index) => (hits(line) > hits(lines[found] ?? "") ? index : found), 0);
  const line = lines
    .slice(at)
    .join(" ")
    .replaceAll(/[*_`#|\s]+/gu, " ")
    .trim();
  const first = words.map((word) => line.toLowerCase().indexOf(word)).filter((place) => place >= 0);
  const from = Math.max(0, Math.min(...first, line.length) - excerptLength / 2);
  const start = first.length === 0 || from < excerptLength / 2 ? 0 : line.indexOf(" ", from) + 1;
  const shown = line.slice(start, start + excerptLength);
  return `${start > 0 ? "…" : ""}${shown}${start + excerptLength < line.length ? "…" : ""}`;
}
