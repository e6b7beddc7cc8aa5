import type { PageLine, PageText } from "./page-lines.ts";

/** Shares of a page's height at its top and bottom where running heads and page numbers stand. */
const topZone = 0.13;
const bottomZone = 0.85;
/** A line that comes on so many pages, at one height, is printed on every page. */
const fewestPages = 3;
const leastShare = 0.3;

const roman = "[ivxlcdm]{1,7}";
const number = String.raw`(?:\d{1,4}|${roman}|[一二三四五六七八九十百]{1,5})`;
const ofNumber = String.raw`(?:\s*(?:of|von|de|sur|/|／|共)\s*${number})`;
/** Says that it is the number of a page. */
const saidNumber = new RegExp(
  String.raw`^[^\p{L}\p{N}]*(?:(?:page|seite|página|pág\.|p\.)\s*${number}${ofNumber}?|${number}${ofNumber}|第\s*${number}\s*页(?:[\s,，/／]*共\s*${number}\s*页)?)[^\p{L}\p{N}]*$`,
  "iu",
);
/** A number alone, perhaps between dashes. */
const bareNumber = new RegExp(String.raw`^[-–—·•|\s[(]*(\d{1,4}|${roman})[-–—·•|\s\])]*$`, "iu");
/** A number alone that stands so near an edge is never part of the text. */
const outermost = 0.07;
/** Where the first and the last line of a page may be its number. */
const edgeZone = 0.25;

function inZone({ y }: PageLine, heightPoints: number): boolean {
  return y < heightPoints * topZone || y > heightPoints * bottomZone;
}

/** What two printings of a running line have in common: their text without its numbers, and their height. */
function keyOf({ text, y }: PageLine): string {
  return `${Math.round(y / 6)} ${text.replace(/\d+/gu, "#").replace(/\s+/gu, " ")}`;
}

/** Keys of a line that may have been set a little higher or lower. */
function nearKeys(line: PageLine): readonly string[] {
  return [keyOf({ ...line, y: line.y - 6 }), keyOf(line), keyOf({ ...line, y: line.y + 6 })];
}

/** The uppermost and lowermost lines of a page that stand in its margins: never more than two of each. */
function marginLines({ columns, heightPoints }: PageText): readonly PageLine[] {
  const lines = columns
    .flatMap((column) => column.lines)
    .filter((line) => inZone(line, heightPoints))
    .toSorted((a, b) => a.y - b.y);
  const top = lines.filter(({ y }) => y < heightPoints * topZone);
  const bottom = lines.filter(({ y }) => y > heightPoints * bottomZone);
  return [...onFirstHeights(top), ...onFirstHeights(bottom.toReversed())];
}

function onFirstHeights(lines: readonly PageLine[]): readonly PageLine[] {
  const heights = new Set([...new Set(lines.map(({ y }) => Math.round(y / 3)))].slice(0, 3));
  return lines.filter(({ y }) => heights.has(Math.round(y / 3)));
}

/** The uppermost and the lowest line of a page that could be its number. */
function edgeLines({ columns, heightPoints }: PageText): readonly PageLine[] {
  const lines = columns.flatMap((column) => column.lines).toSorted((a, b) => a.y - b.y);
  return [...lines.slice(0, 1), ...lines.slice(-1)].filter(
    ({ text, y }) =>
      (y < heightPoints * edgeZone || y > heightPoints * (1 - edgeZone)) &&
      (bareNumber.test(text) || saidNumber.test(text)),
  );
}

/** The printed number less the place of the page; `null` for Roman numbers and for numbers with words. */
function offsetOf(line: PageLine, page: number): number | null {
  const digits = bareNumber.exec(line.text)?.[1] ?? "";
  return /^\d+$/u.test(digits) ? Number(digits) - page : null;
}

/** Lines that say the number of their page: they count up as the pages do. */
function pageNumbers(pages: readonly PageText[]): ReadonlySet<PageLine> {
  const counts = new Map<number | null, number>();
  const found = pages.flatMap((page, index) =>
    edgeLines(page).map((line) => ({
      line,
      offset: offsetOf(line, index + 1),
      isOutermost: Math.min(line.y, page.heightPoints - line.y) < page.heightPoints * outermost,
    })),
  );
  found.forEach(({ offset }) => counts.set(offset, (counts.get(offset) ?? 0) + 1));
  return new Set(
    found
      .filter(
        ({ line, offset, isOutermost }) =>
          isOutermost || saidNumber.test(line.text) || offset === 0 || (counts.get(offset) ?? 0) > 1,
      )
      .map(({ line }) => line),
  );
}

/**
 * Leaves out what is printed on every page and says nothing of this one: running heads (all but the first) and page
 * numbers.
 */
export function withoutRunningLines(pages: readonly PageText[]): readonly PageText[] {
  const counts = new Map<string, number>();
  for (const page of pages) {
    for (const key of new Set(marginLines(page).map(keyOf))) {
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  const enough = Math.max(fewestPages, pages.length * leastShare);
  const shown = new Set<string>();
  const numbers = pageNumbers(pages);
  return pages.map((page) => {
    const margin = new Set(marginLines(page));
    const isRunning = (line: PageLine): boolean => {
      if (numbers.has(line)) {
        return true;
      }
      if (!margin.has(line) || saidNumber.test(line.text)) {
        return margin.has(line);
      }
      const times = nearKeys(line).reduce((sum, key) => sum + (counts.get(key) ?? 0), 0);
      const text = line.text.replace(/\d+/gu, "#");
      const known = shown.has(text);
      if (times >= enough) {
        shown.add(text);
      }
      return times >= enough && known;
    };
    const columns = page.columns
      .map((column) => ({ ...column, lines: column.lines.filter((line) => !isRunning(line)) }))
      .filter(({ lines }) => lines.length > 0);
    return { ...page, columns };
  });
}
