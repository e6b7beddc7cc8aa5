import { isSpaceless } from "./scripts.ts";

const foreignRun = /[^\0-\x7f]+/g;
/** Inside an identifier: a small letter before a capital, or capitals before a small letter. */
const hump = /[a-z0-9][A-Z]|[A-Z]{2}[a-z]/g;
/** Accents, and the points of Hebrew, Arabic and Hindi that are written or left out. */
const combiningMarks = /[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0640\u064b-\u065f\u0670\u093c]/gu;
const arabic = /[\u0620-\u064a]/;
/** The article, alone or behind what is written together with it, before a word of three letters or more. */
const arabicArticle = /(^| )(?:[\u0648\u0641\u0628\u0643]?\u0627\u0644|\u0644\u0644)(?=[\u0620-\u064a]{3})/gu;
/** Letters that are written one for the other at the end of words. */
const arabicEndings = new Map([
  ["\u0649", "\u064a"],
  ["\u0629", "\u0647"],
]);
const wordCharacter = /[\p{L}\p{N}\p{M}]/u;

/** Short runs come again and again: quotation marks, dashes, letters with accents. */
const knownRuns = new Map<string, string>();
const knownParts = new Map<string, string>();
const mostKnown = 40_000;
const longestIdentifier = 100;

/**
 * A text as words parted by what is no word: those of other alphabets in lower case and without accents, text without
 * spaces as overlapping pairs of characters (`北京市` → `北京 京市 市`). ASCII is left to the tokenizer `porter ascii`.
 */
export function plainWords(text: string): string {
  // oxlint-disable-next-line no-control-regex -- ASCII begins with NUL
  return /[^\0-\x7f]/.test(text) ? text.normalize("NFKC").replace(foreignRun, foreignWords) : text;
}

/** {@link plainWords}, and behind each identifier its parts (`openFile` → `openFile open File`). */
export function indexWords(text: string): string {
  const words = plainWords(text);
  let withParts = "";
  let done = 0;
  for (const { start, end } of identifiers(words)) {
    withParts += `${words.slice(done, end)} ${partsOf(words.slice(start, end))}`;
    done = end;
  }
  return done === 0 ? words : withParts + words.slice(done);
}

/** The parts of the identifiers in a text, those of each identifier once. */
export function identifierParts(text: string): string {
  const seen = new Set<string>();
  let parts = "";
  for (const { start, end } of identifiers(text)) {
    const identifier = text.slice(start, end);
    if (!seen.has(identifier)) {
      seen.add(identifier);
      parts += `${partsOf(identifier)} `;
    }
  }
  return parts;
}

function isWordCode(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57);
}

/**
 * Finds identifiers that consist of parts. What is longer than any that a person writes is none.
 *
 * @yields where one begins and ends
 */
function* identifiers(text: string): Generator<{ readonly start: number; readonly end: number }> {
  let done = 0;
  hump.lastIndex = 0;
  for (let found = hump.exec(text); found !== null; found = hump.exec(text)) {
    let start = found.index;
    let end = hump.lastIndex;
    while (start > done && isWordCode(text.charCodeAt(start - 1))) {
      start -= 1;
    }
    while (end < text.length && isWordCode(text.charCodeAt(end))) {
      end += 1;
    }
    done = end;
    if (end - start <= longestIdentifier) {
      yield { start, end };
    }
    hump.lastIndex = end;
  }
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

/** The parts of an identifier with spaces between them, those of many remembered. */
function partsOf(identifier: string): string {
  const known = knownParts.get(identifier);
  if (known !== undefined) {
    return known;
  }
  let parts = "";
  let part = 0;
  for (let at = 1; at < identifier.length; at += 1) {
    if (beginsPart(identifier, at, identifier.length)) {
      parts += `${identifier.slice(part, at)} `;
      part = at;
    }
  }
  parts += identifier.slice(part);
  if (knownParts.size < mostKnown) {
    knownParts.set(copyOf(identifier), copyOf(parts));
  }
  return parts;
}

/** A piece of a text that is remembered would keep the whole text in memory. */
function copyOf(ascii: string): string {
  return Buffer.from(ascii, "latin1").toString("latin1");
}

function foreignWords(run: string): string {
  if (run.length > 2) {
    return wordsOfRun(run);
  }
  const found = knownRuns.get(run);
  if (found !== undefined) {
    return found;
  }
  const words = wordsOfRun(run);
  if (knownRuns.size < mostKnown) {
    knownRuns.set(run, words);
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
  words = previous === "" ? words : `${words}${previous} `;
  return arabic.test(words) ? words.replace(arabicArticle, "$1") : words;
}

/** A letter without its accent, or a space. */
function spacedCharacter(character: string): string {
  const plain = character.normalize("NFD").replace(combiningMarks, "").toLowerCase();
  return plain === "" || wordCharacter.test(plain) ? (arabicEndings.get(plain) ?? plain) : " ";
}
