/** Behind a sentence: its mark, what closes quotes and brackets, white space. */
const sentenceEnd = /[.!?…]["'”’)\]]*\s+(?=["'“‘([]?[\p{Lu}\p{N}])|[。！？；…]+[”’」』）】"']*\s*|\r?\n/gu;
const clauseEnd = /[,;:，、：}\])]\s*|\s+/gu;

/** Where the sentences of a stretch of text begin, without the first, in UTF-16 units of the whole text. */
export function sentenceStarts(text: string, start: number, end: number): readonly number[] {
  return startsAfter(sentenceEnd, text, start, end);
}

/** Where clauses and words begin: for stretches without sentences. */
export function clauseStarts(text: string, start: number, end: number): readonly number[] {
  return startsAfter(clauseEnd, text, start, end);
}

function startsAfter(pattern: RegExp, text: string, start: number, end: number): readonly number[] {
  return Array.from(text.slice(start, end).matchAll(pattern), (match) => start + match.index + match[0].length).filter(
    (position) => position < end,
  );
}
