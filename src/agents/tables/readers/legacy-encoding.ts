import chardet from "chardet";
import iconv from "iconv-lite";

/** Turns bytes into text, piece by piece. */
export interface Decoder {
  decode(bytes: Buffer): string;
  /** What is left at the end of the file. */
  end(): string;
}

/** Says whether there is a decoder for `encoding`. */
export function canDecode(encoding: string): boolean {
  return iconv.encodingExists(encoding);
}

/** A decoder of any encoding but UTF-8. A byte order mark stays. */
export function legacyDecoder(encoding: string): Decoder {
  const decoder = iconv.getDecoder(encoding, { stripBOM: false });
  return { decode: (bytes) => decoder.write(bytes), end: () => decoder.end() ?? "" };
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

/** Names of chardet that stand for one of ours. */
const chardetNames: Readonly<Record<string, string>> = {
  GB18030: "gb18030",
  Big5: "big5",
  Shift_JIS: "shift_jis",
  "EUC-JP": "euc-jp",
  "EUC-KR": "euc-kr",
  "ISO-8859-1": "windows-1252",
  "ISO-8859-2": "windows-1250",
  "ISO-8859-5": "windows-1251",
  "ISO-8859-7": "windows-1253",
  "ISO-8859-9": "windows-1254",
  "windows-1250": "windows-1250",
  "windows-1251": "windows-1251",
  "windows-1252": "windows-1252",
  "windows-1253": "windows-1253",
  "windows-1254": "windows-1254",
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
  for (let at = 0; at < sample.length; at += 1) {
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

/** Share of the non-ASCII characters of `text` for which `common` holds; 0 when something could not be decoded. */
function share(text: string, common: RegExp): number {
  const foreign = text.match(/[^\0-\x7f]/gu) ?? [];
  if (foreign.length === 0 || text.includes("\ufffd") || /[\ue000-\uf8ff\x80-\x9f]/u.test(text)) {
    return 0;
  }
  return foreign.filter((character) => common.test(character)).length / foreign.length;
}

function gb18030(sample: Buffer, counts: PairCounts): Candidate {
  const decoded = share(iconv.decode(sample, "gb18030"), /[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef\u2010-\u2027]/u);
  const common = counts.shared + counts.laterHanzi + counts.punctuation;
  const usual = (common + counts.rareHanzi * 0.3) / Math.max(1, counts.pairs + counts.singles * 0.5);
  const korean = counts.pairs >= 8 && counts.laterHanzi + counts.rareHanzi === 0 && counts.singles === 0 ? 0.5 : 1;
  return { encoding: "gb18030", plausibility: decoded * Math.min(1, usual) * korean };
}

function big5(sample: Buffer): Candidate {
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
  const decoded = share(iconv.decode(sample, "big5"), /[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef\ufe30-\ufe4f]/u);
  return { encoding: "big5", plausibility: decoded * (frequent / Math.max(1, pairs)) };
}

function eucKr(sample: Buffer, counts: PairCounts): Candidate {
  const hangul = share(iconv.decode(sample, "euc-kr"), /[\uac00-\ud7af\u3130-\u318f\u3000-\u303f]/u);
  return { encoding: "euc-kr", plausibility: hangul * (counts.laterHanzi + counts.rareHanzi === 0 ? 0.95 : 0.6) };
}

/** Kana make Japanese: without them, kanji alone are no evidence. */
function japanese(sample: Buffer, encoding: "shift_jis" | "euc-jp"): Candidate {
  const text = iconv.decode(sample, encoding);
  const readable = share(text, /[\u3000-\u30ff\u4e00-\u9fff\uff00-\uff60]/u);
  const kana = (text.match(/[\u3040-\u30ff]/gu) ?? []).length;
  const foreign = Math.max(1, (text.match(/[^\0-\x7f]/gu) ?? []).length);
  return { encoding, plausibility: readable * Math.min(1, 0.35 + (2 * kana) / foreign) };
}

/** Western and Cyrillic text: letters with single high bytes. */
function singleByte(sample: Buffer): Candidate[] {
  return chardet
    .analyse(sample)
    .filter((match) => /^(ISO-8859|windows-125|KOI8)/u.test(match.name))
    .map((match) => {
      const encoding = chardetNames[match.name] ?? "windows-1252";
      const text = iconv.decode(sample, encoding);
      const letters = share(text, /[\p{L}\u2010-\u2027\u20ac\u00a3\u00a7\u00b0\u00b2\u00b3\u00b5\u00ab\u00bb]/u);
      return { encoding, plausibility: letters * wordShape(text) * (0.6 + (0.4 * match.confidence) / 100) };
    });
}

/** How far the non-ASCII letters look like parts of words: beside letters of the same script, in the usual case. */
function wordShape(text: string): number {
  const words = text.match(/\p{L}*[^\0-\x7f]\p{L}*/gu) ?? [];
  if (words.length === 0) {
    return 0.5;
  }
  const good = words.filter((word) => {
    const latin = /\p{Script=Latin}/u.test(word);
    const mixed = latin && /[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(word);
    const oddCase = /\p{Ll}\p{Lu}/u.test(word) || /^[^\0-\x7f]{4,}$/u.test(latin ? word : "");
    return !mixed && !oddCase;
  });
  return good.length / words.length;
}

/** The part of a buffer around its non-ASCII bytes, at most 64 kB, whole lines where possible. */
export function foreignSample(bytes: Buffer): Buffer {
  const first = bytes.findIndex((byte) => byte >= 0x80);
  const lineStart = first <= 0 ? 0 : bytes.lastIndexOf(10, first) + 1;
  const window = bytes.subarray(lineStart, lineStart + 65536);
  const lineEnd = window.lastIndexOf(10);
  return lineEnd > 0 && lineStart + 65536 < bytes.length ? window.subarray(0, lineEnd + 1) : window;
}

/** Guesses the encoding of text that is not Unicode, best guess first. Never empty. */
export function guessLegacyEncoding(bytes: Buffer): readonly EncodingGuess[] {
  const sample = foreignSample(bytes);
  const counts = countPairs(sample);
  const prior = new Map(chardet.analyse(sample).map((match) => [chardetNames[match.name], match.confidence / 100]));
  const candidates = [
    gb18030(sample, counts),
    big5(sample),
    eucKr(sample, counts),
    japanese(sample, "shift_jis"),
    japanese(sample, "euc-jp"),
    ...singleByte(sample),
  ];
  const guesses = candidates
    .map(({ encoding, plausibility }) => ({
      encoding,
      confidence: plausibility === 0 ? 0 : Math.min(1, plausibility * 0.8 + (prior.get(encoding) ?? 0) * 0.2),
    }))
    .filter((guess) => guess.confidence > 0)
    .toSorted((a, b) => b.confidence - a.confidence);
  return guesses.length > 0 ? guesses : [{ encoding: "windows-1252", confidence: 0.1 }];
}
