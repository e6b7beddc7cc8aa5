import type { SecretSpan } from "./secret-span.ts";

/** A private key with the lines that begin and end it (RFC 7468). */
export interface PrivateKey {
  /** With the lines around it, as far as they are there. */
  readonly whole: SecretSpan;
  /** What is secret of it. */
  readonly secrets: readonly SecretSpan[];
}

const begins = "-----BEGIN ";
const ends = "-----END ";
const beginLine = /-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----/y;
const endLine = /-----END [A-Z0-9 ]{0,40}-----/y;
/** No key is longer: one of 16,384 bits takes 13,000 characters. */
const longest = 24_000;
/** The line ends that text in quotes has stand between the letters of a key. */
const pieces = /\\+[nrt]|[A-Za-z0-9+/=]+/g;
const lineEnds = /(?:\\+[nr]|[\r\n])+/g;
/** A line of a key may stand in quotes, behind the mark of a comment or a quotation. */
const keyLine = /^[ \t"'`,+>#*/|-]{0,24}?[A-Za-z0-9+/=]{4,}[ \t"'`,;+\\)\]]{0,12}$/;
const headerLine = /^[ \t"'`>#*/|]{0,24}[A-Z][A-Za-z-]{2,30}: /;
const leastKey = /(?=[A-Za-z+/=]{0,200}\d|[a-z0-9+/=]{0,200}[A-Z])[A-Za-z0-9+/=]{12}|[A-Za-z0-9+/=]{24}/;

/**
 * Finds private keys, whole ones and those that are cut before their end, also inside of quoted strings. A text that
 * only speaks of keys has none.
 */
export function privateKeys(text: string): readonly PrivateKey[] {
  const found: PrivateKey[] = [];
  let at = text.indexOf(begins);
  while (at >= 0) {
    const next = text.indexOf(begins, at + begins.length);
    beginLine.lastIndex = at;
    const line = beginLine.exec(text)?.[0];
    if (line !== undefined) {
      const body = at + line.length;
      const limit = Math.min(next < 0 ? text.length : next, body + longest);
      const key = keyBetween(text, body, limit);
      found.push(...(key === null ? [] : [{ ...key, whole: { start: at, end: key.whole.end } }]));
    }
    at = next;
  }
  return found;
}

function keyBetween(text: string, start: number, limit: number): PrivateKey | null {
  const body = text.slice(start, limit);
  const endsAt = body.indexOf(ends);
  const length = endsAt < 0 ? lengthOfCut(body) : endsAt;
  const inner = body.slice(0, length);
  if (!leastKey.test(inner)) {
    return null;
  }
  const secrets = Array.from(inner.matchAll(pieces))
    .filter(([piece]) => !piece.startsWith("\\"))
    .map(({ 0: piece, index }) => ({ start: start + index, end: start + index + piece.length }));
  endLine.lastIndex = start + length;
  const end = endsAt < 0 ? start + length : start + length + (endLine.exec(text)?.[0].length ?? 0);
  return { whole: { start, end }, secrets };
}

/** How far lines go on that can be those of a key, where no line says that it ends. */
function lengthOfCut(body: string): number {
  let end = 0;
  let from = 0;
  let inHeader = true;
  for (const { 0: mark, index } of [...body.matchAll(lineEnds), { 0: "", index: body.length }]) {
    const line = body.slice(from, index);
    const isKey = keyLine.test(line);
    inHeader &&= !isKey;
    if (isKey) {
      end = index;
    } else if (line.trim().length > 3 && !(inHeader && headerLine.test(line))) {
      break;
    }
    from = index + mark.length;
  }
  return end;
}
