import type { Stretch } from "./cite/match-quote.ts";
import { isHeading, proseSentences } from "./prose-sentences.ts";
import { type QuestionTerms, termsIn, weightOf } from "./question-terms.ts";

/** What a passage says to a question. */
export interface BestStretch {
  readonly stretch: Stretch;
  /** The head of the table that a row stands in; empty where it is none. */
  readonly head: string;
}

/** A sentence, a line or a row of a table that can be quoted. */
export interface Quotable extends BestStretch {
  readonly paragraph: number;
  readonly isTitle: boolean;
}

const longestItem = 320;
const shortItem = 60;
/** What stands between two sentences that are quoted together. */
const longestGap = 160;
const headShare = 0.5;
/** What a title says less than a sentence: it stands only where no sentence has any of the terms. */
const titleShare = 0.01;
const row = /\S \| \S|^[^\S\n]*\|.*\|[^\S\n]*$/u;
/** A row that says the head of each cell itself. */
const labelled = /^[^|:：]{1,40}[:：][^|]*(?:\|[^|:：]{1,40}[:：][^|]*)*$/u;
const mostTitleWords = 5;
/** Ends a sentence or code, has a figure, or begins an item of a list. */
const noTitle = /[.!?…。！？；;{}]["'”’)\]]*$|\d|^\s*[-*+•]\s/u;
const rule = /^[\s|:+-]*-{2,}[\s|:+-]*$/u;

/** What can be quoted of a text: its sentences, and the rows of its tables one by one. */
export function quotablesOf(text: string): readonly Quotable[] {
  const rows = rowsOf(text);
  const sentences = proseSentences(text, longestItem);
  const prose = sentences
    .filter(({ stretch }) => !rows.some((other) => overlaps(other.stretch, stretch)))
    .map(({ stretch, paragraph }) => ({ stretch, paragraph, head: "", isTitle: isTitle(text, stretch) }));
  const quoted = rows.filter(({ isTitle: isHead }) => !isHead);
  return [...prose, ...quoted].toSorted((a, b) => a.stretch.start - b.stretch.start);
}

/**
 * The part of a text that says most to a question: a sentence or a row, and beside it what has the terms that it lacks.
 *
 * @param place The headings that the text stands under: their terms need not be said again.
 */
export function bestStretch(text: string, terms: QuestionTerms, place = ""): BestStretch {
  const quotables = quotablesOf(text);
  const titles = new Set(place.split(" > "));
  const scored = quotables.map((quotable) => {
    const words = text.slice(quotable.stretch.start, quotable.stretch.end);
    const found = termsIn(words, terms);
    const score = weightOf(found, terms) + headShare * weightOf(termsIn(quotable.head, terms), terms);
    const isPlace = titles.has(words);
    return { quotable, found, score: quotable.isTitle ? -1 : isPlace ? score * titleShare : score };
  });
  const [first, ...others] = scored;
  if (first === undefined) {
    return { stretch: { start: 0, end: Math.min(text.length, longestItem) }, head: "" };
  }

  const best = others.reduce((one, other) => (other.score > one.score ? other : one), first);
  const { stretch, head } = best.quotable;
  if (head !== "") {
    return { stretch, head };
  }

  const prose = scored.filter(({ quotable }) => quotable.head === "" && !quotable.isTitle);
  const headings = text.split("\n").filter((line) => isHeading(line));
  const said = [...best.found, ...termsIn([place, ...headings].join("\n"), terms)];
  const whole = withOthers(text, { stretch, found: new Set(said) }, prose);
  const next = quotables[quotables.indexOf(best.quotable) + 1];
  const isShort = whole.end - whole.start < shortItem && next?.paragraph === best.quotable.paragraph;
  const end =
    isShort && next.stretch.end - whole.start <= longestItem ? Math.max(next.stretch.end, whole.end) : whole.end;
  return { stretch: { start: whole.start, end }, head: "" };
}

interface Found {
  readonly stretch: Stretch;
  readonly found: ReadonlySet<string>;
}

/** A sentence with those near it that have terms which it lacks. */
function withOthers(
  text: string,
  { stretch, found }: Found,
  prose: readonly { readonly quotable: Quotable; readonly found: ReadonlySet<string> }[],
): Stretch {
  const near = prose
    .filter((other) => [...other.found].some((term) => !found.has(term)))
    .map((other) => ({ other, joined: joinOf(stretch, other.quotable.stretch) }))
    .filter(({ joined, other }) => mayJoin(text, joined, [stretch, other.quotable.stretch]))
    .toSorted((a, b) => lengthOf(a.joined) - lengthOf(b.joined));
  const [nearest] = near;
  return nearest === undefined
    ? stretch
    : withOthers(text, { stretch: nearest.joined, found: new Set([...found, ...nearest.other.found]) }, prose);
}

function mayJoin(text: string, joined: Stretch, [one, other]: readonly [Stretch, Stretch]): boolean {
  const gap = lengthOf(joined) - lengthOf(one) - lengthOf(other);
  const hasHeading = /^\s*#{1,6}\s/mu.test(text.slice(joined.start, joined.end));
  return gap >= 0 && gap <= longestGap && lengthOf(joined) <= longestItem && !hasHeading;
}

function joinOf(one: Stretch, other: Stretch): Stretch {
  return { start: Math.min(one.start, other.start), end: Math.max(one.end, other.end) };
}

function lengthOf({ start, end }: Stretch): number {
  return end - start;
}

function overlaps(one: Stretch, other: Stretch): boolean {
  return one.start < other.end && other.start < one.end;
}

/** A short line by itself above a paragraph, that ends no sentence. */
function isTitle(text: string, { start, end }: Stretch): boolean {
  const words = text.slice(start, end);
  const isAlone =
    /(?:^|\n\s*\n)\s*$/u.test(text.slice(0, start)) && /^[^\S\n]*\n[^\S\n]*\n\s*\S/u.test(text.slice(end));
  const isShort = words.length < shortItem && words.split(/\s+/u).length <= mostTitleWords;
  return isAlone && isShort && !noTitle.test(words);
}

/** The rows of the tables in a text, each with the head of its table; heads and rules are titles. */
function rowsOf(text: string): readonly Quotable[] {
  const rows: Quotable[] = [];
  let head: string | null = null;
  let at = 0;
  for (const [index, line] of text.split("\n").entries()) {
    const words = line.trim();
    const start = at + (line.length - line.trimStart().length);
    const place = { stretch: { start, end: start + words.length }, paragraph: -1 - index };
    const isRule = rule.test(line) && line.includes("|");
    if (!isRule && !row.test(line)) {
      head = null;
    } else if (!isRule && labelled.test(words)) {
      rows.push({ ...place, head: "", isTitle: false });
    } else {
      const isHead: boolean = isRule || head === null || barsIn(head) !== barsIn(words);
      rows.push({ ...place, head: head ?? "", isTitle: isHead });
      head = isHead && !isRule ? words : head;
    }

    at += line.length + 1;
  }

  return rows.some((other) => !other.isTitle) ? rows : [];
}

function barsIn(line: string): number {
  return line.split("|").length;
}
