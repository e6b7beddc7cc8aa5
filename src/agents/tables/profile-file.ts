import { stat } from "node:fs/promises";
import { AgentError } from "../base/errors.ts";
import type { DialectChoice } from "../ports/table-profiler.ts";
import type { TableProfile, TableWarning } from "../protocol/table-profile.ts";
import { findTotals, type TotalSearch } from "./profile/find-totals.ts";
import { TableBuilder, type BuiltTable } from "./profile/table-builder.ts";
import { tableKeys } from "./profile/table-keys.ts";
import { tableWarnings } from "./profile/table-warnings.ts";
import { openFile, type OpenedFile } from "./readers/file-bytes.ts";
import type { TableSource } from "./readers/table-source.ts";
import { readingCall } from "./reading-call.ts";
import { withSource } from "./with-source.ts";

/** A profile to make, without an editor or a thread. */
export interface ProfileJob {
  /** Absolute path. */
  readonly path: string;
  readonly sampleRows: number;
  readonly dialect: DialectChoice;
  /** Told what is known so far: after the first piece, then every half second or less often. */
  readonly onProgress?: (profile: TableProfile, readBytes: number) => void;
  /** Asked before every piece. */
  readonly signal?: AbortSignal;
}

const progressEveryMs = 500;
/** Reading goes on for so many times as long as telling took. */
const tellingShare = 30;

/**
 * Reads a table from beginning to end and describes it.
 *
 * @throws AgentError `table.*`
 */
export async function profileFile(job: ProfileJob): Promise<TableProfile> {
  const startedMs = performance.now();
  const file = await openFile(job.path);
  try {
    return await profileOpened(file, job, startedMs);
  } finally {
    await file.handle.close();
  }
}

/**
 * The same of a file that is open already, and stays so.
 *
 * @throws AgentError `table.*`
 */
export async function profileOpened(
  file: OpenedFile,
  job: ProfileJob,
  startedMs: number = performance.now(),
): Promise<TableProfile> {
  try {
    return await withSource(
      file,
      job.dialect,
      async (source, quoteLine) => await readThrough({ file, job, source, startedMs, quoteLine }),
    );
  } catch (error) {
    throw mayComeOfChange(error, job) && (await hasChanged(file)) ? changedError(file, error) : error;
  }
}

/** Errors of bytes that do not fit together, as of a file that another program writes. */
function mayComeOfChange(error: unknown, { signal }: ProfileJob): boolean {
  const isKnown = error instanceof AgentError;
  return isKnown
    ? AgentError.is(error, "table.damaged") || AgentError.is(error, "table.not-a-table")
    : signal?.aborted !== true;
}

/** The file is no longer as it was when it was opened. */
async function hasChanged({ path, modifiedMs, sizeBytes }: OpenedFile): Promise<boolean> {
  const now = await stat(path).catch(() => null);
  return now === null || now.mtimeMs !== modifiedMs || now.size !== sizeBytes;
}

function changedError(file: OpenedFile, cause: unknown): AgentError<"table.changed"> {
  const message = `"${file.name}" changed while it was read, so its parts do not fit together. Wait until the program that writes it is done, and read it again.`;
  return new AgentError("table.changed", { path: file.path }, message, cause);
}

interface Reading {
  readonly file: OpenedFile;
  readonly job: ProfileJob;
  readonly source: TableSource;
  readonly startedMs: number;
  /** Line of a quote that never closes, for which the file is read without quoting. */
  readonly quoteLine: number | null;
}

async function readThrough(reading: Reading): Promise<TableProfile> {
  const { source, job } = reading;
  const builder = new TableBuilder(source, job.sampleRows);
  let nextMs = -Infinity;
  for await (const batch of source.batches) {
    job.signal?.throwIfAborted();
    builder.add(batch);
    const nowMs = performance.now();
    if (job.onProgress !== undefined && nowMs >= nextMs) {
      job.onProgress(assemble(reading, builder.snapshot()), batch.readBytes);
      const toldMs = performance.now();
      nextMs = toldMs + Math.max(progressEveryMs, (toldMs - nowMs) * tellingShare);
    }
  }
  refuseBrokenQuotes(reading);
  const built = builder.finish();
  const search = findTotals(built, source);
  return {
    ...assemble(reading, built),
    keys: tableKeys(built, search.data),
    totals: search.totals.map((found) => found.total),
    warnings: await allWarnings(reading, built, search),
    complete: true,
    durationMs: elapsed(reading),
  };
}

/** Without quoting the rows must be whole; otherwise nobody can say what belongs where. */
function refuseBrokenQuotes({ source, file, quoteLine }: Reading): void {
  if (quoteLine !== null && source.notes.longRows + source.notes.shortRows > 0) {
    const reason = `a quote that opens on line ${quoteLine} never closes`;
    const message = `"${file.name}" cannot be read as a table: ${reason}. Close or remove the quote on line ${quoteLine}.`;
    throw new AgentError("table.damaged", { path: file.path, reason }, message);
  }
}

async function allWarnings(reading: Reading, built: BuiltTable, search: TotalSearch): Promise<TableWarning[]> {
  const { file, source, quoteLine } = reading;
  const changed = await hasChanged(file);
  return tableWarnings({ built, source, search, quoteLine, changed, name: file.name });
}

/** Milliseconds since the reading began, one decimal. */
function elapsed({ startedMs }: Reading): number {
  return Math.round((performance.now() - startedMs) * 10) / 10;
}

/** The profile of what has been read so far. */
function assemble(reading: Reading, built: BuiltTable): TableProfile {
  const { file, source, job } = reading;
  return {
    path: job.path,
    name: file.name,
    sizeBytes: file.sizeBytes,
    modifiedMs: file.modifiedMs,
    dialect: source.dialect,
    sheets: [...source.sheets],
    rowCount: built.rowCount,
    columns: built.columns.map((column) => column.profile),
    duplicateRows: built.duplicateRows,
    ...(built.duplicateRowsEstimated ? { duplicateRowsEstimated: true } : {}),
    totals: [],
    warnings: [...source.warnings],
    rows: built.rows.map((row) => [...row]),
    reading: readingCall(source, built, file),
    complete: false,
    durationMs: elapsed(reading),
  };
}
