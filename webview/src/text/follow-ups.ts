import type { CellBlock, Turn } from "../../../src/agents/protocol/session-state.ts";
import type { PythonState } from "../../../src/agents/protocol/page.ts";
import type { Strings } from "../strings/en.ts";
import { stringsForQuestion } from "./conversation-strings.ts";

/** Rows from which a plot says more than the table. */
const fewestPlotted = 3;

/** A question that may be asked next, and the agent it is for. */
export interface FollowUp {
  readonly text: string;
  readonly agent: string | null;
}

/** What an answered turn invites, in the language of its question. */
export function followUps(turn: Turn, python: PythonState | null, page: Strings): readonly FollowUp[] {
  const strings = stringsForQuestion(turn.question, page);
  const cells = turn.blocks.filter((block) => block.kind === "cell").filter(({ phase }) => phase === "ok");
  const outputs = cells.flatMap((cell) => cell.outputs);
  const shown = outputs.length > 0;
  const hasPicture = outputs.some(({ type }) => type === "image");
  const hasTable = outputs.some(({ type }) => type === "table");
  return [
    ...(!hasPicture && canPlot(python) && isPlottable(cells.at(-1))
      ? [{ text: strings.askPlotThis, agent: "visualization_agent" }]
      : []),
    ...(shown && !hasTable ? [{ text: strings.askAsTable, agent: null }] : []),
    ...(cells.length > 0 ? [{ text: strings.askExplain, agent: null }] : []),
    ...(isFromFiles(turn) ? [{ text: strings.askMore, agent: "retrieval_agent" }] : []),
  ];
}

/** A model's answer from passages; the passages alone, or that none answers, leave nothing to explain. */
function isFromFiles({ blocks, usage }: Turn): boolean {
  const isCited = blocks.some(
    (block) => block.kind === "text" && block.role === "answer" && block.citations.length > 0,
  );
  const isNearest = blocks.some((block) => block.kind === "passages" && block.how === "nearest");
  return isCited && !isNearest && usage.calls > 0;
}

/** The label of a Python names the packages it has. */
function canPlot(python: PythonState | null): boolean {
  const label = python?.kernel === undefined ? python?.label : python.kernel.python;
  return label?.includes("matplotlib") === true;
}

/** A frame or a series with enough rows as the last thing of that kind that the cell showed. */
function isPlottable(cell: CellBlock | undefined): boolean {
  const table = cell?.outputs.findLast(({ type }) => type === "table");
  return table?.type === "table" && table.rowCount >= fewestPlotted;
}
