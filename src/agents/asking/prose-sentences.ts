import type { Stretch } from "./cite/match-quote.ts";
import { sentencesOf } from "./cite/sentences.ts";

/** A sentence, and which paragraph of the text it stands in. */
export interface ProseSentence {
  readonly stretch: Stretch;
  /** Counted from zero; an item of a list and a line of code each count as one. */
  readonly paragraph: number;
}

const listItem = /^\s*(?:[-*+•]|\d{1,3}[.)、])\s/u;
const sentenceEnd = /[.!?…。！？；:：;{}|]["'”’」』）)\]*_]*$/u;
/** A shorter line was not broken because it was full. */
const fullLine = 40;

/**
 * The sentences of a text that can be quoted by themselves: none is a heading, a line of pictures or runs over the end of a paragraph, of a
 * heading or of an item of a list; lines that were only broken for their length are one sentence.
 *
 * @param longest Characters up to which lines are joined.
 */
export function proseSentences(text: string, longest: number): readonly ProseSentence[] {
  const pictures = picturesOf(text);
  const shown = sentencesOf(text).filter(
    ({ start }) => !pictures.some((line) => line.start <= start && start < line.end),
  );
  const pieces = shown.map((stretch) => ({ stretch, words: text.slice(stretch.start, stretch.end) }));
  const sentences: ProseSentence[] = [];
  let paragraph = 0;
  let before: Piece | null = null;
  for (const [index, piece] of pieces.entries()) {
    if (isHeading(piece.words) || isUnderlined(piece.words, pieces[index + 1]?.words)) {
      paragraph += 1;
      before = null;
      continue;
    }

    const link: Link = before === null ? "apart" : linkOf(before, piece, text);
    const last = sentences.at(-1);
    paragraph += link === "apart" ? 1 : 0;
    before = piece;
    if (link === "same" && last !== undefined && piece.stretch.end - last.stretch.start <= longest) {
      sentences[sentences.length - 1] = { ...last, stretch: { start: last.stretch.start, end: piece.stretch.end } };
    } else {
      sentences.push({ stretch: piece.stretch, paragraph });
    }
  }

  return sentences;
}

interface Piece {
  readonly stretch: Stretch;
  readonly words: string;
}

/** `same`: one sentence that was broken where its line was full; `next`: another in the same paragraph. */
type Link = "same" | "next" | "apart";

function linkOf(before: Piece, piece: Piece, text: string): Link {
  const gap = text.slice(before.stretch.end, piece.stretch.start);
  if (!gap.includes("\n")) {
    return "next";
  }

  const isApart = /\n\s*\n/u.test(gap) || listItem.test(piece.words) || /^[|>]| \| /u.test(piece.words);
  return isApart || before.words.length < fullLine ? "apart" : sentenceEnd.test(before.words) ? "next" : "same";
}

/** Whether a line is a heading of Markdown, or rules off a heading. */
export function isHeading(line: string): boolean {
  return /^\s*(?:#{1,6}(?:\s[^\n]*)?|[=\-~^*_]{3,})\s*$/u.test(line);
}

const picture = /!\[[^\]\n]*\](?:\([^)\n]*\)|\[[^\]\n]*\])/gu;
const linkAround = /\[\s*\](?:\([^)\n]*\)|\[[^\]\n]*\])/gu;

/** Whether a line of Markdown or HTML shows pictures and says nothing in words. */
export function isPicture(line: string): boolean {
  const isMarked = /!\[|<[a-z/!]/iu.test(line);
  const words = line
    .replaceAll(picture, "")
    .replaceAll(linkAround, "")
    .replaceAll(/<[^>\n]*>/gu, "");
  return isMarked && !/[\p{L}\p{N}]/u.test(words);
}

/** The lines of a text that only show pictures. */
function picturesOf(text: string): readonly Stretch[] {
  return Array.from(text.matchAll(/[^\n]+/gu), ({ 0: line, index }) => ({ line, index }))
    .filter(({ line }) => isPicture(line))
    .map(({ line, index }) => ({ start: index, end: index + line.length }));
}

function isUnderlined(line: string, next: string | undefined): boolean {
  return next !== undefined && /^(?:={3,}|-{3,}|~{3,}|\^{3,})$/u.test(next) && !sentenceEnd.test(line);
}
