import type { CellBlock, TextBlock, Turn } from "../protocol/session-state.ts";
import { cellReport, shortened } from "./cell-report.ts";

/** Earlier questions that agents are told of. */
export const turnsTold = 6;
const codeLimit = 2_000;
const outputLimit = 1_500;
const answerLimit = 1_500;
const citationLimit = 12;
const quoteLimit = 200;

/** What an agent is told of earlier questions, newest last, and whether it may go on with their variables. */
export function earlierTurns(turns: readonly Turn[], variablesKept: boolean): string {
  if (turns.length === 0) {
    return "";
  }

  const state = variablesKept
    ? "The variables of the code above are still set: go on from there, and read only what it did not read."
    : "A new Python has been started since: no variable of the code above is set any more.";
  return [...turns.slice(-turnsTold).map(turnDigest), state].join("\n\n");
}

/** One question, the code that ran for it, what it printed, and the answer. */
export function turnDigest(turn: Turn): string {
  const cells = turn.blocks.filter((block): block is CellBlock => block.kind === "cell" && block.phase === "ok");
  const said = turn.blocks.findLast((block) => block.kind === "text" && block.role !== "reasoning");
  return [
    `Earlier question: ${turn.question}`,
    ...cells
      .slice(-3)
      .map(
        (cell) =>
          `Code that ran for it:\n${shortened(cell.code, codeLimit)}\n${shortened(cellReport("ok", cell.outputs), outputLimit)}`,
      ),
    said?.kind === "text"
      ? [`Answer given: ${shortened(said.text, answerLimit)}`, ...citedLines(said)].join("\n")
      : `No answer was given (${turn.status}).`,
  ].join("\n");
}

/** What the marks of an answer mean, so that another agent can rest on it. */
function citedLines({ citations }: TextBlock): readonly string[] {
  return citations
    .slice(0, citationLimit)
    .map(({ number, name, startLine, quote }) => `[${number}] ${name}:${startLine} "${shortened(quote, quoteLimit)}"`);
}
