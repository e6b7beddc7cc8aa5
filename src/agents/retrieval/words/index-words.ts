import { isSpaceless } from "./scripts.ts";

const foreignRun = /[^\0-\x7f]+/g;
const identifier = /[A-Za-z0-9]*[a-z0-9][A-Z][A-Za-z0-9]*|[A-Z]{2,}[a-z][A-Za-z0-9]*/g;
const hasInnerCapital = /[a-z0-9][A-Z]|[A-Z]{2}[a-z]/;
const combiningMarks = /[\u0300-\u036f]/gu;
const wordCharacter = /[\p{L}\p{N}\p{M}]/u;

/** Short runs come again and again: quotation marks, dashes, letters with accents. */
const known = new Map<string, string>();

/**
 * The text that the full-text table is fed with. Words of other alphabets are lower case and without accents, text
 * without spaces becomes overlapping pairs of characters (`北京市` → `北京 京市 市`), identifiers are followed by their
 * parts (`openFile` → `openFile open File`). ASCII is left to the tokenizer `porter ascii`.
 */
export function indexWords(text: string): string {
  // oxlint-disable-next-line no-control-regex -- ASCII begins with NUL
  const ascii = /[^\0-\x7f]/.test(text) ? text.normalize("NFKC").replace(foreignRun, foreignWords) : text;
  return hasInnerCapital.test(ascii) ? ascii.replace(identifier, withParts) : ascii;
}

function withParts(name: string): string {
  return `${name} ${name.replace(/([a-z0-9])(?=[A-Z])|([A-Z])(?=[A-Z][a-z])/g, "$1$2 ")}`;
}

function foreignWords(run: string): string {
  if (run.length > 2) {
    return wordsOfRun(run);
  }
  const found = known.get(run);
  if (found !== undefined) {
    return found;
  }
  const words = wordsOfRun(run);
  if (known.size < 20_000) {
    known.set(run, words);
  }
  return words;
}

function wordsOfRun(run: string): string {
  let words = "";
  let previous = "";
  for (const character of run) {
    if (isSpaceless(character.codePointAt(0) ?? 0)) {
      words += previous === "" ? " " : `${previous}${character} `;
      previous = character;
      continue;
    }
    words += previous === "" ? "" : `${previous} `;
    previous = "";
    words += spacedCharacter(character);
  }
  return previous === "" ? words : `${words}${previous} `;
}

/** A letter without its accent, or a space. */
function spacedCharacter(character: string): string {
  const plain = character.normalize("NFD").replace(combiningMarks, "").toLowerCase();
  return plain === "" || wordCharacter.test(plain) ? plain : " ";
}
