/** Where a closer look at a text for keys is worth its time. */
export interface KeyCandidates {
  /** Where runs of letters, digits, `_` and `-` begin that may begin a key, rising. */
  readonly starts: readonly number[];
  /** Beginnings and ends, in turn, of such runs that may be the name of a key or a password to which one is given. */
  readonly names: readonly number[];
  /** Where the `://` of addresses stands. */
  readonly addresses: readonly number[];
}

/** The first two characters of keys whose beginning is fixed. */
const beginnings =
  "AK AS gh gi gl xo xa sk gs pp cs AI GO ya rk wh np py ru hf r8 SG do da sh sq hv AT dc sn NR PM li nt se fi sb ps dp LT AG ke ey";
/** The last two characters of names under which keys and passwords are kept, and of what such names may end in. */
const endings = "rd wd se rt et ey en od on ev ve ue ta th ig";

/** The shortest run that a key consists of, where no sign comes early in it that goes on with it. */
const shortestKey = 15;
/** So many characters of white space and of quotes may stand between a name and the sign that gives it something. */
const mostBetween = 12;

/** For each pair of ASCII characters 1 when it is one of a list. */
function pairTable(pairs: string, variants: (pair: string) => readonly string[]): Uint8Array {
  const table = new Uint8Array(1 << 14);
  for (const pair of pairs.split(" ").flatMap(variants)) {
    table[(pair.charCodeAt(0) << 7) | pair.charCodeAt(1)] = 1;
  }
  return table;
}

const beginsKey = pairTable(beginnings, (pair) => [pair]);
const endsName = pairTable(endings, (pair) =>
  inAnyCase(pair.charAt(0)).flatMap((one) => inAnyCase(pair.charAt(1)).map((two) => one + two)),
);
for (let digit = 48; digit < 58; digit += 1) {
  for (let before = 0; before < 0x80; before += 1) {
    endsName[(before << 7) | digit] = 1;
  }
}

/** For each UTF-16 unit whether it is of runs. */
const ofRuns = new Uint8Array(0x10000).fill(1, 48, 58).fill(1, 65, 91).fill(1, 97, 123);
ofRuns[45] = 1;
ofRuns[95] = 1;

/** A text is gone over in blocks of so many units, since numbers in a list are read faster than characters of a text. */
const blockUnits = 1 << 13;
const blockBytes = Buffer.alloc((blockUnits + 1) * 2);
const block = new Uint16Array(blockBytes.buffer, blockBytes.byteOffset, blockUnits + 1);

const [plus, dot, slash, colon, equals] = [43, 46, 47, 58, 61];
const [doubleQuote, singleQuote, backtick, bracket] = [34, 39, 96, 93];

const mayBeAddress = 2;
/** For each UTF-16 unit 1 where it may lead on from a run to the rest of a key, {@link mayBeAddress} to that of an address. */
const leadsOn = new Uint8Array(0x10000);
for (const sign of [plus, dot, slash, equals]) {
  leadsOn[sign] = 1;
}
leadsOn[colon] = mayBeAddress;

function inAnyCase(letter: string): readonly string[] {
  return [letter, letter.toUpperCase()];
}

/**
 * Goes over a text once and finds the few places where the forms of keys have to be tried: trying them everywhere takes
 * longer than all else that is done with a text.
 */
export function keyCandidates(text: string): KeyCandidates {
  const found: FoundCandidates = { starts: [], names: [], addresses: [] };
  for (let from = 0; from < text.length;) {
    const to = blockEnd(text, from);
    if (to - from <= blockUnits) {
      addRunsOf(text, from, to, found);
    } else {
      addRun(text, from, to, found);
    }
    from = to;
  }
  return { ...found, starts: withMiddles(text, found.starts) };
}

interface FoundCandidates {
  readonly starts: number[];
  readonly names: number[];
  readonly addresses: number[];
}

/** Where a block ends in which no run is cut; a single run may be longer than a block. */
function blockEnd(text: string, from: number): number {
  const most = Math.min(from + blockUnits, text.length);
  if (most === text.length) {
    return most;
  }
  let end = most;
  while (end > from && isOfRun(text, end - 1)) {
    end -= 1;
  }
  if (end > from) {
    return end;
  }
  end = most;
  while (end < text.length && isOfRun(text, end)) {
    end += 1;
  }
  return end;
}

function isOfRun(text: string, at: number): boolean {
  return ofRuns[text.charCodeAt(at)] === 1;
}

function addRunsOf(text: string, from: number, to: number, found: FoundCandidates): void {
  const count = to - from;
  const units = block;
  blockBytes.write(text.slice(from, to), 0, "utf16le");
  units[count] = 0;
  let start = 0;
  for (let at = 0; at <= count; at += 1) {
    const unit = units[at] ?? 0;
    if (ofRuns[unit] === 1) {
      continue;
    }
    const length = at - start;
    if (length > 0) {
      const leads = leadsOn[unit] ?? 0;
      const mayEnd = length > 1 ? (endsName[pairOf(units, at - 2)] ?? 0) : 0;
      const mayBegin = length >= shortestKey || leads > 0 ? mayBeginKey(pairOf(units, start), length) : 0;
      // Behind the last of a block, the text goes on.
      if ((mayEnd | mayBegin | (leads & mayBeAddress)) > 0 || at === count) {
        addRun(text, from + start, from + at, found);
      }
    }
    start = at + 1;
  }
}

function mayBeginKey(pair: number, length: number): number {
  return length > 35 || length === 14 ? 1 : (beginsKey[pair] ?? 0);
}

/** The place of two ASCII characters in a table of pairs. */
function pairOf(units: Uint16Array, at: number): number {
  return (((units[at] ?? 0) & 0x7f) << 7) | ((units[at + 1] ?? 0) & 0x7f);
}

/** Adds what is to be said of a run. */
function addRun(text: string, start: number, end: number, { starts, names, addresses }: FoundCandidates): void {
  const next = end < text.length ? text.charCodeAt(end) : 0;
  if (end - start >= 2) {
    if (mayBeKey(text, start, end, next)) {
      starts.push(start);
    }
    const isName = endsName[(text.charCodeAt(end - 2) << 7) | text.charCodeAt(end - 1)] === 1;
    if (isName && (isKeyWord(text, end) || leadsToSign(text, end, next))) {
      names.push(start, end);
    }
  }
  if (next === colon && text.charCodeAt(end + 1) === slash && text.charCodeAt(end + 2) === slash) {
    addresses.push(end);
  }
}

function mayBeKey(text: string, start: number, end: number, next: number): boolean {
  const run = end - start;
  if (run >= shortestKey || next === dot || next === equals || next === slash || next === plus) {
    // Mailchimp's keys begin with anything, and so do Terraform's before their dot.
    const isFixed = beginsKey[(text.charCodeAt(start) << 7) | text.charCodeAt(start + 1)] === 1;
    return isFixed || run > 35 || run === 14;
  }
  // Telegram's begin with a number.
  return next === colon && run >= 8 && run <= 10 && text.charCodeAt(end + 1) === 65;
}

/** Says whether a run ends in `key`: what follows it may be its value without any sign. */
function isKeyWord(text: string, end: number): boolean {
  return (
    (text.charCodeAt(end - 1) | 32) === 121 &&
    (text.charCodeAt(end - 2) | 32) === 101 &&
    (text.charCodeAt(end - 3) | 32) === 107
  );
}

/** Says whether white space and what closes a name lead to a sign that gives it something. */
function leadsToSign(text: string, end: number, next: number): boolean {
  let code = next;
  const most = end + mostBetween;
  for (let at = end; at < most; code = text.charCodeAt(at)) {
    if (code === colon || code === equals) {
      return true;
    }
    const isBetween =
      code <= 32 ||
      code >= 0x80 ||
      code === doubleQuote ||
      code === singleQuote ||
      code === backtick ||
      code === bracket;
    if (!isBetween) {
      return false;
    }
    at += 1;
  }
  return false;
}

/** Keys of Microsoft Entra show what they are in their middle. */
function withMiddles(text: string, starts: number[]): readonly number[] {
  let at = text.indexOf("Q~");
  if (at < 0) {
    return starts;
  }
  for (; at >= 0; at = text.indexOf("Q~", at + 1)) {
    starts.push(Math.max(0, at - 4));
  }
  return starts.toSorted((left, right) => left - right);
}
