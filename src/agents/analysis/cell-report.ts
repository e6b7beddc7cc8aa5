import type { CellOutput, CellStatus, TableOutput } from "../protocol/cell-output.ts";
import { filesText } from "../protocol/words/files-text.ts";

const textLimit = 6_000;
const tableRows = 25;
const tableColumns = 30;
const tracebackLimit = 2_500;

/**
 * What a model is told of a cell: the exit code as the transcript has always shown it, then the output, shortened in
 * the middle where it is long.
 */
export function cellReport(status: CellStatus, outputs: readonly CellOutput[]): string {
  const output = shortened(outputsText(outputs), textLimit);
  switch (status) {
    case "ok":
      return `exitcode: 0 (execution succeeded)\nCode output: ${output === "" ? "(nothing was printed)" : output}`;
    case "error":
      return `exitcode: 1 (execution failed)\nCode output: ${output}`;
    case "interrupted":
      return `exitcode: 130 (interrupted by the user)\nCode output: ${output}`;
    case "timeout":
      return `exitcode: 124 (stopped: it ran longer than allowed; variables are kept)\nCode output: ${output}`;
    case "exited":
      return `exitcode: 137 (the Python process ended; all variables are lost, and a new one starts with the next code)\nCode output: ${output}`;
    case "denied":
      return `The code was not run: the user declined.`;
  }
}

/** All that a cell showed, as text; pictures by what they show. */
export function outputsText(outputs: readonly CellOutput[]): string {
  return outputs
    .map(outputText)
    .join("\n")
    .replace(/^(?:[^\S\n]*\n)+/, "")
    .trimEnd();
}

function outputText(output: CellOutput): string {
  switch (output.type) {
    case "text":
    case "value":
      return output.text;
    case "table":
      return tableText(output);
    case "image":
      return `[A figure was shown to the user: ${output.alt}]`;
    case "error":
      return tail(output.traceback === "" ? `${output.name}: ${output.message}` : output.traceback, tracebackLimit);
    case "truncation":
      return `[${output.totalBytes} bytes of output; only a part is shown]`;
    case "files":
      return filesText(output, "en");
  }
}

function tableText(table: TableOutput): string {
  const columns = table.columns.slice(0, tableColumns);
  const lines = [
    columns.map((column) => column.name).join(" | "),
    ...table.rows.slice(0, tableRows).map((row) =>
      row
        .slice(0, tableColumns)
        .map((cell) => (cell === null ? "" : String(cell)))
        .join(" | "),
    ),
  ];
  const cut = table.rowCount > tableRows || table.columnCount > tableColumns;
  return `${lines.join("\n")}\n[${table.rowCount} rows × ${table.columnCount} columns${cut ? `; the first ${Math.min(tableRows, table.rows.length)} rows are shown here` : ""}]`;
}

/** `text` without its middle where it is longer than `limit` characters. */
export function shortened(text: string, limit: number): string {
  if (text.length <= limit) {
    return text;
  }

  const half = Math.floor(limit / 2);
  return `${text.slice(0, half)}\n[… ${text.length - 2 * half} characters left out …]\n${text.slice(-half)}`;
}

function tail(text: string, limit: number): string {
  return text.length > limit ? `…${text.slice(-limit)}` : text;
}
