import type { QueryTerm } from "../../words/query-terms.ts";

/** PostgreSQL refuses words of more bytes, and so much is no word that somebody looks for. */
const mostWordBytes = 2000;
const mostWordUnits = 600;

/**
 * The words of a passage with its path and heading as PostgreSQL reads a `tsvector`: stems and pairs of characters as in
 * the index on this machine. A word that comes more than once has as many positions, which are no places: the order of
 * the results is decided by the text itself.
 *
 * @param words parted by spaces
 */
export function lexemesOf(words: string): string {
  const counts = new Map<string, number>();
  for (const word of words.split(" ")) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  counts.delete("");
  let lexemes = "";
  for (const [word, count] of counts) {
    if (word.length < mostWordUnits || Buffer.byteLength(word) < mostWordBytes) {
      lexemes += `'${word}'${positions[count] ?? ""} `;
    }
  }
  return lexemes;
}

const positions = ["", "", ":1,2", ":1,2,3", ":1,2,3,4"];

/** A term as PostgreSQL reads a `tsquery`; a single character is looked for at the beginning of pairs. */
export function lexemeQuery({ stem, match }: QueryTerm): string {
  return match.endsWith("*") ? `'${stem}':*` : `'${stem}'`;
}
