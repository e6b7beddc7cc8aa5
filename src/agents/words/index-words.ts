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
const knownIdentifiers = new Map<string, string>();
const mostKnown = 40_000;
/** What is longer than any identifier that a person writes is none. */
export const longestIdentifier = 100;

/**
 * A text as words parted by what is no word: those of other alphabets in lower case and without accents, text without
 * spaces as overlapping pairs of characters (`北京市` → `北京 京市 市`). ASCII is left to the tokenizer `porter ascii`.
 */
export function plainWords(text: string): string {
  // oxlint-disable-next-line no-control-regex -- ASCII begins with NUL
  return /[^\0-\x7f]/.test(text) ? text.normalize("NFKC").replace(foreignRun, foreignWords) : text;
}

/** {@link plainWords}, and behind each identifier its parts (`openFile` → `openFile open file`). */
export function indexWords(text: string): string {
  const words = plainWords(text);
  const spans = identifierSpans(words);
  let withParts = "";
  let done = 0;
  for (let at = 0; at < spans.length; at += 2) {
    const end = spans[at + 1] ?? 0;
    withParts += `${words.slice(done, end)} ${knownParts(words.slice(spans[at], end))}`;
    done = end;
  }
  return done === 0 ? words : withParts + words.slice(done);
}

/** The parts of the identifiers in a text, in lower case. */
export function identifierParts(text: string): readonly string[] {
  const spans = identifierSpans(text);
  const parts: string[] = [];
  for (let at = 0; at < spans.length; at += 2) {
    parts.push(...partsOf(text.slice(spans[at], spans[at + 1])));
  }
  return parts;
}

function isWordCode(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57);
}

/**
 * Where identifiers that consist of parts begin and end, in turn. What is longer than any that a person writes is none.
 */
function identifierSpans(text: string): readonly number[] {
  const spans: number[] = [];
  let done = 0;
  hump.lastIndex = 0;
  while (hump.test(text)) {
    let end = hump.lastIndex;
    let start = end - 2;
    while (start > done && isWordCode(text.charCodeAt(start - 1))) {
      start -= 1;
    }
    while (end < text.length && isWordCode(text.charCodeAt(end))) {
      end += 1;
    }
    done = end;
    if (end - start <= longestIdentifier) {
      spans.push(start, end);
    }
    hump.lastIndex = end;
  }
  return spans;
}

function isCapital(code: number): boolean {
  return code >= 65 && code <= 90;
}

const smallS = 115;

/**
 * Says whether a capital begins a part of an identifier of ASCII: after a small letter or a digit, or before a small letter
 * (not the s of `URLs`).
 *
 * @param codeAt gives the characters of the identifier
 * @param end where it ends
 */
export function beginsPart(codeAt: (at: number) => number, at: number, end: number): boolean {
  if (!isCapital(codeAt(at))) {
    return false;
  }
  if (!isCapital(codeAt(at - 1))) {
    return true;
  }
  const next = at + 1 < end ? codeAt(at + 1) : 0;
  return next >= 97 && !(at + 2 === end && next === smallS);
}

function partsOf(identifier: string): readonly string[] {
  const parts: string[] = [];
  const codeAt = (at: number): number => identifier.charCodeAt(at);
  let start = 0;
  for (let at = 1; at <= identifier.length; at += 1) {
    if (at === identifier.length || beginsPart(codeAt, at, identifier.length)) {
      parts.push(identifier.slice(start, at).toLowerCase());
      start = at;
    }
  }
  return parts;
}

/** The parts of an identifier parted by spaces, those of many remembered. */
function knownParts(identifier: string): string {
  const known = knownIdentifiers.get(identifier);
  if (known !== undefined) {
    return known;
  }
  const parts = partsOf(identifier).join(" ");
  if (knownIdentifiers.size >= mostKnown) {
    knownIdentifiers.clear();
  }
  knownIdentifiers.set(copyOf(identifier), parts);
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
