import { isSpaceless } from "./scripts.ts";

const foreignRun = /[^\0-\x7f]+/g;
/** Inside an identifier: a small letter before a capital, or capitals before a small letter. */
const hump = /[a-z0-9][A-Z]|[A-Z]{2}[a-z]/g;
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
  return withIdentifierParts(ascii);
}

function isWordCode(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57);
}

/** Puts the parts of identifiers behind them. */
function withIdentifierParts(text: string): string {
  let words = "";
  let done = 0;
  hump.lastIndex = 0;
  for (let found = hump.exec(text); found !== null; found = hump.exec(text)) {
    let start = found.index;
    let end = found.index + found[0].length;
    while (start > done && isWordCode(text.charCodeAt(start - 1))) {
      start -= 1;
    }
    while (end < text.length && isWordCode(text.charCodeAt(end))) {
      end += 1;
    }
    words += `${text.slice(done, end)} ${partsOf(text, start, end)}`;
    done = end;
    hump.lastIndex = end;
  }
  return done === 0 ? text : words + text.slice(done);
}

function isCapital(code: number): boolean {
  return code >= 65 && code <= 90;
}

/** Says whether a capital begins a part: after a small letter or a digit, or before a small letter (not the s of `URLs`). */
function beginsPart(text: string, at: number, end: number): boolean {
  if (!isCapital(text.charCodeAt(at))) {
    return false;
  }
  if (!isCapital(text.charCodeAt(at - 1))) {
    return true;
  }
  return at + 1 < end && text.charCodeAt(at + 1) >= 97 && !(at + 2 === end && text[at + 1] === "s");
}

/** The parts of an identifier, with a space behind each but the last. */
function partsOf(text: string, start: number, end: number): string {
  let parts = "";
  let part = start;
  for (let at = start + 1; at < end; at += 1) {
    if (beginsPart(text, at, end)) {
      parts += `${text.slice(part, at)} `;
      part = at;
    }
  }
  return parts + text.slice(part, end);
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
