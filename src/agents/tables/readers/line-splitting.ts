import { drawnPattern } from "./drawn-tables.ts";

/** How a line becomes cells where no single character parts them. */
export type LineSplitting =
  /** One or more blanks; cells may be quoted. */
  | { readonly kind: "blanks" }
  /** Two or more blanks. */
  | { readonly kind: "wide" }
  /** A text of several characters, or a character with blanks around it that belong to no cell. */
  | { readonly kind: "mark"; readonly mark: string; readonly padded: boolean }
  /** Lines are drawn between the cells, which a backslash may keep in one. */
  | { readonly kind: "drawn"; readonly mark: string; readonly escaped: boolean }
  /** Columns at fixed places, from the first character to the one behind the last. */
  | { readonly kind: "columns"; readonly columns: readonly (readonly [number, number])[] };

const blanks = /[ \t]+/u;
const wide = /[ \t]{2,}/u;
const quotedOrPlain = /"((?:[^"]|"")*)"|[^ \t]+/gu;

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`);
}

/** The regular expression that parts cells, as Python and JavaScript both read it; `null` for fixed columns. */
export function splittingPattern(splitting: LineSplitting): string | null {
  switch (splitting.kind) {
    case "blanks":
      return String.raw`\s+`;
    case "wide":
      return String.raw`\s{2,}`;
    case "mark":
      if (/^\t+$/u.test(splitting.mark)) {
        return String.raw`\t+`;
      }
      return splitting.padded ? String.raw`\s*${escaped(splitting.mark)}\s*` : escaped(splitting.mark);
    case "drawn":
      return drawnPattern(splitting);
    case "columns":
      return null;
  }
}

function splitBlanks(line: string): string[] {
  const trimmed = line.trim();
  return trimmed.includes('"')
    ? Array.from(trimmed.matchAll(quotedOrPlain), ([all, quoted]) => quoted?.replaceAll('""', '"') ?? all)
    : trimmed.split(blanks);
}

/** Text that runs across the gaps between columns is a remark, no row. */
function splitColumns(line: string, columns: readonly (readonly [number, number])[]): string[] {
  const crosses = columns.some(([start], index) => {
    const before = columns[index - 1];
    return before !== undefined && line.slice(before[1], start).trim() !== "";
  });
  return crosses || line.trim() === "" ? [line.trim()] : columns.map(([start, end]) => line.slice(start, end).trim());
}

/** A function that parts a line into cells. */
export function lineSplitter(splitting: LineSplitting): (line: string) => string[] {
  switch (splitting.kind) {
    case "blanks":
      return splitBlanks;
    case "wide":
      return (line) => line.trim().split(wide);
    case "mark":
    case "drawn": {
      const pattern = new RegExp(splittingPattern(splitting) ?? "", "u");
      return (line) => line.trim().split(pattern);
    }
    case "columns":
      return (line) => splitColumns(line, splitting.columns);
  }
}

/** The delimiter as the dialect names it. */
export function delimiterName(splitting: LineSplitting): string {
  return splitting.kind === "columns"
    ? "fixed"
    : splitting.kind === "mark" || splitting.kind === "drawn"
      ? splitting.mark
      : (splittingPattern(splitting) ?? "");
}

/** How lines are split by a delimiter that the dialect names; `null` where one character parts the cells. */
export function splittingNamed(delimiter: string): LineSplitting | null {
  if (delimiter === String.raw`\s+` || delimiter === "whitespace") {
    return { kind: "blanks" };
  }
  if (delimiter === String.raw`\s{2,}`) {
    return { kind: "wide" };
  }
  return delimiter.length > 1 ? { kind: "mark", mark: delimiter, padded: false } : null;
}
