import { AgentError } from "../base/errors.ts";
import type { IndexReport, LeftOutFile, PassageIndex } from "../ports/passage-index.ts";
import type { SourceState } from "../protocol/source.ts";
import { leftOutText } from "../protocol/words/left-out-text.ts";
import type { SourcePlace } from "./source-place.ts";

const namedLeftOut = 50;

/**
 * How a source stands after it was read.
 *
 * @throws AgentError `source.left-out` where it is a file of which nothing is in the index
 */
export async function readState(index: PassageIndex, place: SourcePlace, report: IndexReport): Promise<SourceState> {
  const leftOut = report.leftOut.filter(({ path }) => isWithin(path, place));
  const isAll = place.update.only === undefined;
  const counts = isAll ? { files: report.files, passages: report.passages } : await countWithin(index, place);
  const leftOutFiles = isAll ? report.leftOutFiles : leftOut.length;
  refuseLeftOut(place, counts.passages, leftOut);
  return {
    status: "ready",
    ...counts,
    leftOutFiles,
    leftOut: named(leftOut),
    tooManyFiles: report.tooManyFiles,
  };
}

/** How a source stands whose reading the person stopped. */
export async function stoppedState(index: PassageIndex, place: SourcePlace): Promise<SourceState> {
  try {
    const { leftOut } = await index.status(place.root);
    const own = leftOut.filter(({ path }) => isWithin(path, place));
    const { files, passages } = await countWithin(index, place);
    return { status: "stopped", files, passages, leftOutFiles: own.length, leftOut: named(own), tooManyFiles: false };
  } catch {
    return { status: "stopped", files: 0, passages: 0, leftOutFiles: 0, leftOut: [], tooManyFiles: false };
  }
}

async function countWithin(
  index: PassageIndex,
  { root, within: { path } }: SourcePlace,
): Promise<{ readonly files: number; readonly passages: number }> {
  const reading = { root, within: [{ path }], mostCharacters: 0 };
  const { count, files } = await index.read(reading, new AbortController().signal);
  return { files, passages: count };
}

function refuseLeftOut({ source, path }: SourcePlace, passages: number, leftOut: readonly LeftOutFile[]): void {
  const own = leftOut.find((file) => file.path === path);
  if (passages > 0 || source.kind === "folder" || source.kind === "workspace") {
    return;
  }

  const reason = own?.reason ?? "empty";
  const message = `${source.name} cannot be asked about: ${leftOutText(reason, "en")}.`;
  throw new AgentError("source.left-out", { path: source.path, reason }, message);
}

function isWithin(path: string, place: SourcePlace): boolean {
  return place.path === "" || path === place.path || path.startsWith(`${place.path}/`);
}

function named(leftOut: readonly LeftOutFile[]): LeftOutFile[] {
  return leftOut.slice(0, namedLeftOut).map(({ path, reason }) => ({ path, reason }));
}
