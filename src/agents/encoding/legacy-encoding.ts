import chardet from "chardet";
import iconv from "iconv-lite";
import { commonKanji, commonShare, commonSimplified, commonTraditional } from "./common-characters.ts";
import { eucFromIso2022 } from "./iso-2022-jp.ts";
import { singleByteGuesses } from "./single-byte-encoding.ts";

/** Turns bytes into text, piece by piece. */
export interface Decoder {
  decode(bytes: Buffer): string;
  /** What is left at the end of the file. */
  end(): string;
}

/** Says whether there is a decoder for `encoding`. */
export function canDecode(encoding: string): boolean {
  return encoding === "iso-2022-jp" || iconv.encodingExists(encoding);
}

/** A decoder of any encoding but UTF-8. A byte order mark stays. */
export function legacyDecoder(encoding: string): Decoder {
  if (encoding === "iso-2022-jp") {
    const euc = iconv.getDecoder("euc-jp");
    const transform = eucFromIso2022();
    return { decode: (bytes) => euc.write(transform(bytes)), end: () => euc.end() ?? "" };
  }
  const decoder = iconv.getDecoder(encoding, { stripBOM: false });
  return { decode: (bytes) => decoder.write(bytes), end: () => decoder.end() ?? "" };
}

/** The text of a sample, without a character that is cut at its end. */
function decodeSample(sample: Buffer, encoding: string): string {
  return iconv.getDecoder(encoding, { stripBOM: false }).write(sample);
}

/** An encoding other than Unicode, and how sure one can be, 0 to 1. */
export interface EncodingGuess {
  readonly encoding: string;
  readonly confidence: number;
}

interface Candidate {
  readonly encoding: string;
  /** Share of the non-ASCII characters that are common in texts of this encoding, 0 to 1. */
  readonly plausibility: number;
}

/** Names of chardet, whose vote counts a little. */
const chardetNames: Readonly<Record<string, string>> = {
  GB18030: "gb18030",
  Big5: "big5",
  Shift_JIS: "shift_jis",
  "EUC-JP": "euc-jp",
  "EUC-KR": "euc-kr",
  "ISO-8859-1": "windows-1252",
  "ISO-8859-2": "windows-1250",
  "ISO-8859-7": "windows-1253",
  "ISO-8859-9": "windows-1254",
  "KOI8-R": "koi8-r",
};

/** Two-byte characters of a sample: counts by what each encoding would make of them. */
interface PairCounts {
  pairs: number;
  singles: number;
  /** Lead bytes B0 to C8: common hanzi in GB2312 and every syllable of EUC-KR. */
  shared: number;
  /** Lead bytes C9 to D7: common hanzi in GB2312, hanja in EUC-KR. */
  laterHanzi: number;
  rareHanzi: number;
  punctuation: number;
  kana: number;
}

function countPairs(sample: Buffer): PairCounts {
  const counts: PairCounts = { pairs: 0, singles: 0, shared: 0, laterHanzi: 0, rareHanzi: 0, punctuation: 0, kana: 0 };
  for (let at = 0; at < sample.length - 1; at += 1) {
    const lead = sample[at] ?? 0;
    if (lead < 0x80) {
      continue;
    }
    const trail = sample[at + 1] ?? 0;
    if (lead < 0xa1 || trail < 0xa1) {
      counts.singles += 1;
      at += trail >= 0x40 && lead > 0x80 ? 1 : 0;
      continue;
    }
    counts.pairs += 1;
    at += 1;
    countPair(counts, lead);
  }
  return counts;
}

function countPair(counts: PairCounts, lead: number): void {
  if (lead >= 0xb0 && lead <= 0xc8) {
    counts.shared += 1;
  } else if (lead >= 0xc9 && lead <= 0xd7) {
    counts.laterHanzi += 1;
  } else if (lead >= 0xd8 && lead <= 0xf7) {
    counts.rareHanzi += 1;
  } else if (lead === 0xa4 || lead === 0xa5) {
    counts.kana += 1;
  } else if (lead <= 0xa3) {
    counts.punctuation += 1;
  }
}

/**
 * Share of the non-ASCII characters of `text` for which `common` holds; 0 when something could not be decoded.
 *
 * @param lenient some of them may be broken, at most one in six; they lower the share much
 */
function share(text: string, common: RegExp, lenient: boolean): number {
  const foreign = text.match(/[^\0-\x7f]/gu) ?? [];
  const broken = text.match(/[\ufffd\ue000-\uf8ff\x80-\x9f]/gu)?.length ?? 0;
  if (foreign.length === 0 || (broken > 0 && !lenient)) {
    return 0;
  }
  const intact = broken === 0 ? 1 : Math.max(0, 0.9 - (5 * broken) / foreign.length);
  return (intact * foreign.filter((character) => common.test(character)).length) / foreign.length;
}

/** Rare characters only: hardly a text of the language. */
function familiar(text: string, common: ReadonlySet<string>): number {
  return 0.5 + 0.5 * Math.min(1, commonShare(text, common) / 0.4);
}

/** Signs that stand in Chinese tables in two bytes, also where there is no other Chinese. */
const wideSigns = /^[\0-\x7f、。·—～‘’“”《》±×÷→℃‰№①-⑩ⅠⅡⅢⅣ\uff01-\uff5e￥]*$/u;

function gb18030(sample: Buffer, counts: PairCounts, lenient: boolean): Candidate {
  const text = decodeSample(sample, "gb18030");
  const decoded = share(text, /[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef\u2010-\u2027±×÷·→℃‰№①-⑩Ⅰ-Ⅻ]/u, lenient);
  const common = counts.shared + counts.laterHanzi + counts.punctuation;
  const usual = (common + counts.rareHanzi * 0.3) / Math.max(1, counts.pairs + counts.singles * 0.5);
  const known = wideSigns.test(text) ? 0.9 : familiar(text, commonSimplified);
  return { encoding: "gb18030", plausibility: decoded * Math.min(1, usual) * known };
}

function big5(sample: Buffer, lenient: boolean): Candidate {
  let frequent = 0;
  let pairs = 0;
  for (let at = 0; at < sample.length; at += 1) {
    const lead = sample[at] ?? 0;
    if (lead >= 0x81) {
      pairs += 1;
      frequent += lead >= 0xa1 && lead <= 0xc6 ? 1 : lead <= 0xf9 ? 0.3 : 0;
      at += 1;
    }
  }
  const text = decodeSample(sample, "big5");
  const decoded = share(text, /[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef\ufe30-\ufe4f]/u, lenient);
  const usual = frequent / Math.max(1, pairs);
  return { encoding: "big5", plausibility: decoded * usual * familiar(text, commonTraditional) };
}

function eucKr(sample: Buffer, counts: PairCounts, lenient: boolean): Candidate {
  const hangul = share(decodeSample(sample, "euc-kr"), /[\uac00-\ud7af\u3130-\u318f\u3000-\u303f]/u, lenient);
  // Syllables beyond the standard set, whose second byte may be a letter, are rare.
  const standard = counts.pairs / Math.max(1, counts.pairs + 2 * counts.singles);
  return {
    encoding: "euc-kr",
    plausibility: hangul * standard * (counts.laterHanzi + counts.rareHanzi === 0 ? 0.95 : 0.6),
  };
}

/** Kana make Japanese, and the kanji of Japanese tables; kanji alone are little evidence. */
function japanese(sample: Buffer, encoding: "shift_jis" | "euc-jp", lenient: boolean): Candidate {
  const text = decodeSample(sample, encoding);
  const readable = share(text, /[\u3000-\u30ff\u4e00-\u9fff\uff00-\uff9f]/u, lenient);
  const foreign = Math.max(1, (text.match(/[^\0-\x7f]/gu) ?? []).length);
  const kana = (text.match(/[\u3040-\u30ff]/gu) ?? []).length;
  const narrow = (text.match(/[\uff66-\uff9f]/gu) ?? []).length;
  const kanji = commonShare(text, commonKanji) * (1 - narrow / foreign);
  const evidence = 0.35 + (2 * kana) / foreign + 0.5 * kanji + ((0.4 * narrow) / foreign) * Math.min(1, narrow / 4);
  return { encoding, plausibility: readable * Math.min(1, evidence) };
}

/** The part of a buffer around its non-ASCII bytes, at most 64 kB, whole lines where possible. */
export function foreignSample(bytes: Buffer): Buffer {
  const first = bytes.findIndex((byte) => byte >= 0x80);
  const lineStart = first <= 0 ? 0 : bytes.lastIndexOf(10, first) + 1;
  const window = bytes.subarray(lineStart, lineStart + 65536);
  const lineEnd = window.lastIndexOf(10);
  return lineEnd > 0 && lineStart + 65536 < bytes.length ? window.subarray(0, lineEnd + 1) : window;
}

/** Single bytes; a little less likely where the bytes pair up to a text of another kind. */
function singleByteCandidates(sample: Buffer, pairs: readonly Candidate[]): Candidate[] {
  const paired = Math.max(...pairs.map((candidate) => candidate.plausibility));
  return singleByteGuesses(sample).map(({ encoding, plausibility }) => ({
    encoding,
    plausibility: paired > 0.85 ? plausibility * 0.8 : plausibility,
  }));
}

function pairCandidates(sample: Buffer, counts: PairCounts, lenient: boolean): Candidate[] {
  return [
    gb18030(sample, counts, lenient),
    big5(sample, lenient),
    eucKr(sample, counts, lenient),
    japanese(sample, "shift_jis", lenient),
    japanese(sample, "euc-jp", lenient),
  ];
}

/** Guesses the encoding of text that is not Unicode, best guess first. Never empty. */
export function guessLegacyEncoding(bytes: Buffer): readonly EncodingGuess[] {
  const sample = foreignSample(bytes);
  const counts = countPairs(sample);
  const prior = new Map(chardet.analyse(sample).map((match) => [chardetNames[match.name], match.confidence / 100]));
  const whole = pairCandidates(sample, counts, false);
  const candidates = whole.some(({ plausibility }) => plausibility > 0.4)
    ? whole
    : pairCandidates(sample, counts, true);
  const guesses = [...candidates, ...singleByteCandidates(sample, candidates)]
    .map(({ encoding, plausibility }) => ({
      encoding,
      confidence: plausibility === 0 ? 0 : Math.min(1, plausibility * 0.88 + (prior.get(encoding) ?? 0) * 0.12),
    }))
    .filter((guess) => guess.confidence > 0)
    .toSorted((a, b) => b.confidence - a.confidence);
  return guesses.length > 0 ? guesses : [{ encoding: "windows-1252", confidence: 0.1 }];
}
