import { join } from "node:path";
import { AgentError } from "../../base/errors.ts";
import type { Embedder } from "../../ports/embedder.ts";
import type { CarryOrder, FileToCarry, IndexCarrier } from "../../ports/index-carrier.ts";
import type { IndexReport, IndexUpdateRequest } from "../../ports/passage-index.ts";
import { clusterPlace } from "../../protocol/cluster-place.ts";
import type { IndexJobReport } from "../../protocol/index-job.ts";
import { shownLeftOut } from "../index/index-status.ts";
import type { FileTask } from "../index/prepare-files.ts";
import type { SeenFile } from "../postgres/seen-files.ts";
import type { CarriedPlan, Carrying } from "../retrieval-messages.ts";

/** A shared index, as far as somebody needs it who has others update it. */
export interface CarryParts {
  /** How others reach the index, and the files for them; none where they look for them. */
  readonly begin: (request: IndexUpdateRequest | null, signal: AbortSignal) => Promise<Carrying>;
  readonly remember: (files: readonly SeenFile[]) => Promise<void>;
  readonly embedder: Embedder | null;
  readonly mostFiles: number;
}

/** Who does the work, and who is told what does not stop it. */
export interface CarriedBy {
  readonly carrier: IndexCarrier;
  readonly onNotice: (sentence: string) => void;
}

/**
 * Has others bring a shared index up to date: with the files of a folder of this machine, or with those of a place that
 * they read.
 *
 * @throws AgentError `index.*`, `remote.*`; the signal's reason
 */
export async function carryUpdate(
  parts: CarryParts,
  request: IndexUpdateRequest,
  { carrier, onNotice }: CarriedBy,
  signal: AbortSignal,
): Promise<IndexReport> {
  const startedMs = performance.now();
  const place = clusterPlace(request.root);
  const { corpus, address, plan } = await parts.begin(place === null ? request : null, signal);
  const { onProgress } = request;
  const common: Pick<CarryOrder, "corpus" | "embedder" | "onNotice" | "onProgress" | "isWhole"> = {
    corpus,
    embedder: parts.embedder,
    isWhole: request.only === undefined,
    onNotice,
    onProgress: ({ doneFiles, ofFiles }) => onProgress?.({ doneFiles, ofFiles }),
  };
  const carried =
    plan === null
      ? await carrier.carry({ ...common, ...placeSource(request, place ?? "", parts.mostFiles) }, signal)
      : await carrier.carry({ ...common, ...filesSource(plan, parts) }, signal);
  return { ...mergedReport(carried, plan), root: request.root, database: address, durationMs: since(startedMs) };
}

function since(startedMs: number): number {
  return Math.round(performance.now() - startedMs);
}

type Source = Pick<CarryOrder, "source" | "onWritten">;

function placeSource(request: IndexUpdateRequest, root: string, mostFiles: number): Source {
  const { exclude = [], gitIgnoring, keepExcluded = false, only } = request;
  if (only !== undefined) {
    const message = `Of ${request.root} all is looked at, not ${only.join(", ")}.`;
    throw new AgentError("index.not-found", { path: only.join(", ") }, message);
  }
  return {
    source: {
      kind: "cluster",
      root,
      exclude: [...exclude],
      keepExcluded,
      mostFiles,
      ...(gitIgnoring === undefined ? {} : { gitIgnoring }),
    },
    onWritten: () => Promise.resolve(),
  };
}

function filesSource({ tasks, unchanged }: CarriedPlan, { remember }: CarryParts): Source {
  const known = new Map(tasks.map((task) => [task.path, task]));
  const seenMs = Date.now();
  return {
    source: { kind: "files", files: tasks.map(fileToCarry), unchanged },
    onWritten: async (files) => {
      const seen = files.flatMap(({ path, hash }) => {
        const stamp = known.get(path)?.stamp;
        return stamp === undefined ? [] : [{ path, stamp, seenMs, hash }];
      });
      await remember(seen);
    },
  };
}

function fileToCarry({ folder, path, stamp, isSecret, givenUp, knownHash }: FileTask): FileToCarry {
  const { sizeBytes } = stamp;
  return { path, file: join(folder, path), sizeBytes, isSecret, givenUp: givenUp ?? null, knownHash };
}

function mergedReport(
  carried: IndexJobReport,
  plan: CarriedPlan | null,
): Omit<IndexReport, "root" | "database" | "durationMs"> {
  const { files, passages, added, changed, readBytes, sizeBytes } = carried;
  const unreadable = plan?.unreadable ?? [];
  const leftOut = [...carried.leftOut, ...unreadable.map((path) => ({ path, reason: "unreadable" }))];
  return {
    files,
    passages,
    added,
    changed,
    readBytes,
    sizeBytes,
    removed: carried.removed + (plan?.removed ?? 0),
    unchanged: carried.unchanged,
    leftOut: leftOut.slice(0, shownLeftOut),
    leftOutFiles: carried.leftOutFiles + unreadable.length,
    tooManyFiles: carried.tooManyFiles || plan?.tooManyFiles === true,
  };
}
