import type { IndexReport } from "../../ports/passage-index.ts";
import { shownLeftOut } from "../index/index-status.ts";
import { createPace } from "../index/pace.ts";
import type { UpdateRequest } from "../index/plan-update.ts";
import { corpusSums } from "./corpus-sums.ts";
import { type CorpusPlace, planCorpus } from "./plan-corpus.ts";
import { breathEveryMs, endUpdate, writeCorpus } from "./write-corpus.ts";

const progressEveryMs = 100;

/**
 * Brings a shared corpus up to date with the files under a root. What is written stays written, and is there for the
 * others. Content that is there already is read here once, to know it, and not written again.
 *
 * @param address how a report names the corpus
 * @throws AgentError `index.*`; the signal's reason
 */
export async function updateCorpus(
  place: CorpusPlace & { readonly address: string },
  request: UpdateRequest,
  signal: AbortSignal,
): Promise<IndexReport> {
  const startedMs = performance.now();
  signal.throwIfAborted();
  const { database, corpus, address } = place;
  const pace = createPace(breathEveryMs, signal);
  const plan = await planCorpus(place, request, pace);
  const { tasks, unreadable } = plan;
  const gone = plan.gone.map(({ id }) => id);
  const onFile = progressTo(request, tasks.length);
  const written = await writeCorpus(place, { gone, tasks, pace, onFile }, signal);
  await endUpdate(database, corpus, { isWhole: request.only === null, passages: written.passages });
  const { files, passages, leftOut, leftOutFiles, sizeBytes } = await corpusSums(database, corpus);
  return {
    root: request.root,
    files,
    passages,
    added: written.added,
    changed: written.changed,
    removed: gone.length,
    unchanged: written.unchanged + plan.unchanged,
    leftOut: [...leftOut, ...unreadable.map((path) => ({ path, reason: "unreadable" }))].slice(0, shownLeftOut),
    leftOutFiles: leftOutFiles + unreadable.length,
    tooManyFiles: plan.tooManyFiles,
    readBytes: written.readBytes,
    durationMs: Math.round(performance.now() - startedMs),
    database: address,
    sizeBytes,
  };
}

function progressTo({ onProgress }: UpdateRequest, ofFiles: number): () => void {
  let reportedMs = -progressEveryMs;
  let doneFiles = 0;
  return () => {
    doneFiles += 1;
    if (performance.now() - reportedMs > progressEveryMs) {
      reportedMs = performance.now();
      onProgress({ doneFiles, ofFiles });
    }
  };
}
