import { resolve } from "node:path";
import { checkExportTarget, writeExport } from "../export/write-export.ts";
import type { SessionLog } from "../sessions/session-log.ts";

/**
 * The files that `--export` names, before a model is asked: what cannot be written is said at once.
 *
 * @param inputs Absolute paths of the analyzed files.
 * @returns Absolute paths, each once. @throws AgentError `export.*`
 */
export async function exportTargets(named: readonly string[], inputs: readonly string[]): Promise<readonly string[]> {
  const targets = [...new Set(named.map((path) => resolve(path)))];
  await Promise.all(targets.map((target) => checkExportTarget(target, inputs)));
  return targets;
}

/**
 * Writes a session to every target.
 *
 * @returns Absolute paths of all that was written. @throws AgentError `export.*`
 */
export async function exportAll(targets: readonly string[], log: SessionLog): Promise<readonly string[]> {
  const written = await Promise.all(
    targets.map((target) =>
      writeExport({
        events: log.events,
        sessionFolder: log.folder,
        workingDirectory: null,
        target,
        root: process.cwd(),
        turnId: null,
        failedAttempts: false,
      }),
    ),
  );
  return written.flat();
}
