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
const ofRuns = new Uint8Array(0x80).fill(1, 48, 58).fill(1, 65, 91).fill(1, 97, 123);
ofRuns[45] = 1;
ofRuns[95] = 1;

const [plus, dot, slash, zero, nine, colon, equals] = [43, 46, 47, 48, 57, 58, 61];
const [doubleQuote, singleQuote, backtick, bracket] = [34, 39, 96, 93];

function inAnyCase(letter: string): readonly string[] {
  return [letter, letter.toUpperCase()];
}

/**
 * Goes over a text once and finds the few places where the forms of keys have to be tried: trying them everywhere takes
 * longer than all else that is done with a text.
 */
export function keyCandidates(text: string): KeyCandidates {
  const starts: number[] = [];
  const names: number[] = [];
  const addresses: number[] = [];
  const { length } = text;
  for (let at = 0; at < length; at += 1) {
    const first = text.charCodeAt(at);
    if (first >= 0x80 || ofRuns[first] === 0) {
      continue;
    }
    const start = at;
    let code = first;
    let last = 0;
    let beforeLast = 0;
    do {
      beforeLast = last;
      last = code;
      at += 1;
      code = at < length ? text.charCodeAt(at) : 0;
    } while (code < 0x80 && ofRuns[code] === 1);
    if (at - start >= 2) {
      if (mayBeKey(text, start, at, code)) {
        starts.push(start);
      }
      if (mayEndName(beforeLast, last) && (isKeyWord(text, at) || leadsToSign(text, at, code))) {
        names.push(start, at);
      }
    }
    if (code === colon && text.charCodeAt(at + 1) === slash && text.charCodeAt(at + 2) === slash) {
      addresses.push(at);
    }
  }
  return { starts: withMiddles(text, starts), names, addresses };
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

function mayEndName(beforeLast: number, last: number): boolean {
  return endsName[(beforeLast << 7) | last] === 1 || (last >= zero && last <= nine);
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
