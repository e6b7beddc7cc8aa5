import type { CellBlock, Turn } from "../protocol/session-state.ts";

/** A cell of a session, in the order in which cells ran. */
export interface RunCell {
  readonly turn: Turn;
  readonly block: CellBlock;
  /** Counts the Pythons of the session from 0: cells of one share their variables. */
  readonly python: number;
  /** Whether it ran; a cell that was refused, or that Python could not read, did not. */
  readonly ran: boolean;
}

/** The cells of turns that are given in the order in which they were asked, replaced ones included. */
export function runCells(turns: readonly Turn[]): readonly RunCell[] {
  const cells: RunCell[] = [];
  let python = 0;
  for (const { turn, block } of turns.flatMap((of) => of.blocks.map((each) => ({ turn: of, block: each })))) {
    if (block.kind === "cell") {
      const before = cells.findLast(({ ran }) => ran);
      const ran = hasRun(block);
      const isFresh = block.newPython === true || before?.block.phase === "exited";
      python += ran && isFresh && before !== undefined ? 1 : 0;
      cells.push({ turn, block, python, ran });
    }
  }

  return cells;
}

/** Python reads code before it runs it: what it could not read took no time at all. */
function hasRun({ phase, durationMs }: CellBlock): boolean {
  return ["ok", "interrupted", "timeout", "exited"].includes(phase) || (phase === "error" && durationMs > 0);
}
