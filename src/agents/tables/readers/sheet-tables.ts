import { looksTyped } from "../profile/parse-cell.ts";
import { findHeader } from "./detect-header.ts";
import { isBlankCell, type Area, type SheetGrid } from "./sheet-grid.ts";
import type { RawCell, RawRow } from "./table-source.ts";

/** Rows `[first, end)` of a grid that follow one another without a blank one between them. */
interface Band {
  readonly first: number;
  readonly end: number;
}

/** A rectangle that is filled without a gap, and what it may be. */
interface Block extends Area {
  /** Rows of the grid, `[first, end)`. */
  readonly first: number;
  readonly end: number;
  readonly cells: number;
  readonly isTable: boolean;
  /** Names of its first row, where they are names. */
  readonly names: readonly string[];
}

const fewestRows = 3;
const looked = 200;

function bandsOf({ places }: SheetGrid): Band[] {
  const bands: Band[] = [];
  let first = 0;
  for (let row = 1; row <= places.length; row += 1) {
    if (row === places.length || (places[row] ?? 0) > (places[row - 1] ?? 0) + 1) {
      bands.push({ first, end: row });
      first = row;
    }
  }
  return bands;
}

/** Runs of columns between those that are blank in all rows of a band. */
function columnRuns(grid: SheetGrid, { first, end }: Band): { left: number; right: number }[] {
  const used: boolean[] = [];
  for (let row = first; row < end; row += 1) {
    const cells = grid.rows[row] ?? [];
    for (let column = 0; column < cells.length; column += 1) {
      if (used[column] !== true && !isBlankCell(cells[column])) {
        used[column] = true;
      }
    }
  }
  const runs: { left: number; right: number }[] = [];
  for (let column = 0; column < used.length; column += 1) {
    if (used[column] === true) {
      const last = runs.at(-1);
      if (last !== undefined && last.right === column - 1) {
        last.right = column;
      } else {
        runs.push({ left: column, right: column });
      }
    }
  }
  return runs;
}

const isTyped = (cell: RawCell | undefined): boolean =>
  typeof cell === "string" ? looksTyped(cell.trim()) : !isBlankCell(cell);

/** Names stand above values of another kind. */
function namesAboveValues(header: RawRow, data: readonly RawRow[]): boolean {
  return header.some(
    (name, column) =>
      typeof name === "string" && name.trim() !== "" && !isTyped(name) && data.some((row) => isTyped(row[column])),
  );
}

function blockOf(grid: SheetGrid, band: Band, run: { readonly left: number; readonly right: number }): Block {
  const cut = (row: number): RawRow => (grid.rows[row] ?? []).slice(run.left, run.right + 1);
  const filled = (row: number): boolean => cut(row).some((cell) => !isBlankCell(cell));
  let { first, end } = band;
  while (first < end && !filled(first)) {
    first += 1;
  }
  while (end > first && !filled(end - 1)) {
    end -= 1;
  }
  const rows = Array.from({ length: Math.min(looked, end - first) }, (_, index) => cut(first + index));
  const { start, hasHeader } = findHeader(rows);
  const header = rows[start] ?? [];
  const names = hasHeader ? header.filter((cell) => !isBlankCell(cell)).map(String) : [];
  const high = end - first - start >= fewestRows;
  const isTable = run.right > run.left && high && names.length >= 2 && namesAboveValues(header, rows.slice(start + 1));
  return {
    first,
    end,
    top: grid.places[first] ?? 0,
    bottom: grid.places[end - 1] ?? 0,
    left: run.left,
    right: run.right,
    cells: (end - first) * (run.right - run.left + 1),
    isTable,
    names,
  };
}

/** Two blocks as one, with what is between them. */
function joined(a: Block, b: Block): Block {
  const left = Math.min(a.left, b.left);
  const right = Math.max(a.right, b.right);
  const first = Math.min(a.first, b.first);
  const end = Math.max(a.end, b.end);
  const top = Math.min(a.top, b.top);
  const bottom = Math.max(a.bottom, b.bottom);
  const cells = (end - first) * (right - left + 1);
  return {
    first,
    end,
    top,
    bottom,
    left,
    right,
    cells,
    isTable: a.isTable || b.isTable,
    names: [...a.names, ...b.names],
  };
}

/** Blocks beside each other are two tables when they begin or end in other rows, or say the same names again. */
function areApart(a: Block, b: Block): boolean {
  const again = b.names.some((name) => a.names.includes(name));
  return a.isTable && b.isTable && (a.top !== b.top || a.bottom !== b.bottom || again || b.left - a.right > 2);
}

/** Joins blocks of one band that are parts of one table. */
function joinBeside(blocks: readonly Block[]): Block[] {
  const found: Block[] = [];
  for (const block of blocks) {
    const last = found.at(-1);
    if (last === undefined || areApart(last, block)) {
      found.push(block);
    } else {
      found[found.length - 1] = joined(last, block);
    }
  }
  return found;
}

const overlap = (a: Area, b: Area): boolean => a.left <= b.right && b.left <= a.right;

/** Joins a block to the table above it, or, where there is none, to what stands above it as title or note. */
function joinBelow(tables: Block[], block: Block): void {
  const index = tables.findLastIndex((above) => overlap(above, block));
  const above = tables[index];
  if (above === undefined || (above.isTable && block.isTable)) {
    tables.push(block);
    return;
  }
  tables[index] = joined(above, block);
}

/**
 * Finds the tables of a sheet that holds several, the largest first; empty where there is but one, so that the sheet is
 * read whole.
 */
export function findSheetTables(grid: SheetGrid): readonly Area[] {
  const bands = bandsOf(grid);
  if (bands.length > 2000) {
    return [];
  }
  const tables: Block[] = [];
  for (const band of bands) {
    const blocks = columnRuns(grid, band).map((run) => blockOf(grid, band, run));
    joinBeside(blocks).forEach((block) => joinBelow(tables, block));
  }
  const found = tables.filter(({ isTable }) => isTable).toSorted((a, b) => b.cells - a.cells);
  return found.length < 2 ? [] : found.map(({ top, left, bottom, right }) => ({ top, left, bottom, right }));
}
