import type { DialectChoice } from "../../ports/table-profiler.ts";
import { headerDepth, joinedNames } from "./detect-header-rows.ts";
import { columnNames, findHeader, madeUpNames } from "./detect-header.ts";
import { isBlankCell, type Area, type SheetGrid } from "./sheet-grid.ts";
import type { NameSource, RawCell, RawRow } from "./table-source.ts";

/** A table in a sheet: which columns and rows it has, and what they are called. */
export interface SheetTable {
  readonly names: readonly string[];
  readonly nameSource: NameSource;
  /** Rows of the header; they may be none. */
  readonly headerPlaces: readonly number[];
  /** The rows of the table, cut to its columns, and the sheet rows in which they stand. */
  readonly rows: readonly RawRow[];
  readonly places: readonly number[];
  readonly firstColumn: number;
  /** Sheet row where the header, or the data where there is none, begins. */
  readonly firstPlace: number;
}

interface Cut {
  readonly rows: readonly RawRow[];
  readonly places: readonly number[];
  readonly left: number;
}

const looked = 400;
const isText = (cell: unknown): boolean => typeof cell === "string";

/** The rows of an area, or of the whole sheet, from the first column that is used in them. */
function cutArea(grid: SheetGrid, area: Area | null): Cut {
  if (area === null) {
    return { rows: grid.rows, places: grid.places, left: 0 };
  }
  const rows: RawRow[] = [];
  const places: number[] = [];
  grid.places.forEach((place, index) => {
    const row = (grid.rows[index] ?? []).slice(area.left, area.right + 1);
    if (place >= area.top && place <= area.bottom && row.some((cell) => !isBlankCell(cell))) {
      rows.push(row);
      places.push(place);
    }
  });
  return { rows, places, left: area.left };
}

function usedWidth(rows: readonly RawRow[]): number {
  return rows.reduce((width, row) => Math.max(width, row.length), 0);
}

/** Names above groups of columns stand in merged cells, next to the row that was taken for the header. */
function groupsAbove(cut: Cut, merges: readonly Area[], start: number, width: number): number {
  let count = 0;
  for (let index = start - 1; index >= 0 && start - index <= 2; index -= 1) {
    const place = cut.places[index] ?? -1;
    const groups = merges.filter(
      ({ top, left, right }) => top === place && right > left && left >= cut.left && right - left + 1 < width,
    );
    const row = cut.rows[index] ?? [];
    const names = row.filter((cell) => !isBlankCell(cell));
    if ((cut.places[index + 1] ?? 0) !== place + 1 || groups.length === 0 || names.length < 2 || !names.every(isText)) {
      break;
    }
    count += 1;
  }
  return count;
}

interface HeaderRows {
  /** Index among the rows of the cut. */
  readonly start: number;
  /** 0 where there is none. */
  readonly count: number;
}

const namedRows = 20;
const isDay = (cell: RawCell | undefined): boolean => typeof cell === "string" && /^\d{4}-\d{2}-\d{2}$/u.test(cell);
const isPeriod = (cell: RawCell | undefined): boolean =>
  isDay(cell) || (typeof cell === "number" && Number.isInteger(cell) && cell >= 1800 && cell <= 2200);

/** Says whether the values of a column below a row are numbers, and none of them a year. */
function numbersBelow(rows: readonly RawRow[], index: number, column: number): boolean {
  const below = rows.slice(index + 1, index + 1 + namedRows).map((row) => row[column]);
  const filled = below.filter((cell) => !isBlankCell(cell));
  return filled.length > 0 && filled.every((cell) => typeof cell === "number") && !filled.every(isPeriod);
}

/** Days and years that stand as names above numbers, as words: so the header is seen for what it is. */
function withWordsForPeriods(rows: readonly RawRow[]): readonly RawRow[] {
  return rows.map((row, index) => {
    const named = row.some((cell) => typeof cell === "string" && !isDay(cell));
    return index < namedRows && named && row.some(isPeriod)
      ? row.map((cell, column) => (isPeriod(cell) && numbersBelow(rows, index, column) ? `of ${String(cell)}` : cell))
      : row;
  });
}

function findHeaderRows(cut: Cut, merges: readonly Area[], choice: DialectChoice): HeaderRows {
  const first = withWordsForPeriods(cut.rows.slice(0, looked));
  if (choice.headerRow === null) {
    return { start: findHeader(first).start, count: 0 };
  }
  if (choice.headerRow !== undefined) {
    const wanted = choice.headerRow;
    const start = cut.places.findIndex((place) => place >= wanted);
    const count = choice.headerRows ?? 1;
    return { start: Math.max(0, start), count };
  }
  const { start, hasHeader } = findHeader(first);
  if (!hasHeader) {
    return { start, count: 0 };
  }
  const above = groupsAbove(cut, merges, start, usedWidth(first));
  const depth = headerDepth(padded(first.slice(start)));
  return { start: start - above, count: choice.headerRows ?? above + depth };
}

/** Rows of one length: spreadsheets leave out blank cells at the end. */
function padded(rows: readonly RawRow[]): RawRow[] {
  const width = usedWidth(rows);
  return rows.map((row) =>
    row.length === width ? row : [...row, ...Array.from({ length: width - row.length }, () => null)],
  );
}

/** Header cells that are dates, times, truths or fractions get names that Python would not give them. */
function needsNames(header: RawRow): boolean {
  return header.some(
    (cell) =>
      typeof cell === "boolean" ||
      (typeof cell === "number" && !Number.isInteger(cell)) ||
      (typeof cell === "string" && /^\d{4}-\d{2}-\d{2}|^\d{2}:\d{2}/u.test(cell)),
  );
}

/** Finds the header of a sheet, or of an area of it, and its rows. */
export function placeTable(grid: SheetGrid, area: Area | null, choice: DialectChoice): SheetTable {
  const cut = cutArea(grid, area);
  const { start, count } = findHeaderRows(cut, grid.merges, choice);
  const body = cut.rows.slice(start);
  const used = usedWidth(body);
  let blank = 0;
  while (blank < used - 1 && body.every((row) => isBlankCell(row[blank]))) {
    blank += 1;
  }
  const width = Math.max(used - blank, area === null ? 0 : area.right - area.left + 1 - blank);
  const header = cut.rows.slice(start, start + count).map((row) => row.slice(blank));
  const [first = []] = header;
  const rows = cut.rows.slice(start + count);
  return {
    names:
      count === 0
        ? madeUpNames(width)
        : count === 1
          ? columnNames(first, width)
          : columnNames(
              joinedNames(padded([...header, Array.from({ length: width }, () => null)]).slice(0, -1)),
              width,
            ),
    nameSource: count === 0 ? "made-up" : count > 1 ? "joined" : needsNames(first) ? "given" : "header",
    headerPlaces: cut.places.slice(start, start + count),
    rows: blank === 0 ? rows : rows.map((row) => row.slice(blank)),
    places: cut.places.slice(start + count),
    firstColumn: cut.left + blank,
    firstPlace: cut.places[start] ?? 0,
  };
}
