/** A word, a number, a sign or a character of a script without spaces, as quotes are compared by. */
export interface QuoteToken {
  /** Lower case, full-width forms and marks of hyphenation undone. */
  readonly text: string;
  /** Letters as they are written. */
  readonly written: string;
  /** In UTF-16 units of the text it was read from. */
  readonly start: number;
  readonly end: number;
}

const spaceless = String.raw`[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]`;
const letters = String.raw`[[\p{L}\p{M}\u00ad]--${spaceless}]+`;
const word = String.raw`${letters}(?:['’_]${letters})*`;
const number = String.raw`\p{Nd}+(?:[.,．，]\p{Nd}+)*|\p{No}`;
const sign = String.raw`[=≤≥≠±%％]|!(?==)|<|(?<!^[^\S\n]*)>`;
const plain = new RegExp(`${spaceless}|${number}|${word}|${sign}`, "gmv");
const joining = new RegExp(String.raw`${spaceless}|${number}|${word}(?:-\r?\n[^\S\n]*${letters})?|${sign}`, "gmv");

const spacelessCharacter = new RegExp(`^${spaceless}$`, "v");

/** Whether a token is a character of a script that is written without spaces. */
export function isCharacter(text: string): boolean {
  return spacelessCharacter.test(text);
}

/**
 * The tokens of a text. White space, punctuation, quotation marks and the marks of Markdown are none.
 *
 * @param joinsLines A word that a line break cuts in two is one.
 */
export function quoteTokens(text: string, joinsLines = false): readonly QuoteToken[] {
  return Array.from(text.matchAll(joinsLines ? joining : plain), ({ 0: found, index }) => ({
    text: plainToken(found),
    written: found,
    start: index,
    end: index + found.length,
  }));
}

function plainToken(found: string): string {
  const token = found
    .normalize("NFKC")
    .replaceAll(/-\r?\n\s*|\u00ad/gu, "")
    .replaceAll("’", "'")
    .toLowerCase();
  return /^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/u.test(token) ? token.replaceAll(",", "") : token;
}
