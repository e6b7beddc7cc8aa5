import type { HeldBy } from "../ports/interpreter.ts";
import type { CellOutput } from "../protocol/cell-output.ts";

const writingFailures = new Set(["PermissionError", "OSError", "FileNotFoundError"]);
const networkFailures = /URLError|gaierror|Connection|Timeout|SSLError|HTTPError|PermissionError|OSError/;

/** What an author is told beforehand; `null` where nothing holds the code. */
export function sandboxRule(sandbox: HeldBy): string | null {
  if (sandbox.mode === "off") {
    return null;
  }

  const folders = sandbox.folders.map((folder) => JSON.stringify(folder)).join(" and ");
  const network = sandbox.mode === "strict" ? " There is no network." : "";
  return `Code runs in a sandbox: it can write files only in ${folders}, and cannot read files that hold keys.${network}`;
}

/** Said with the output of a cell that has failed where the sandbox may be why. */
export function sandboxNotes(sandbox: HeldBy, outputs: readonly CellOutput[]): readonly string[] {
  const rule = sandboxRule(sandbox);
  const error = outputs.findLast((output) => output.type === "error");
  if (rule === null || error?.type !== "error") {
    return [];
  }

  const mayBeWhy =
    /Permission denied|Read-only file system|Operation not permitted/.test(error.message) &&
    writingFailures.has(error.name);
  const isNetwork = sandbox.mode === "strict" && networkFailures.test(error.name);
  return mayBeWhy || isNetwork ? [`The sandbox may be why. ${rule}`] : [];
}
