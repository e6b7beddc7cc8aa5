import { memoryAgent } from "../catalog/memory-agent.ts";
import type { TableCell, TableOutput } from "../protocol/cell-output.ts";
import type { Block, CellBlock, Session, TextBlock, Turn } from "../protocol/session-state.ts";

const longestHeading = 160;
const longestAnswer = 12_000;
const mostTables = 3;
const mostRows = 12;
const mostColumns = 12;
const longestCell = 80;
const mostQuotes = 12;
const longestQuote = 300;
const mostFigures = 6;

/**
 * What is remembered of a turn, as Markdown: the question, the answer with the words that it cites, the last tables, what
 * figures show, and the names of files. `null` for a turn of which nothing is remembered: one that runs, says nothing, was
 * asked while nothing was to be remembered, or was itself answered from earlier conversations.
 */
export function turnText(turn: Turn, session: Pick<Session, "files" | "sources">): string | null {
  const said = answersOf(turn);
  if (turn.status === "running" || turn.unremembered === true || said.length === 0 || isFromMemory(turn)) {
    return null;
  }

  const question = turn.question.trim();
  const heading = question.replaceAll(/\s+/gu, " ").slice(0, longestHeading);
  const names = [...new Set([...session.files, ...session.sources].map(({ name }) => name))];
  const day = new Date(turn.startedAt).toISOString().slice(0, 10);
  const cells = turn.blocks.filter((block): block is CellBlock => block.kind === "cell" && block.phase === "ok");
  return [
    `# ${heading}`,
    ...(heading === question ? [] : [question]),
    [`Asked on ${day}.`, ...(names.length === 0 ? [] : [`Files: ${names.join("; ")}.`])].join(" "),
    ...said.map((block) => plain(block).slice(0, longestAnswer)),
    ...quotesOf(said),
    ...tablesOf(cells).map(tableText),
    ...figuresOf(cells),
  ].join("\n\n");
}

/** Echoes would be found before what they echo, and outlive it. */
function isFromMemory({ agent, blocks }: Turn): boolean {
  return (
    agent === memoryAgent.name || blocks.some((block) => block.kind === "select" && block.agent === memoryAgent.name)
  );
}

/** The answers; where there is none, what was said last. */
function answersOf({ blocks }: Turn): readonly TextBlock[] {
  const texts = blocks.filter(isSaid);
  const answers = texts.filter(({ role }) => role === "answer");
  return answers.length > 0 ? answers : texts.slice(-1);
}

function isSaid(block: Block): block is TextBlock {
  return block.kind === "text" && block.role !== "reasoning" && block.text.trim() !== "";
}

/** The text without marks of citations and doubts. */
function plain({ text, citations, doubts }: TextBlock): string {
  const numbers = new Set(citations.map(({ number }) => number));
  const unsure = new Set(doubts.map(({ number }) => number));
  return text
    .replaceAll(/ ?\[\?(\d+)\]/gu, (mark, digits: string) => (unsure.has(Number(digits)) ? "" : mark))
    .replaceAll(/ ?(?<!\\)\[(\d+)\]/gu, (mark, digits: string) => (numbers.has(Number(digits)) ? "" : mark))
    .trim();
}

function quotesOf(said: readonly TextBlock[]): readonly string[] {
  const lines = said
    .flatMap(({ citations }) => citations)
    .slice(0, mostQuotes)
    .map(({ name, startLine, quote }) => `- ${name}:${startLine}: "${oneLine(quote, longestQuote)}"`);
  return lines.length === 0 ? [] : [`Cited:\n${lines.join("\n")}`];
}

function tablesOf(cells: readonly CellBlock[]): readonly TableOutput[] {
  return cells
    .flatMap(({ outputs }) => outputs)
    .filter((output) => output.type === "table")
    .slice(-mostTables);
}

function tableText({ name, columns, rows, rowCount }: TableOutput): string {
  const shown = rows.slice(0, mostRows);
  const size = shown.length < rowCount ? `${shown.length} of ${rowCount} rows` : `${rowCount} rows`;
  const title = name === undefined ? `Table (${size}):` : `Table ${name} (${size}):`;
  return [title, rowText(columns.map((column) => column.name)), ...shown.map(rowText)].join("\n");
}

function rowText(cells: readonly TableCell[]): string {
  return cells
    .slice(0, mostColumns)
    .map((cell) => oneLine(String(cell ?? ""), longestCell))
    .join(" | ");
}

function figuresOf(cells: readonly CellBlock[]): readonly string[] {
  const lines = cells
    .flatMap(({ outputs }) => outputs)
    .flatMap((output) => (output.type === "image" && output.alt.trim() !== "" ? [`Figure: ${output.alt.trim()}`] : []))
    .slice(-mostFigures);
  return lines.length === 0 ? [] : [lines.join("\n")];
}

function oneLine(text: string, length: number): string {
  const line = text.replaceAll(/\s+/gu, " ").trim();
  return line.length > length ? `${line.slice(0, length)}…` : line;
}
