import { looksTyped } from "../profile/parse-cell.ts";

type Columns = readonly (readonly [number, number])[];

const ruler = /^\s*([-=_]{2,}|[-=]+)([ \t]+[-=_]+)+\s*$/u;
const mostLines = 200;

/** The line only underlines the names of the columns. */
export function isRuler(line: string): boolean {
  return ruler.test(line) && /[-=_]{2}/u.test(line);
}

/** Columns as wide as the pieces of a ruler; the last one is open. */
function ruledColumns(line: string): Columns {
  const pieces = Array.from(
    line.matchAll(/[-=_]+/gu),
    (found) => [found.index, found.index + found[0].length] as const,
  );
  return pieces.map(([start, end], index) => [start, index === pieces.length - 1 ? Math.max(end, 4096) : end] as const);
}

/** Places at which every line has a blank. */
function blankPlaces(lines: readonly string[], width: number): readonly boolean[] {
  const blank = Array.from({ length: width }, () => true);
  for (const line of lines) {
    for (let at = 0; at < Math.min(width, line.length); at += 1) {
      if (line[at] !== " ") {
        blank[at] = false;
      }
    }
  }
  return blank;
}

/** Runs of places that some line fills. */
function filledRuns(blank: readonly boolean[]): (readonly [number, number])[] {
  const columns: (readonly [number, number])[] = [];
  let start = -1;
  for (let at = 0; at <= blank.length; at += 1) {
    const isBlank = blank[at] ?? true;
    if (!isBlank && start < 0) {
      start = at;
    } else if (isBlank && start >= 0) {
      columns.push([start, at]);
      start = -1;
    }
  }
  return columns;
}

/** Gaps of one blank may stand between words of one cell: such columns belong together, unless both have a name. */
function joinWords(columns: Columns, header: string, data: readonly string[]): Columns {
  const joined: (readonly [number, number])[] = [];
  for (const [start, end] of columns) {
    const before = joined.at(-1);
    const named = header.slice(start, end).trim() !== "";
    const typed = data.some((line) => looksTyped(line.slice(start, end).trim()));
    if (before !== undefined && !named && !typed) {
      joined[joined.length - 1] = [before[0], end];
    } else {
      joined.push([start, end]);
    }
  }
  return joined;
}

/**
 * Finds columns that stand at fixed places, told by a ruler below their names or by the blanks that run through all
 * lines; `null` when there are none.
 *
 * @param lines the first lines, blank ones left out
 */
export function fixedColumns(lines: readonly string[]): Columns | null {
  // A ruler above the names, as in reStructuredText, has another below them.
  const framed = isRuler(lines[0] ?? "") ? 1 : 0;
  const at = lines.slice(framed, 20).findIndex(isRuler) + framed;
  if (at > 0 && at >= framed + 1) {
    return ruledColumns(lines[at] ?? "");
  }
  const [header = "", ...data] = lines.slice(0, mostLines);
  if (data.length < 2 || lines.some((line) => line.includes("\t"))) {
    return null;
  }
  const width = Math.max(...lines.slice(0, mostLines).map((line) => line.trimEnd().length));
  const columns = joinWords(filledRuns(blankPlaces([header, ...data], width)), header, data);
  const named = columns.every(([start, end], index) => {
    const cells = data.map((line) => line.slice(start, end).trim());
    // An index of rows goes without a name.
    return header.slice(start, end).trim() !== "" || (index === 0 && cells.every((cell) => /^\d+$/u.test(cell)));
  });
  const gaps = header.trim().split(/ {2,}/u).length > 1 || data.filter((line) => / {2,}/u.test(line.trim())).length > 1;
  const typed = columns.some(([start, end]) => {
    const cells = data.map((line) => line.slice(start, end).trim()).filter((cell) => cell !== "");
    return cells.length > 0 && cells.every(looksTyped);
  });
  if (columns.length < 2 || !named || !gaps || !typed) {
    return null;
  }
  return columns.map(([start, end], index) => [start, index === columns.length - 1 ? 4096 : end] as const);
}
