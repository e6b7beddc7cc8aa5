import { hash as digest } from "node:crypto";
import { join } from "node:path";
import { createPace, type Pace } from "../index/pace.ts";
import type { UpdateRequest } from "../index/plan-update.ts";
import { type FileTask, mostBytes } from "../index/prepare-files.ts";
import { readFileContent } from "../parse/read-file.ts";
import { type CorpusPlace, planCorpus } from "../postgres/plan-corpus.ts";
import type { SeenFile } from "../postgres/seen-files.ts";
import { breathEveryMs, writeCorpus } from "../postgres/write-corpus.ts";
import type { CarriedPlan } from "../retrieval-messages.ts";

/**
 * Looks for files that are to be read by others, and removes what is gone. A file whose content the index has already,
 * although this machine did not know it, is remembered and not among them.
 *
 * @throws AgentError `index.*`; the signal's reason
 */
export async function planCarrying(
  place: CorpusPlace,
  request: UpdateRequest,
  signal: AbortSignal,
): Promise<CarriedPlan> {
  const pace = createPace(breathEveryMs, signal);
  const { gone, tasks, unreadable, unchanged, tooManyFiles } = await planCorpus(place, request, pace);
  await writeCorpus(place, { gone: gone.map(({ id }) => id), tasks: [] }, signal);
  const known = await knownAmong(tasks, pace);
  place.seen.remember(known);
  const paths = new Set(known.map(({ path }) => path));
  return {
    tasks: tasks.filter(({ path }) => !paths.has(path)),
    unreadable,
    unchanged: unchanged + known.length,
    tooManyFiles,
    removed: gone.length,
  };
}

/** Those whose content is that of the index. */
async function knownAmong(tasks: readonly FileTask[], pace: Pace): Promise<readonly SeenFile[]> {
  const known: SeenFile[] = [];
  for (const task of tasks) {
    if (task.knownHash !== null && task.knownHash !== "" && !task.isSecret && task.givenUp === undefined) {
      const seen = seenNow(task);
      if (seen?.hash === task.knownHash) {
        known.push(seen);
      }
      // oxlint-disable-next-line no-await-in-loop -- one file after the other, with pauses
      await pace.breathe();
    }
  }
  return known;
}

/** The file as it is; `null` where it cannot be read. */
function seenNow({ folder, path }: FileTask): SeenFile | null {
  const seenMs = Date.now();
  try {
    const { bytes, stamp } = readFileContent(join(folder, path), mostBytes);
    return { path, stamp, seenMs, hash: digest("sha1", bytes) };
  } catch {
    return null;
  }
}
