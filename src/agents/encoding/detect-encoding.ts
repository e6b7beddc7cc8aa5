import { isAscii, isUtf8 } from "node:buffer";
import { isIso2022Jp } from "./iso-2022-jp.ts";

/** How the bytes of a text file become characters. */
export interface TextEncoding {
  /** As in the dialect: `utf-8`, `utf-8-sig`, `utf-16le`, `gb18030`, … */
  readonly name: string;
  readonly bomBytes: number;
  /** 0 to 1; 1 for a byte order mark and for valid UTF-8. */
  readonly confidence: number;
  /** The next best guess, where it comes close. */
  readonly rival?: string;
  /** Bytes that do not belong are replaced instead of refused. */
  readonly lenient?: boolean;
}

/** A beginning of this length may go on. */
const longHeadBytes = 64 * 1024;
/** So much text tells an encoding. */
const evidenceBytes = 4096;

const marks: readonly { readonly bytes: readonly number[]; readonly name: string }[] = [
  { bytes: [0xff, 0xfe, 0, 0], name: "utf-32le" },
  { bytes: [0, 0, 0xfe, 0xff], name: "utf-32be" },
  { bytes: [0xef, 0xbb, 0xbf], name: "utf-8-sig" },
  { bytes: [0xff, 0xfe], name: "utf-16le" },
  { bytes: [0xfe, 0xff], name: "utf-16be" },
];

/** The length of a byte order mark for `encoding` at the start of `head`. */
export function markLength(head: Buffer, encoding: string): number {
  const mark = marks.find((candidate) => candidate.name === (encoding === "utf-8" ? "utf-8-sig" : encoding));
  return mark !== undefined && mark.bytes.every((byte, index) => head[index] === byte) ? mark.bytes.length : 0;
}

/**
 * The encoding of a name that a person chose. `utf-16` and `utf-32` without an order have that of the mark, or the usual.
 *
 * @param head the beginning of the file
 */
export function chosenByName(name: string, head: Buffer): TextEncoding {
  const plain = name.trim().toLowerCase();
  const wide = /^(utf)-?(16|32)$/u.exec(plain)?.[2];
  const order = wide !== undefined && markLength(head, `utf-${wide}be`) > 0 ? "be" : "le";
  const known = wide === undefined ? plain.replace(/^utf8/u, "utf-8") : `utf-${wide}${order}`;
  return { name: known, bomBytes: markLength(head, known), confidence: 1, lenient: true };
}

/** `head` without a character that is cut at its end. */
export function wholeCharacters(head: Buffer): Buffer {
  for (let back = 1; back <= Math.min(4, head.length); back += 1) {
    const byte = head[head.length - back] ?? 0;
    if (byte < 0x80) {
      return head;
    }
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > back ? head.subarray(0, head.length - back) : head;
    }
  }
  return head;
}

/** NUL bytes by their place in a group of four. */
function nulPlaces(head: Buffer): number[] {
  const places = [0, 0, 0, 0];
  for (let at = 0; at < head.length; at += 1) {
    if (head[at] === 0) {
      places[at % 4] = (places[at % 4] ?? 0) + 1;
    }
  }
  return places;
}

function hasUtf16LineEnd(head: Buffer, little: boolean): boolean {
  for (let at = 0; at + 1 < head.length; at += 2) {
    const low = head[little ? at : at + 1];
    const high = head[little ? at + 1 : at];
    if (high === 0 && (low === 10 || low === 13)) {
      return true;
    }
  }
  return false;
}

/** UTF-32 by the first and the last byte of every four: one of them is always NUL, the other never. */
function utf32Order(first: number, last: number, length: number): string | null {
  const quarter = length / 4;
  if (length % 4 !== 0 || Math.min(first, last) > quarter * 0.1 || Math.max(first, last) < quarter * 0.9) {
    return null;
  }
  return last > first ? "utf-32le" : "utf-32be";
}

/** UTF-32 and UTF-16 without a mark: by where the NUL bytes are. */
function wideEncoding(head: Buffer): string | null {
  if (!head.includes(0)) {
    return null;
  }
  const [a = 0, b = 0, c = 0, d = 0] = nulPlaces(head);
  const utf32 = utf32Order(a, d, head.length);
  if (utf32 !== null && b + c > head.length / 4) {
    return utf32;
  }
  const even = a + c;
  const odd = b + d;
  const most = Math.max(even, odd);
  const enough = isUtf8(wholeCharacters(head)) ? head.length * 0.25 : Math.max(2, head.length * 0.02);
  if (most < enough || Math.min(even, odd) > most / 8) {
    return null;
  }
  const little = odd > even;
  return hasUtf16LineEnd(head, little) || most > head.length * 0.4 ? (little ? "utf-16le" : "utf-16be") : null;
}

/** Says whether the bytes are UTF-16 or UTF-32, in which any byte may be a control character. */
export function isWideText(head: Buffer): boolean {
  const marked = marks.some(({ name, bytes }) => name !== "utf-8-sig" && bytes.every((byte, at) => head[at] === byte));
  return marked || wideEncoding(head) !== null;
}

/** UTF-8 in the bytes of a text that is not valid UTF-8 throughout. */
interface Utf8Evidence {
  /** Bytes that go on with a character as UTF-8 has it: little likely in another encoding. */
  readonly valid: number;
  /** Places at which no character begins or goes on. */
  readonly broken: number;
}

function utf8Evidence(bytes: Buffer): Utf8Evidence {
  let valid = 0;
  let broken = 0;
  for (const character of bytes.toString("utf8").match(/[^\0-\x7f]/gu) ?? []) {
    const point = character.codePointAt(0) ?? 0;
    if (point === 0xfffd) {
      broken += 1;
    } else {
      valid += point > 0xffff ? 3 : point > 0x7ff ? 2 : 1;
    }
  }
  return { valid, broken };
}

/** Says whether bytes are UTF-8 in which some are broken, or whose last character is cut. */
function isBrokenUtf8(bytes: Buffer): boolean {
  const { valid, broken } = utf8Evidence(wholeCharacters(bytes));
  const share = valid / Math.max(1, valid + broken);
  return valid > 0 && share > (valid < 6 ? 0.9 : 0.72);
}

/** Only the last bytes of a long beginning are not ASCII, too few to say what they are. */
function isPlainButItsEnd(head: Buffer): boolean {
  return head.length >= longHeadBytes && isAscii(head.subarray(0, head.length - evidenceBytes));
}

/**
 * Says how the beginning of a text file is encoded. Valid UTF-8 is taken for UTF-8; whether the rest is valid too is
 * seen while reading.
 */
export async function detectEncoding(head: Buffer): Promise<TextEncoding> {
  for (const mark of marks) {
    if (mark.bytes.every((byte, index) => head[index] === byte)) {
      const twice = mark.name === "utf-8-sig" && markLength(head.subarray(mark.bytes.length), mark.name) > 0;
      return { name: mark.name, bomBytes: mark.bytes.length * (twice ? 2 : 1), confidence: 1 };
    }
  }
  const wide = wideEncoding(head);
  if (wide !== null) {
    return { name: wide, bomBytes: 0, confidence: 0.9 };
  }
  if (isIso2022Jp(head)) {
    return { name: "iso-2022-jp", bomBytes: 0, confidence: 0.95, lenient: true };
  }
  if (isUtf8(wholeCharacters(head)) || isPlainButItsEnd(head)) {
    return { name: "utf-8", bomBytes: 0, confidence: 1 };
  }
  return await detectLegacyEncoding(head);
}

/** What makes words in no encoding is damage rather than text. */
const leastConfidence = 0.4;

function isMostlyAscii(bytes: Buffer): boolean {
  let foreign = 0;
  for (const byte of bytes) {
    foreign += byte >= 0x80 ? 1 : 0;
  }
  return foreign <= bytes.length * 0.1;
}

/** The encoding of bytes that are not valid UTF-8: another encoding, or UTF-8 with some bytes broken. */
export async function detectLegacyEncoding(bytes: Buffer): Promise<TextEncoding> {
  if (isBrokenUtf8(bytes)) {
    return { name: "utf-8", bomBytes: 0, confidence: 0.8, lenient: true };
  }
  const { guessLegacyEncoding } = await import("./legacy-encoding.ts");
  const [best, second] = guessLegacyEncoding(bytes);
  const name = best?.encoding ?? "windows-1252";
  const confidence = best?.confidence ?? 0;
  if (confidence < leastConfidence && isMostlyAscii(bytes)) {
    return { name: "utf-8", bomBytes: 0, confidence: 0.5, lenient: true };
  }
  const close = second !== undefined && second.confidence > confidence * 0.85;
  return {
    name,
    bomBytes: 0,
    confidence: close ? Math.min(confidence, 0.5) : confidence,
    lenient: true,
    ...(second === undefined ? {} : { rival: second.encoding }),
  };
}
