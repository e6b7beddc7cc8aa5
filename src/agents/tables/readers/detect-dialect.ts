import { looksTyped } from "../profile/parse-cell.ts";
import { tokenize, type TokenizerOptions } from "./csv-tokenizer.ts";

/** How the records of a text file are written. */
export interface TextDialect extends TokenizerOptions {
  /** The first line is `sep=X` and no record. */
  readonly separatorLine: boolean;
  /** Character that starts comment lines, or `null`. */
  readonly comment: string | null;
}

const delimiters = [",", "\t", ";", "|", "^", "~", ":", "\u0001", "\u001f", "¦", "!"] as const;
const sampleRows = 400;
const sampleLength = 32 * 1024;

interface Score {
  readonly delimiter: string;
  readonly quote: string | null;
  readonly score: number;
}

/** The most frequent number of cells, and the share of records that have it. */
export function usualWidth(widths: readonly number[]): { width: number; share: number } {
  const counts = new Map<number, number>();
  for (const width of widths) {
    counts.set(width, (counts.get(width) ?? 0) + 1);
  }
  let best = { width: 0, count: 0 };
  for (const [width, count] of counts) {
    if (count > best.count || (count === best.count && width > best.width)) {
      best = { width, count };
    }
  }
  return { width: best.width, share: widths.length === 0 ? 0 : best.count / widths.length };
}

/** The rows of a text that make up its table, by how many cells they have. */
export interface TableRegion {
  readonly width: number;
  /** Index of the first and of the last row of that width. */
  readonly first: number;
  readonly last: number;
  /** Share of the rows from the first to the last that have the width. */
  readonly share: number;
  /** Share of all rows that have the width. */
  readonly coverage: number;
}

/** Finds the rows that belong together: those of one width above 1, wherever titles and remarks stand around them. */
export function tableRegion(widths: readonly number[]): TableRegion {
  const found = new Map<number, { first: number; last: number; count: number }>();
  widths.forEach((width, index) => {
    const entry = found.get(width);
    if (entry === undefined) {
      found.set(width, { first: index, last: index, count: 1 });
    } else {
      entry.last = index;
      entry.count += 1;
    }
  });
  let best: TableRegion = { width: 1, first: 0, last: Math.max(0, widths.length - 1), share: 1, coverage: 1 };
  let most = 0;
  for (const [width, { first, last, count }] of found) {
    const share = count / (last - first + 1);
    const coverage = count / widths.length;
    const value = width < 2 ? 0 : share * coverage ** 0.7 * (1 - 0.1 / width);
    if (value > most) {
      most = value;
      best = { width, first, last, share, coverage };
    }
  }
  return best;
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

/** Names how blanks part the columns, where they do in every line. */
function blankDelimiter(lines: readonly string[]): "whitespace" | "wide" | null {
  const trimmed = lines.map((line) => line.trim()).filter((line) => line !== "");
  if (trimmed.length < 2) {
    return null;
  }
  for (const [name, pattern] of [
    ["whitespace", /[ \t]+/u],
    ["wide", / {2,}/u],
  ] as const) {
    const widths = trimmed.map((line) => line.split(pattern).length);
    const { width, share } = usualWidth(widths);
    const aligned = trimmed.some((line) => / {2,}/u.test(line));
    const typed = trimmed.slice(1).some((line) => line.split(pattern).some((cell) => looksTyped(cell)));
    if (width >= 2 && share === 1 && (aligned || (width >= 3 && typed))) {
      return name;
    }
  }
  return null;
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
  const doubled = text.includes(`[^\\\\${delimiter}\n]${before}${before}`);
  return closes && shareWith >= shareWithout && !doubled ? "\\" : null;
}

/** Comment lines: at the top or the end, and never the only place where the names of the columns stand. */
function commentOf(lines: readonly string[], delimiter: (text: string) => string): string | null {
  for (const mark of ["#", "//", "%"]) {
    const first = lines.findIndex((line) => !line.startsWith(mark) && line.trim() !== "");
    const commented = lines.filter((line) => line.startsWith(mark));
    if (commented.length === 0 || first < 0) {
      continue;
    }
    const rest = lines.filter((line) => !line.startsWith(mark));
    const by = delimiter(rest.join("\n"));
    const width = (line: string | undefined): number => (line ?? "").split(by).length;
    const above = lines.slice(0, first).findLast((line) => line.startsWith(mark));
    const isHeader =
      above !== undefined &&
      width(above) === width(lines[first]) &&
      width(above) > 1 &&
      (lines[first] ?? "").split(by).some((cell) => looksTyped(cell.trim()));
    if (!isHeader && (first > 0 || commented.length >= 1) && mark.length === 1) {
      return mark;
    }
  }
  return null;
}

/** Blanks behind every delimiter are layout. */
function hasInitialSpace(text: string, delimiter: string): boolean {
  if (delimiter === "whitespace" || delimiter === "wide" || delimiter === "\t") {
    return false;
  }
  const all = text.split(delimiter).length - 1;
  return all > 0 && text.split(`${delimiter} `).length - 1 === all;
}

function bestDelimiter(text: string): Score {
  const present = delimiters.filter((delimiter) => text.includes(delimiter));
  const scores = present.map((delimiter) => scoreDelimiter(text, delimiter, '"'));
  const best = scores.reduce<Score>((a, b) => (b.score > a.score ? b : a), { delimiter: ",", quote: '"', score: 0 });
  const apostrophes = text.split("'").length - 1;
  if (!text.includes('"') && apostrophes >= 4) {
    const single = scoreDelimiter(text, best.delimiter, "'");
    const opened = text.split(`${best.delimiter}'`).length + text.split("\n'").length - 2;
    return opened * 2 >= apostrophes && single.score >= best.score ? single : best;
  }
  return best;
}

/** The delimiter that the file names, or the one that fits; blanks where no other character does. */
function delimiterOf(text: string, named: string | undefined): { delimiter: string; quote: string } {
  if (named !== undefined) {
    return { delimiter: named, quote: '"' };
  }
  const best = bestDelimiter(text);
  const blanks = best.score < 0.45 || best.delimiter === ":" ? blankDelimiter(text.split("\n")) : null;
  return { delimiter: blanks ?? (best.score > 0 ? best.delimiter : ","), quote: best.quote ?? '"' };
}

/**
 * Finds delimiter, quote, escape and comment character from the beginning of a text: the delimiter under which the
 * records have one width and the cells look like values.
 */
export function detectDialect(head: string, whole: boolean): TextDialect {
  const separator = /^sep=(.)\r?(?:\n|$)/u.exec(head);
  const sample = head.length > sampleLength ? head.slice(0, sampleLength) : head;
  const complete = whole && sample.length === head.length;
  const lineEnd = Math.max(sample.lastIndexOf("\n"), sample.lastIndexOf("\r"));
  const cut = complete || lineEnd <= 0 ? sample.length : lineEnd;
  const body = head.slice(separator?.[0].length ?? 0, cut);
  const lines = body.split(/\r\n|\n|\r/u).slice(0, sampleRows);
  const comment = commentOf(lines, (text) => bestDelimiter(text).delimiter);
  const kept = lines.filter((line) => comment === null || !line.startsWith(comment)).join("\n");
  const { delimiter, quote } = delimiterOf(kept, separator?.[1]);
  const blanks = delimiter === "whitespace" || delimiter === "wide";
  return {
    delimiter,
    quote,
    escape: blanks ? null : escapeOf(kept, delimiter, quote),
    skipInitialSpace: hasInitialSpace(kept, delimiter),
    separatorLine: separator !== null,
    comment,
  };
}
