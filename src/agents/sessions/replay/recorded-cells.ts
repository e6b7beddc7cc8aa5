import type { Run, RunEvent } from "../../core/run.ts";
import type { Message } from "../../protocol/message.ts";
import type { SessionEvent } from "../../protocol/session-event.ts";

export interface RecordedCellsParts {
  /** Everything that happened in the session. */
  readonly log: readonly SessionEvent[];
  /** Whether the Python that ran the last cell would run the next. */
  readonly keepsVariables: boolean;
  readonly run: Run;
  /** Has a cell of the log run again, as any other cell. */
  readonly again: (message: Message) => Promise<Message | undefined>;
}

/**
 * To be called before code runs that builds on cells of the log, which have not run again. Where the Python that ran them is
 * there no more, they are run for their variables: the person is asked as for any cell. Where it is, and has run others
 * since, that is said.
 */
export async function readyVariables(cells: readonly Message[], parts: RecordedCellsParts): Promise<void> {
  const { log, keepsVariables, run } = parts;
  const ids = cells.map(({ metadata }) => metadata["cellId"]);
  const ran = keepsVariables ? cellsOfLastPython(log) : [];
  if (!ids.every((id) => typeof id === "string" && ran.includes(id))) {
    const text = `A new Python has been started since: the code that was taken from the earlier run (${cells.length}) is run again first, for its variables.`;
    run.emit(notice("info", "replay-cells-again", cells.length, text));
    await runAgain(cells, parts);
    return;
  }

  const last = Math.max(-1, ...ids.map((id) => ran.findLastIndex((other) => other === id)));
  const later = new Set(ran.slice(last + 1)).size;
  if (ids.length > 0 && later > 0) {
    const text = `Code that was taken from the earlier run is not run again. Its variables are as later code (${later}) has left them.`;
    run.emit(notice("info", "replay-variables-later", later, text));
  }
}

async function runAgain(cells: readonly Message[], { run, again }: RecordedCellsParts): Promise<void> {
  for (const cell of cells) {
    const metadata = { ...cell.metadata, cellId: crypto.randomUUID(), repair: 0 };
    // Each may need the variables of the one before.
    // oxlint-disable-next-line no-await-in-loop
    const reply = await again({ ...cell, id: crypto.randomUUID(), metadata });
    if (reply?.metadata["status"] !== "ok") {
      const text = "Not all of that code ran again: some variables are missing.";
      run.emit(notice("warning", "replay-cells-failed", cells.length, text));
      return;
    }
  }
}

/** Ids of the cells that ran in the Python that ran the last one, in order. */
function cellsOfLastPython(log: readonly SessionEvent[]): readonly string[] {
  const runs = log.flatMap((event) => (event.type === "cell-run" && event.replayed !== true ? [event] : []));
  const first = runs.findLastIndex(({ newPython }) => newPython === true);
  return runs.slice(Math.max(0, first)).map(({ cellId }) => cellId);
}

type Notice = Extract<RunEvent, { type: "notice" }>;

function notice(severity: Notice["severity"], code: string, cells: number, text: string): Notice {
  return { type: "notice", severity, code, text, values: { cells } };
}
