import { startWasm, type WasmMemory } from "../../../base/web-assembly.ts";
import { keyKernelProgram } from "./key-kernel-program.ts";

/** Where a closer look at a text for keys is worth its time. */
export interface KeyCandidates {
  /** Where runs of letters, digits, `_` and `-` begin that may begin a key, rising. */
  readonly starts: readonly number[];
  /** Beginnings and ends, in turn, of such runs that may be the name of a key or a password to which one is given. */
  readonly names: readonly number[];
  /** Where the `://` of addresses stands. */
  readonly addresses: readonly number[];
}

/** The first three characters of keys whose beginning is fixed. */
const beginnings =
  "AKI ASI gho ghp ghr ghs ghu git gla glc gld glf gli glo glp glr gls xox xap sk- sk_ xai gsk ppl csk AIz GOC ya2 rk_ whs npm pyp rub hf_ r8_ SG. doo dop dor dap shp sq0 hvb hvr hvs ATA dck snt NRA PMA lin ntn sec fig sbp psc dp. LTA AGE key eyJ";
/** The last three characters of names under which keys and passwords are kept, and of what such names may end in. */
const endings = "ord swd ase pwd ort ret key ken rod ion dev ive lue ata uth sig";

/** The shortest run that a key consists of, where no sign comes early in it that goes on with it. */
const shortestKey = 15;
/** The length of what stands before a dot in Terraform's keys. */
const lengthBeforeDot = 14;
/** A run that is longer may be a key whatever it begins with. */
const longRun = 35;
/** So many characters of white space and of quotes may stand between a name and the sign that gives it something. */
const mostBetween = 12;

/** Where 1 stands for the lower bits of three ASCII characters, some key begins with them, or some name ends in them. */
const beginsKey = tableOf(beginnings);
const endsName = tableOf(endings);

/** In the lower bits, small letters and capitals are the same. */
function tableOf(threes: string): Uint8Array {
  const table = new Uint8Array(1 << 15);
  for (const three of threes.split(" ")) {
    table[lowBits(three.charCodeAt(0), three.charCodeAt(1), three.charCodeAt(2))] = 1;
  }
  return table;
}

function lowBits(first: number, second: number, third: number): number {
  return ((first & 31) << 10) | ((second & 31) << 5) | (third & 31);
}

const [dash, slash, colon, equals, underscore] = [45, 47, 58, 61, 95];
const [doubleQuote, singleQuote, bracket, backtick] = [34, 39, 93, 96];
const [capitalA, smallY] = [65, 121];

/** What a UTF-16 unit is: of runs, or what may stand between a name and a sign. */
const ofRuns = 1;
const between = 2;
const kinds = new Uint8Array(0x10000).fill(between, 0, 33).fill(between, 0x80);
kinds.fill(ofRuns, 48, 58).fill(ofRuns, 65, 91).fill(ofRuns, 97, 123);
kinds[dash] = ofRuns;
kinds[underscore] = ofRuns;
for (const closing of [doubleQuote, singleQuote, bracket, backtick]) {
  kinds[closing] = between;
}

/**
 * A text is gone over in blocks, since a program of WebAssembly looks at sixteen units at once where a loop looks at one:
 * so many units are a block's own, and some before and behind them are there to be looked at.
 */
const ownUnits = 8192;
const unitsBefore = 128;
const unitsBehind = 64;
const unitsOfWord = 32;
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- assembled from key-kernel.wat
const kernel = startWasm(Buffer.from(keyKernelProgram, "base64")) as KeyKernel;
const blockBytes = Buffer.from(kernel.memory.buffer, 0x4000, (unitsBefore + ownUnits + unitsBehind) * 2);
const block = new Uint16Array(kernel.memory.buffer, 0x4000, blockBytes.length / 2);
/** A bit for each unit of a block that is of runs. */
const runBits = new DataView(kernel.memory.buffer, 0x400, blockBytes.length / 16);
/** For each {@link unitsOfWord} of a block's own units, which of them are signs to be looked at, and where long runs begin. */
const places = new Int32Array(kernel.memory.buffer, 0x3000, (2 * ownUnits) / unitsOfWord);

interface KeyKernel {
  readonly memory: WasmMemory;
  /** Looks for the places among so many of the block's own units. */
  scan(units: number): void;
}

/** What stands in the block. */
interface BlockPlace {
  readonly text: string;
  /** Where in the text the block begins; below zero where units stand before it that are not of the text. */
  readonly offset: number;
  /** How many units of its own it has. */
  readonly count: number;
}

interface FoundCandidates {
  /** Beginnings of runs that the sign behind them makes worth a look, rising. */
  readonly led: number[];
  /** Those of long runs, rising. */
  readonly long: number[];
  readonly names: number[];
  readonly addresses: number[];
}

/**
 * Goes over a text and finds the few places where the forms of keys have to be tried: trying them everywhere takes longer
 * than all else that is done with a text. Only signs that stand behind names and inside of keys are looked at, and what
 * stands before them, and runs that are long enough for a key.
 */
export function keyCandidates(text: string): KeyCandidates {
  const found: FoundCandidates = { led: [], long: [], names: [], addresses: [] };
  for (let from = 0; from < text.length; from += ownUnits) {
    const place = enterBlock(text, from);
    const words = Math.ceil(place.count / unitsOfWord);
    kernel.scan(words * unitsOfWord);
    for (let word = 0; word < words; word += 1) {
      lookAtSigns(place, word, found);
      lookAtLongRuns(place, word, found);
    }
  }
  const { led, long, names, addresses } = found;
  return { starts: rising([led, long, middles(text)]), names, addresses };
}

function enterBlock(text: string, from: number): BlockPlace {
  const to = Math.min(from + ownUnits, text.length);
  const offset = from - unitsBefore;
  const piece = text.slice(Math.max(0, offset), to + unitsBehind);
  const first = Math.max(0, -offset);
  block.fill(0, 0, first);
  blockBytes.write(piece, first * 2, "utf16le");
  const end = first + piece.length;
  block.fill(0, end, end + unitsBehind + unitsOfWord);
  return { text, offset, count: to - from };
}

function lookAtSigns(place: BlockPlace, word: number, found: FoundCandidates): void {
  for (let signs = places[word * 2] ?? 0; signs !== 0; signs &= signs - 1) {
    const at = unitsBefore + word * unitsOfWord + firstBit(signs);
    const unit = block[at] ?? 0;
    if ((unit | 32) === smallY) {
      addName(place, at + 1, found);
      continue;
    }
    if (kindAt(at - 1) === ofRuns) {
      addLed(place, at, unit, found);
      if (unit === colon && block[at + 1] === slash && block[at + 2] === slash) {
        found.addresses.push(place.offset + at);
      }
    }
    if (unit === colon || unit === equals) {
      lookAtName(place, at, found);
    }
  }
}

function firstBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}

function kindAt(at: number): number {
  return kinds[block[at] ?? 0] ?? 0;
}

/** Adds a run before a sign, unless it is long. */
// oxlint-disable-next-line max-params -- an object for each sign would take as long as the sign itself
function addLed(place: BlockPlace, end: number, sign: number, { led }: FoundCandidates): void {
  const length = runBefore(end);
  if (length >= shortestKey || length < 2) {
    return;
  }
  const first = end - length;
  // Telegram's begin with a number; Terraform's begin with anything before their dot.
  const isOne =
    sign === colon
      ? length >= 8 && length <= 10 && block[end + 1] === capitalA
      : length === lengthBeforeDot || mayBegin(first);
  if (isOne) {
    led.push(place.offset + first);
  }
}

/** How many units before a place are of a run, up to 25 of them or a few more. */
function runBefore(end: number): number {
  const last = end - 1;
  const before = runBits.getInt32((last >> 3) - 3, true) << (7 - (last & 7));
  return Math.clz32(~before);
}

/** Says whether a key may begin at a place of the block. */
function mayBegin(at: number): boolean {
  return beginsKey[lowBits(block[at] ?? 0, block[at + 1] ?? 0, block[at + 2] ?? 0)] === 1;
}

/** Looks for a name before a sign that gives it something, behind white space and what closes a name. */
function lookAtName(place: BlockPlace, sign: number, found: FoundCandidates): void {
  let last = sign - 1;
  const least = sign - mostBetween;
  while (last > least && kindAt(last) === between) {
    last -= 1;
  }
  if (kindAt(last) === ofRuns) {
    addName(place, last + 1, found);
  }
}

/** Adds a run that may be a name by its ending: one or two numbers, and a sign before them, may stand behind that. */
function addName({ text, offset }: BlockPlace, end: number, { names }: FoundCandidates): void {
  let last = end - 1;
  while (last > end - 3 && isDigit(block[last] ?? 0)) {
    last -= 1;
  }
  const unit = block[last];
  last -= last < end - 1 && (unit === dash || unit === underscore) ? 1 : 0;
  const isNamed = endsName[lowBits(block[last - 2] ?? 0, block[last - 1] ?? 0, block[last] ?? 0)] === 1;
  if (!isNamed || names.at(-1) === offset + end) {
    return;
  }
  let start = offset + end;
  while (start > 0 && kinds[text.charCodeAt(start - 1)] === ofRuns) {
    start -= 1;
  }
  names.push(start, offset + end);
}

function isDigit(unit: number): boolean {
  return unit >= 48 && unit <= 57;
}

/** Adds runs that are long enough for a key. */
function lookAtLongRuns({ offset }: BlockPlace, word: number, { long }: FoundCandidates): void {
  for (let runs = places[word * 2 + 1] ?? 0; runs !== 0; runs &= runs - 1) {
    const first = unitsBefore + word * unitsOfWord + firstBit(runs);
    let last = first + shortestKey - 1;
    // Mailchimp's keys begin with anything.
    const most = mayBegin(first) ? last : first + longRun;
    while (last < most && kindAt(last + 1) === ofRuns) {
      last += 1;
    }
    if (last === most) {
      long.push(offset + first);
    }
  }
}

/** Keys of Microsoft Entra show what they are in their middle. */
function middles(text: string): readonly number[] {
  const found: number[] = [];
  for (let at = text.indexOf("Q~"); at >= 0; at = text.indexOf("Q~", at + 1)) {
    found.push(Math.max(0, at - 4));
  }
  return found;
}

/** All numbers of lists that rise. */
function rising(lists: readonly (readonly number[])[]): readonly number[] {
  const [first = [], ...others] = lists.filter((list) => list.length > 0);
  return others.length === 0 ? first : [first, ...others].flat().toSorted((left, right) => left - right);
}
