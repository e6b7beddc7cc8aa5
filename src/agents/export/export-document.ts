import type { SessionEvent } from "../protocol/session-event.ts";
import {
  type AttachedFile,
  type SessionSource,
  type TextBlock,
  type Turn,
  emptySession,
  reduceSession,
} from "../protocol/session-state.ts";
import { noticeText } from "../protocol/words/notice-text.ts";
import { type ChosenCell, chooseCells, failingLine } from "./choose-cells.ts";
import { type CodePaths, type ExportPlace, codePaths } from "./export-place.ts";
import { type ExportStrings, exportStrings } from "./export-strings.ts";
import { codeBefore, guarded, withNearPaths } from "./rewrite-code.ts";
import { type RunCell, runCells } from "./run-cells.ts";

/** What is exported, and how. */
export interface ExportChoice {
  /** One question with its answer; `null`: all. */
  readonly turnId: string | null;
  /** Whether attempts that failed and were repaired are shown, too. */
  readonly failedAttempts: boolean;
}

/** A cell of the export: its code as it runs beside the export. */
export interface ExportCell {
  readonly kind: "cell";
  readonly cell: ChosenCell;
  readonly code: string;
  /** Python was started anew before it. */
  readonly restartsBefore: boolean;
}

/** A cell that is told of and does not run again. */
export interface AttemptCell {
  readonly kind: "attempt";
  readonly cell: RunCell;
}

/** One question with what came of it, in order; `isPreparation`: only the code that others need. */
export interface ExportSection {
  readonly turn: Turn;
  readonly isPreparation: boolean;
  readonly parts: readonly (ExportCell | AttemptCell | { readonly kind: "answer"; readonly block: TextBlock })[];
  /** Attempts that failed, were repaired, and are left out. */
  readonly leftOut: number;
  readonly notes: readonly string[];
}

/** Everything that a notebook, a script and a report say, before it is written down as one of them. */
export interface ExportDocument {
  readonly title: string;
  readonly strings: ExportStrings;
  readonly files: readonly AttachedFile[];
  /** What was asked about, beside the tables in `files`. */
  readonly sources: readonly SessionSource[];
  readonly sections: readonly ExportSection[];
  readonly paths: CodePaths;
  readonly exportedAt: number;
}

/**
 * Gathers what is exported of a session. A question that is still being answered is left out.
 *
 * @param events All of the session, so that the code of questions which were asked anew is known: later code may go on
 *   with its variables.
 */
export function exportDocument(
  events: readonly SessionEvent[],
  place: ExportPlace,
  choice: ExportChoice & { readonly now: number },
): ExportDocument {
  const session = events.reduce(reduceSession, emptySession);
  const everything = events
    .map((event) => (event.type === "turn-start" ? { ...event, replaces: null } : event))
    .reduce(reduceSession, emptySession);
  const turns = session.turns.filter(
    ({ id, status }) => status !== "running" && (choice.turnId === null || id === choice.turnId),
  );
  const ids = new Set(turns.map(({ id }) => id));
  const cells = runCells(everything.turns);
  const chosen = chooseCells(cells, ({ turn }) => ids.has(turn.id));
  const strings = exportStrings(turns.length === 0 ? session : { ...session, turns });
  const paths = codePaths(place);
  const writer = new SectionWriter({ strings, paths, cells, chosen, choice });
  const sections = everything.turns.flatMap((turn) => writer.section(turn, ids.has(turn.id)));
  const { title, files, sources } = session;
  return { title, strings, files, sources, sections, paths, exportedAt: choice.now };
}

interface SectionParts {
  readonly strings: ExportStrings;
  readonly paths: CodePaths;
  readonly cells: readonly RunCell[];
  readonly chosen: readonly ChosenCell[];
  readonly choice: ExportChoice;
}

class SectionWriter {
  readonly #parts: SectionParts;

  constructor(parts: SectionParts) {
    this.#parts = parts;
  }

  /** One section, or none where a turn leaves nothing to say. */
  section(turn: Turn, isWanted: boolean): readonly ExportSection[] {
    const { cells, choice, strings } = this.#parts;
    const own = cells.filter((cell) => cell.turn === turn);
    const lastRun = own.findLast(({ ran }) => ran);
    let leftOut = 0;
    const parts = turn.blocks.flatMap((block): ExportSection["parts"] => {
      if (block.kind === "text" && block.role === "answer" && isWanted) {
        return [{ kind: "answer", block }];
      }

      const cell = block.kind === "cell" ? own.find((candidate) => candidate.block === block) : undefined;
      if (cell === undefined) {
        return [];
      }

      const exported = this.#exported(cell);
      if (exported !== undefined) {
        return [exported];
      }

      const isTold = isWanted && (choice.failedAttempts || (cell === lastRun && turn.status !== "done"));
      leftOut += isWanted && !isTold ? 1 : 0;
      return isTold ? [{ kind: "attempt", cell }] : [];
    });
    const notes = turn.blocks.flatMap((block) =>
      block.kind === "notice" && isWanted ? [noticeText(block, strings.locale)] : [],
    );
    return isWanted || parts.length > 0 ? [{ turn, isPreparation: !isWanted, parts, leftOut, notes }] : [];
  }

  #exported(cell: RunCell): ExportCell | undefined {
    const { chosen, paths } = this.#parts;
    const index = chosen.findIndex(({ block }) => block === cell.block);
    const found = chosen[index];
    if (found === undefined) {
      return undefined;
    }

    const before = chosen[index - 1];
    const code = withNearPaths(found.block.code, paths);
    return {
      kind: "cell",
      cell: found,
      code: this.#guarded(found, code),
      restartsBefore: before !== undefined && before.python !== found.python,
    };
  }

  /** Code whose error would end everything after it, and `sys.exit()`, which ended only its cell. */
  #guarded({ how, block }: ChosenCell, code: string): string {
    const { strings } = this.#parts;
    const leaves = /\b(?:exit|quit|SystemExit)\b/.test(code);
    if (how !== "guarded" && !(leaves && leftItself(block.outputs))) {
      return code;
    }

    const error = block.outputs.findLast((output) => output.type === "error");
    const ending = error?.name ?? (how === "guarded" ? strings.stoppedThen : "SystemExit");
    const exits = leaves ? "import sys\n\nexit = quit = sys.exit\n" : "";
    const line = block.phase === "timeout" ? failingLine(block.outputs) : undefined;
    const runs = line === undefined ? code : codeBefore(code, line);
    return exits + guarded(runs, strings.guard(ending));
  }
}

const leftText = "sys.exit() ended this cell; the session goes on.\n";

function leftItself(outputs: ChosenCell["block"]["outputs"]): boolean {
  return outputs.some((output) => output.type === "text" && output.text.endsWith(leftText));
}
