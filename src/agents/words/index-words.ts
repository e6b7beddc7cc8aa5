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
const knownIdentifiers = new Map<string, readonly Part[]>();
const knownParts = new Map<string, Part>();
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

/** A part of identifiers, in lower case. */
interface Part {
  readonly word: string;
  /** Which text was told last that it has this part. */
  toldTo: number;
}

/** {@link plainWords}, and behind each identifier its parts (`openFile` → `openFile open file`). */
export function indexWords(text: string): string {
  const words = plainWords(text);
  const spans = identifierSpans(words);
  let withParts = "";
  let done = 0;
  for (let at = 0; at < spans.length; at += 2) {
    const end = spans[at + 1] ?? 0;
    const parts = partsOf(words.slice(spans[at], end));
    withParts += `${words.slice(done, end)} ${parts.map(({ word }) => word).join(" ")}`;
    done = end;
  }
  return done === 0 ? words : withParts + words.slice(done);
}

let texts = 0;

/** The parts of the identifiers in a text, each once. */
export function identifierParts(text: string): string {
  const spans = identifierSpans(text);
  texts += 1;
  let words = "";
  for (let at = 0; at < spans.length; at += 2) {
    for (const part of partsOf(text.slice(spans[at], spans[at + 1]))) {
      if (part.toldTo !== texts) {
        part.toldTo = texts;
        words += `${part.word} `;
      }
    }
  }
  return words;
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

/** The parts of an identifier, those of many remembered. */
function partsOf(identifier: string): readonly Part[] {
  const known = knownIdentifiers.get(identifier);
  if (known !== undefined) {
    return known;
  }
  const parts: Part[] = [];
  let start = 0;
  for (let at = 1; at <= identifier.length; at += 1) {
    if (at === identifier.length || beginsPart(identifier, at, identifier.length)) {
      parts.push(partOf(identifier.slice(start, at).toLowerCase()));
      start = at;
    }
  }
  if (knownIdentifiers.size >= mostKnown) {
    knownIdentifiers.clear();
  }
  knownIdentifiers.set(copyOf(identifier), parts);
  return parts;
}

function partOf(word: string): Part {
  const known = knownParts.get(word);
  if (known !== undefined) {
    return known;
  }
  const part: Part = { word: copyOf(word), toldTo: 0 };
  if (knownParts.size >= mostKnown) {
    knownParts.clear();
  }
  knownParts.set(part.word, part);
  return part;
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
