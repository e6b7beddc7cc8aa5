import { looksTyped } from "../profile/parse-cell.ts";
import type { DialectChoice } from "../../ports/table-profiler.ts";
import { commentOf } from "./detect-comment.ts";
import { blankSplitting, longMark, paddedMark } from "./detect-lines.ts";
import { fixedColumns } from "./fixed-columns.ts";
import { delimiterName, lineSplitter, splittingNamed, type LineSplitting } from "./line-splitting.ts";
import { tableRegion, usualWidth } from "./table-region.ts";
import { tokenize, type TokenizerOptions } from "./csv-tokenizer.ts";

/** How the records of a text file are written. */
export interface TextDialect extends TokenizerOptions {
  /** The first line is `sep=X` and no record. */
  readonly separatorLine: boolean;
  /** What comment lines begin with, or `null`. */
  readonly comment: string | null;
  /** How lines are split where no single character parts the cells. */
  readonly splitting: LineSplitting | null;
  /** Lines are cells: there is one column. */
  readonly single: boolean;
}

const delimiters = [",", "\t", ";", "|", "^", "~", ":", "\u0001", "\u001f", "¦", "!", "§", "，", "；"] as const;
const sampleRows = 400;
const sampleLength = 32 * 1024;

interface Score {
  readonly delimiter: string;
  readonly quote: string | null;
  readonly score: number;
}

/** Share of cells that look like one value: typed, empty, or plain words without another delimiter in them. */
function cellQuality(rows: readonly (readonly string[])[], delimiter: string): number {
  let good = 0;
  let total = 0;
  for (const row of rows) {
    for (const cell of row) {
      total += 1;
      if (cell === "" || looksTyped(cell)) {
        good += 1;
      } else if (!delimiters.slice(0, 4).some((other) => other !== delimiter && cell.includes(other))) {
        good += 0.8;
      } else {
        good += 0.35;
      }
    }
  }
  return total === 0 ? 0 : good / total;
}

/** Most colons part hours, minutes and seconds. */
function isOfTimes(text: string): boolean {
  return (text.match(/(?<=\d):[0-5]\d/gu) ?? []).length * 2 > text.split(":").length - 1;
}

/** Records behind a quote that does not close are no evidence. */
function scoreDelimiter(text: string, delimiter: string, quote: string | null): Score {
  const split = tokenize(text, { delimiter, quote, escape: null, skipInitialSpace: false });
  const rows = split.rows.slice(0, sampleRows);
  const { width, share, coverage } = tableRegion(rows.map((row) => row.length));
  if (width < 2) {
    return { delimiter, quote, score: 0 };
  }
  const usual = rows.filter((row) => row.length === width);
  const consistency = share ** 1.5 * coverage ** 0.5;
  const rank = 1 - delimiters.findIndex((known) => known === delimiter) * 0.01;
  const unclosed = split.unclosedQuoteLine === null ? 1 : 0.7;
  // Colons stand in times, below names that have none.
  const named = delimiter !== ":" || (rows[0]?.length ?? 0) > 1 ? 1 : 0.5;
  const score = consistency * (1 - 0.6 / width) * (0.3 + 0.7 * cellQuality(usual, delimiter)) * rank * unclosed * named;
  return { delimiter, quote, score };
}

/** A backslash is an escape when one stands before a quote or a delimiter and doubled quotes are rare. */
function escapeOf(text: string, delimiter: string, quote: string | null): string | null {
  const before = quote ?? '"';
  const escaped = text.split(`\\${before}`).length - 1 + (text.split(`\\${delimiter}`).length - 1);
  if (escaped === 0 || !text.includes("\\")) {
    return null;
  }
  const options = { delimiter, quote, skipInitialSpace: false };
  const widthsWith = tokenize(text, { ...options, escape: "\\" });
  const widthsWithout = tokenize(text, { ...options, escape: null });
  const shareWith = usualWidth(widthsWith.rows.map((row) => row.length)).share;
  const shareWithout = usualWidth(widthsWithout.rows.map((row) => row.length)).share;
  const closes = widthsWith.unclosedQuoteLine === null || widthsWithout.unclosedQuoteLine !== null;
  const doubled = text.split(`${before}${before}`).length - 1 > text.split(`\\${before}`).length;
  return closes && shareWith >= shareWithout && !doubled ? "\\" : null;
}

/** Blanks behind every delimiter are layout. */
function hasInitialSpace(text: string, delimiter: string): boolean {
  const all = text.split(delimiter).length - 1;
  return delimiter !== "\t" && all > 0 && text.split(`${delimiter} `).length - 1 === all;
}

/** Apostrophes quote where most of them stand beside a delimiter or a line end. */
function singleQuoted(text: string, best: Score): Score {
  const apostrophes = text.split("'").length - 1;
  if (text.includes('"') || apostrophes < 4) {
    return best;
  }
  const { delimiter } = best;
  const outer = `\n${text}\n`;
  const opened = outer.split(`${delimiter}'`).length + outer.split("\n'").length - 2;
  const closed = outer.split(`'${delimiter}`).length + outer.split("'\n").length - 2;
  const single = scoreDelimiter(text, delimiter, "'");
  const most = opened + closed >= apostrophes * 0.7 && closed >= opened * 0.7;
  return most && single.score >= best.score * 0.9 ? single : best;
}

function bestDelimiter(text: string): Score {
  const times = isOfTimes(text);
  const present = delimiters.filter((delimiter) => text.includes(delimiter) && !(delimiter === ":" && times));
  const scores = present.map((delimiter) => scoreDelimiter(text, delimiter, '"'));
  const best = scores.reduce<Score>((a, b) => (b.score > a.score ? b : a), { delimiter: ",", quote: '"', score: 0 });
  return singleQuoted(text, best);
}

/** Most lines have no delimiter, the first among them: they are cells of one column. */
function isSingleColumn(lines: readonly string[], { delimiter, score }: Score): boolean {
  const filled = lines.filter((line) => line.trim() !== "");
  const rows = filled.map((line) => line.split(delimiter));
  const parted = rows.filter((row) => row.length > 1);
  const typed = parted.some((row) => row.some((cell) => looksTyped(cell.trim())));
  const loose = tableRegion(rows.map((row) => row.length)).share < 0.8 || (parted.length < 3 && !typed);
  return score > 0 && score < 0.5 && rows[0]?.length === 1 && parted.length < filled.length * 0.6 && loose;
}

/** Quotes join lines that are whole rows without them: they are ordinary characters, such as inches. */
function isQuoteOrdinary(text: string, { delimiter, quote }: Score): boolean {
  if (quote === null || !text.includes(quote)) {
    return false;
  }
  const split = (mark: string | null) =>
    tokenize(text, { delimiter, quote: mark, escape: null, skipInitialSpace: false });
  const quoted = split(quote);
  const plain = split(null).rows.map((row) => row.length);
  const { width, share } = usualWidth(plain);
  // A quote that never closes is told where the whole file is read.
  const joins = quoted.unclosedQuoteLine === null && plain.length > quoted.rows.length;
  return joins && width >= 2 && share === 1 && usualWidth(quoted.rows.map((row) => row.length)).width === width;
}

interface Delimiting {
  readonly delimiter: string;
  readonly quote: string | null;
  readonly splitting: LineSplitting | null;
  readonly single: boolean;
}

/** The delimiter that the file or the person names. */
function namedDelimiting(lines: readonly string[], named: string): Delimiting {
  const columns = named === "fixed" ? fixedColumns(lines.filter((line) => line.trim() !== "")) : null;
  const splitting = columns === null ? splittingNamed(named) : ({ kind: "columns", columns } as const);
  const padded = splitting === null ? paddedMark(lines, named) : null;
  if (splitting === null && padded === null) {
    const { quote } = singleQuoted(lines.join("\n"), scoreDelimiter(lines.join("\n"), named, '"'));
    return { delimiter: named, quote, splitting: null, single: false };
  }
  const quote = splitting?.kind === "blanks" ? '"' : null;
  return { delimiter: named, quote, splitting: splitting ?? padded, single: false };
}

/** The delimiter that the file names, or the one that fits; longer marks and blanks where no one character does. */
function delimitingOf(lines: readonly string[], named: string | undefined): Delimiting {
  const text = lines.join("\n");
  const plain = { splitting: null, single: false };
  if (named !== undefined) {
    return namedDelimiting(lines, named);
  }
  const best = bestDelimiter(text);
  const blanks = best.score < 0.45 || best.delimiter === ":" ? blankSplitting(lines) : null;
  const splitting = longMark(lines) ?? blanks ?? (best.score > 0 ? paddedMark(lines, best.delimiter) : null);
  if (splitting !== null) {
    const quote = splitting.kind === "blanks" ? '"' : null;
    return { delimiter: delimiterName(splitting), quote, splitting, single: false };
  }
  if (isSingleColumn(lines, best)) {
    const absent = ["\t", "|", "\u0001"].find((mark) => !text.includes(mark)) ?? "\u001f";
    return { delimiter: absent, quote: null, splitting: null, single: true };
  }
  const quote = isQuoteOrdinary(text, best) ? null : (best.quote ?? '"');
  return { delimiter: best.score > 0 ? best.delimiter : ",", quote, ...plain };
}

/** The first lines from `start` on, whole ones only. */
function sampleLines(head: string, whole: boolean, start: number): string[] {
  const sample = head.length > sampleLength ? head.slice(0, sampleLength) : head;
  const complete = whole && sample.length === head.length;
  const lineEnd = Math.max(sample.lastIndexOf("\n"), sample.lastIndexOf("\r"));
  const cut = complete || lineEnd <= 0 ? sample.length : lineEnd;
  const body = head.slice(start, cut);
  return body.split(/\r\n|\n|\r/u).slice(0, sampleRows);
}

/**
 * Finds delimiter, quote, escape and comment mark from the beginning of a text: the delimiter under which the records
 * have one width and the cells look like values.
 */
export function detectDialect(head: string, whole: boolean, choice: DialectChoice = {}): TextDialect {
  const separator = /^sep=(.)\r?(?:\n|$)/u.exec(head);
  const lines = sampleLines(head, whole, separator?.[0].length ?? 0);
  const comment = commentOf(lines, (text) => bestDelimiter(text).delimiter);
  const kept = lines.filter((line) => comment === null || !line.startsWith(comment));
  const named = choice.delimiter === null || choice.delimiter === "" ? undefined : choice.delimiter;
  const delimiting = delimitingOf(kept, named ?? separator?.[1]);
  const { splitting } = delimiting;
  const text = kept.join("\n");
  return {
    ...delimiting,
    ...(splitting === null ? {} : { splitLine: lineSplitter(splitting) }),
    escape: splitting === null && !delimiting.single ? escapeOf(text, delimiting.delimiter, delimiting.quote) : null,
    skipInitialSpace: splitting === null && hasInitialSpace(text, delimiting.delimiter),
    separatorLine: separator !== null,
    comment,
  };
}
