import type { PreparedChunk } from "../index/prepare-files.ts";
import type { QueryTerm } from "../../words/query-terms.ts";
import { stemOf, wordsAmong } from "../../words/terms.ts";

/** PostgreSQL refuses words of more bytes, and so much is no word that somebody looks for. */
const mostWordBytes = 2000;
const mostWordUnits = 600;
/** More of a word in one passage hardly says more. */
const mostCounted = 4;

/**
 * The words of a passage with its path and heading as PostgreSQL reads a `tsvector`: stems and pairs of characters as in
 * the index on this machine. A word that comes more than once has as many positions, which are no places: the order of
 * the results is decided by the text itself.
 */
export function lexemesOf({ text, textWords, placeWords }: PreparedChunk): string {
  const counts = new Map<string, number>();
  for (const part of [textWords ?? text, placeWords]) {
    for (const word of wordsAmong(part)) {
      const stem = stemOf(word);
      counts.set(stem, (counts.get(stem) ?? 0) + 1);
    }
  }
  let lexemes = "";
  for (const [word, count] of counts) {
    if (word.length < mostWordUnits || Buffer.byteLength(word) < mostWordBytes) {
      lexemes += `'${word}'${positions[Math.min(count, mostCounted)] ?? ""} `;
    }
  }
  return lexemes;
}

const positions = ["", "", ":1,2", ":1,2,3", ":1,2,3,4"];

/** A term as PostgreSQL reads a `tsquery`; a single character is looked for at the beginning of pairs. */
export function lexemeQuery({ stem, match }: QueryTerm): string {
  return match.endsWith("*") ? `'${stem}':*` : `'${stem}'`;
}
