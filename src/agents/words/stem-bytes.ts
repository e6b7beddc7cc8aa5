/*
 * Porter's stemmer (https://tartarus.org/martin/PorterStemmer) over bytes: in a text with many words, strings and
 * patterns for each new one would take longer than all else that is done with it. A `y` at the beginning is a consonant.
 */
const [letterA, letterE, letterI, letterO, letterU] = [97, 101, 105, 111, 117];
const [letterB, letterD, letterG, letterL, letterN] = [98, 100, 103, 108, 110];
const [letterS, letterT, letterW, letterX, letterY, letterZ] = [115, 116, 119, 120, 121, 122];

/** The shortest word that has a stem of its own. */
const shortest = 3;

/** An ending, and what stands in its place where there is enough before it. */
interface Ending {
  readonly bytes: Uint8Array;
  readonly instead: Uint8Array;
}

/** Endings by their last letter, the longer ones first. */
type Endings = readonly (readonly Ending[] | undefined)[];

const step2 = endingsOf(
  `ational:ate tional:tion enci:ence anci:ance izer:ize bli:ble alli:al entli:ent eli:e ousli:ous ization:ize ation:ate
   ator:ate alism:al iveness:ive fulness:ful ousness:ous aliti:al iviti:ive biliti:ble logi:log`,
);
const step3 = endingsOf("icate:ic ative: alize:al iciti:ic ical:ic ful: ness:");
const step4 = endingsOf("al: ance: ence: er: ic: able: ible: ant: ement: ment: ent: ou: ism: ate: iti: ous: ive: ize:");

function endingsOf(table: string): Endings {
  const all = table.split(/\s+/).map((entry) => entry.split(":").map((part) => Buffer.from(part, "latin1")));
  const longerFirst = all.toSorted(([left], [right]) => (right?.length ?? 0) - (left?.length ?? 0));
  const endings: Ending[][] = [];
  for (const [bytes, instead] of longerFirst) {
    const last = bytes?.at(-1);
    if (bytes !== undefined && instead !== undefined && last !== undefined) {
      (endings[last] ??= []).push({ bytes, instead });
    }
  }
  return endings;
}

/**
 * Makes a word its stem, in place: it never gets longer.
 *
 * @param word small letters of ASCII
 * @param end where the word ends that stands at the beginning
 * @returns where the stem ends
 */
export function stemBytes(word: Uint8Array, end: number): number {
  if (end < shortest) {
    return end;
  }
  let to = withoutPast(word, withoutPlural(word, end));
  if (to > 1 && word[to - 1] === letterY && hasVowel(word, to - 1)) {
    word[to - 1] = letterI;
  }
  to = withoutEnding(step2, word, to, 1);
  to = withoutEnding(step3, word, to, 1);
  const ending = endingIn(step4, word, to);
  to = ending === null ? withoutIon(word, to) : withoutEnding(step4, word, to, 2);
  return withoutLastLetter(word, to);
}

function withoutPlural(word: Uint8Array, end: number): number {
  if (word[end - 1] !== letterS) {
    return end;
  }
  if (word[end - 2] === letterE) {
    const isDouble = end > 4 && word[end - 3] === letterS && word[end - 4] === letterS;
    if (isDouble || (end > 3 && word[end - 3] === letterI)) {
      return end - 2;
    }
  }
  return end > 2 && word[end - 2] !== letterS ? end - 1 : end;
}

function withoutPast(word: Uint8Array, end: number): number {
  const endsInEd = end > 2 && word[end - 1] === letterD && word[end - 2] === letterE;
  if (endsInEd && end > 3 && word[end - 3] === letterE) {
    return measure(word, end - 3) > 0 ? end - 1 : end;
  }
  const endsInIng = end > 3 && word[end - 1] === letterG && word[end - 2] === letterN && word[end - 3] === letterI;
  const to = endsInEd ? end - 2 : endsInIng ? end - 3 : end;
  return to === end || !hasVowel(word, to) ? end : mended(word, to);
}

/** What is left of a word without its ending: with an `e` where it had one, and without a letter that was doubled. */
function mended(word: Uint8Array, end: number): number {
  const last = word[end - 1] ?? 0;
  const before = end > 1 ? (word[end - 2] ?? 0) : 0;
  const lacksE =
    (last === letterT && before === letterA) ||
    (last === letterL && before === letterB) ||
    (last === letterZ && before === letterI);
  if (!lacksE && end > 1 && last === before && mayBeDoubled(last)) {
    return end - 1;
  }
  if (lacksE || endsShort(word, end)) {
    word[end] = letterE;
    return end + 1;
  }
  return end;
}

function mayBeDoubled(letter: number): boolean {
  return !isVowelOrY(letter) && letter !== letterL && letter !== letterS && letter !== letterZ;
}

/** @param least so much must be left for the ending to go */
// oxlint-disable-next-line max-params -- an object for each word would take as long as the word itself
function withoutEnding(endings: Endings, word: Uint8Array, end: number, least: number): number {
  const ending = endingIn(endings, word, end);
  const to = ending === null ? end : end - ending.bytes.length;
  if (ending === null || measure(word, to) < least) {
    return end;
  }
  word.set(ending.instead, to);
  return to + ending.instead.length;
}

/** The longest of some endings with something before it. */
function endingIn(endings: Endings, word: Uint8Array, end: number): Ending | null {
  const possible = endings[word[end - 1] ?? 0];
  if (possible === undefined) {
    return null;
  }
  for (const ending of possible) {
    const { bytes } = ending;
    const start = end - bytes.length;
    if (start > 0) {
      let at = bytes.length - 2;
      while (at >= 0 && bytes[at] === word[start + at]) {
        at -= 1;
      }
      if (at < 0) {
        return ending;
      }
    }
  }
  return null;
}

function withoutIon(word: Uint8Array, end: number): number {
  const endsInIon = end > 4 && word[end - 1] === letterN && word[end - 2] === letterO && word[end - 3] === letterI;
  const before = word[end - 4];
  return endsInIon && (before === letterS || before === letterT) && measure(word, end - 3) > 1 ? end - 3 : end;
}

function withoutLastLetter(word: Uint8Array, end: number): number {
  let to = end;
  if (to > 1 && word[to - 1] === letterE) {
    const left = measure(word, to - 1);
    to -= left > 1 || (left === 1 && !endsShort(word, to - 1)) ? 1 : 0;
  }
  const isDouble = to > 1 && word[to - 1] === letterL && word[to - 2] === letterL;
  return isDouble && measure(word, to) > 1 ? to - 1 : to;
}

function isVowel(letter: number): boolean {
  return letter === letterE || letter === letterA || letter === letterI || letter === letterO || letter === letterU;
}

function isVowelOrY(letter: number): boolean {
  return isVowel(letter) || letter === letterY;
}

/** How often consonants follow vowels. A `y` is a vowel behind a consonant. */
function measure(word: Uint8Array, end: number): number {
  let count = 0;
  let afterVowel = false;
  for (let at = 0; at < end; at += 1) {
    const letter = word[at] ?? 0;
    const isOne: boolean = isVowel(letter) || (letter === letterY && at > 0 && !afterVowel);
    count += afterVowel && !isOne ? 1 : 0;
    afterVowel = isOne;
  }
  return count;
}

function hasVowel(word: Uint8Array, end: number): boolean {
  for (let at = 1; at < end; at += 1) {
    if (isVowelOrY(word[at] ?? 0)) {
      return true;
    }
  }
  return isVowel(word[0] ?? 0);
}

/** Says whether a word is consonants, one vowel and one consonant that is heard. */
function endsShort(word: Uint8Array, end: number): boolean {
  const last = word[end - 1] ?? 0;
  if (end < shortest || isVowel(word[0] ?? 0) || isVowelOrY(last) || last === letterW || last === letterX) {
    return false;
  }
  for (let at = 1; at < end - 2; at += 1) {
    if (isVowelOrY(word[at] ?? 0)) {
      return false;
    }
  }
  return isVowelOrY(word[end - 2] ?? 0);
}
