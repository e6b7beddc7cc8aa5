import type { Marker, MarkerReading } from "./marker-reading.ts";
import { closing, quoteClosers, quoteOpeners, readPlainWords, readQuotes } from "./quoted-marker.ts";

const closers: Readonly<Record<string, string>> = { "[": "]", "【": "】", "［": "］", "(": ")", "（": "）" };

const beginning = /^[[【［(（]\s*(?:(?:passages?|sources?|段落|来源|來源|引用|文段)\s*)?#?(\d{1,3})(?!\d)/iu;
const mayBegin = /^[[【［(（]\s*(?:[a-z]{0,8}|[段落来源來引用文]{0,2})\s*#?\d{0,3}$/iu;
const furtherNumbers = /^(?:\s*[,，、;；–-]\s*(?:(?:passages?|段落)\s*)?#?\d{1,3})*/iu;
const toQuote = new RegExp(`^\\s*[:：,，]?\\s*(${quoteOpeners})`, "u");
const mayClose = /^\s*(?:[,，、;；–-]\s*(?:[a-z]{0,8}|[段落]{0,2})\s*#?|†[^】\]\n]{0,80})?$/iu;
const toPlainWords = /^\s*[:：]\s*(?=\S)/u;

/**
 * Looks whether a text begins with a marker: `[2: "words"]`, `[2]`, `[1, 3]`, `【2】`, `(2)`, `[2]: "words"`.
 *
 * @param ended Nothing follows the text.
 * @param atLineStart Where `[1]: …` defines a link or a footnote.
 */
export function readMarker(
  text: string,
  { ended, atLineStart }: { readonly ended: boolean; readonly atLineStart: boolean },
): MarkerReading {
  if (!ended && mayBegin.test(text)) {
    return { status: "wait" };
  }

  const [head, digits = ""] = beginning.exec(text) ?? [];
  const closer = closers[text.charAt(0)];
  if (head === undefined || closer === undefined) {
    return { status: "none" };
  }

  const rest = text.slice(head.length);
  if (!ended && /^\s*[:：,，]?\s*$/u.test(rest)) {
    return { status: "wait" };
  }

  const quoted = toQuote.exec(rest);
  if (quoted !== null) {
    const at = head.length + quoted[0].length;
    return readQuotes(text, { passage: Number(digits), at, opener: quoted[1] ?? '"', closer, ended });
  }

  const plain = toPlainWords.exec(rest);
  if (plain !== null) {
    return readPlainWords(text, { passage: Number(digits), at: head.length + plain[0].length, closer, ended });
  }

  return readBare(text, { head, first: Number(digits), closer, ended, atLineStart });
}

interface BareStart {
  readonly head: string;
  readonly first: number;
  readonly closer: string;
  readonly ended: boolean;
  readonly atLineStart: boolean;
}

function readBare(text: string, start: BareStart): MarkerReading {
  const { head, first, closer, ended } = start;
  const rest = text.slice(head.length);
  const list = furtherNumbers.exec(rest)?.[0] ?? "";
  const behind = rest.slice(list.length);
  const end = new RegExp(`^\\s*(?:†[^】\\]\\n]{0,80})?${closing(closer)}`, "u").exec(behind)?.[0];
  if (end === undefined) {
    return !ended && mayClose.test(behind) ? { status: "wait" } : { status: "none" };
  }

  const length = head.length + list.length + end.length;
  const round = closer === ")" || closer === "）";
  const after = round ? null : readBehind(text, { ...start, length, isOne: list === "" });
  const marker: Marker = { kind: "bare", passages: numbersOf(first, list), round };
  return after ?? { status: "marker", marker, length };
}

/** What follows `[1]` may make it a link, a footnote, or the beginning of `[1]: "words"`; `null` where it does not. */
function readBehind(
  text: string,
  {
    first,
    closer,
    ended,
    atLineStart,
    length,
    isOne,
  }: BareStart & { readonly length: number; readonly isOne: boolean },
): MarkerReading | null {
  const next = text.slice(length);
  const colon = /^\s*[:：]\s*/u.exec(next)?.[0];
  const beyond = next.slice(colon?.length ?? 0);
  if (beyond === "" && !ended) {
    return { status: "wait" };
  }

  if (colon === undefined) {
    return next.startsWith("(") && closer === "]" ? { status: "none" } : null;
  }

  const opener = beyond.charAt(0);
  if (isOne && opener in quoteClosers) {
    return readQuotes(text, { passage: first, at: length + colon.length + 1, opener, closer: "", ended });
  }

  return atLineStart ? { status: "none" } : null;
}

/** The numbers of `1, 3–5`. */
function numbersOf(first: number, list: string): readonly number[] {
  const numbers = [first];
  for (const [, sign = "", digits = ""] of list.matchAll(/([,，、;；–-])\D*(\d{1,3})/gu)) {
    const number = Number(digits);
    const last = numbers.at(-1) ?? number;
    const isRange = (sign === "-" || sign === "–") && number > last && number - last < 10;
    numbers.push(...(isRange ? Array.from({ length: number - last }, (_item, index) => last + index + 1) : [number]));
  }

  return [...new Set(numbers)];
}
