import { constants } from "node:os";

/** Why the process is gone, as far as it is known. */
export interface Ending {
  readonly exitCode: number | undefined;
  /** What was done to it from here, if anything. */
  readonly cause: "itself" | "closed" | "ignored-interrupt" | "protocol";
  /** What it printed last outside the protocol. */
  readonly tail: string;
  /** What is known beyond the exit code, in whole sentences: what has become of its variables, too. */
  readonly explanation?: string | undefined;
  /** What it might use of memory at most, where the system held it to that. */
  readonly memoryLimitBytes?: number | undefined;
}

/** One or two sentences for the person and the model. */
export function describeEnding(ending: Ending): string {
  switch (ending.cause) {
    case "closed":
      return "The session's Python was closed.";
    case "ignored-interrupt":
      return "The code did not stop when it was interrupted, so Python was ended. Its variables are lost.";
    case "protocol":
      return "Python sent something that could not be understood and was ended. Its variables are lost.";
    case "itself":
      return `${ending.explanation ?? `${describeExit(ending.exitCode)} Its variables are lost.${limit(ending)}`}${told(ending.tail)}`;
  }
}

function describeExit(exitCode: number | undefined): string {
  if (exitCode === undefined) {
    return "Python has ended, or its terminal was closed.";
  }
  const signal = signalName(exitCode - 128);
  if (signal === undefined) {
    return `Python ended with exit code ${exitCode}.`;
  }
  const hint = signal === "SIGKILL" ? " (often because the system ran out of memory)" : "";
  return `Python was ended by ${signal}${hint}.`;
}

/** Libraries that get no memory often end the program, instead of saying so. */
function limit({ exitCode = 0, memoryLimitBytes = 0 }: Ending): string {
  return exitCode === 0 || memoryLimitBytes === 0
    ? ""
    : ` It was held to ${(memoryLimitBytes / 2 ** 30).toFixed(1)} GB of memory, which may be why: libraries that get no more often end Python.`;
}

function signalName(number: number): string | undefined {
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0];
}

function told(tail: string): string {
  const text = tail.trim();
  return text === "" ? "" : `\nIt last said:\n${text.slice(-2000)}`;
}
