import type { Stretch } from "./match-quote.ts";

const sentenceEnd = /[.!?…]["'”’)\]]*\s+(?=["'“‘([]?[\p{Lu}\p{N}\p{Lo}])|[。！？；…]+[”’」』）】"']*\s*|\r?\n/gu;
const longestSentence = 400;

/** The sentences and lines of a text, white space at their ends left out. Limit: long ones are cut at a space. */
export function sentencesOf(text: string): readonly Stretch[] {
  const ends = Array.from(text.matchAll(sentenceEnd), ({ 0: mark, index }) => index + mark.length);
  const sentences: Stretch[] = [];
  let start = 0;
  for (const end of [...ends, text.length]) {
    sentences.push(...cut(text, trimmed(text, { start, end })));
    start = end;
  }

  return sentences.filter((sentence) => sentence.end > sentence.start);
}

function trimmed(text: string, { start, end }: Stretch): Stretch {
  const part = text.slice(start, end);
  const from = start + (part.length - part.trimStart().length);
  return { start: from, end: Math.max(from, end - (part.length - part.trimEnd().length)) };
}

function cut(text: string, sentence: Stretch): readonly Stretch[] {
  if (sentence.end - sentence.start <= longestSentence) {
    return [sentence];
  }

  const space = text.lastIndexOf(" ", sentence.start + longestSentence);
  const middle = space > sentence.start ? space : sentence.start + longestSentence;
  const first = trimmed(text, { start: sentence.start, end: middle });
  return [first, ...cut(text, trimmed(text, { start: Math.max(middle, first.end), end: sentence.end }))];
}
