import { createPace, type Pace } from "../index/pace.ts";
import type { FileTask } from "../index/prepare-files.ts";
import { preparedItems } from "../index/prepare-in-thread.ts";
import { schemaOf } from "./corpus-schema.ts";
import { CorpusWriter, type WriterOptions, type WrittenCounts } from "./corpus-writer.ts";
import type { SharedDatabase } from "./shared-database.ts";

/** The work stops to breathe as often. */
export const breathEveryMs = 15;
/** After so many new passages the server counts anew what it plans searches by. */
const analyzeAfterPassages = 1000;

/** What is to be written. */
export interface CorpusWork {
  /** Numbers of files that are removed first. */
  readonly gone: readonly number[];
  readonly tasks: readonly FileTask[];
  readonly pace?: Pace;
  /** Told of each file that was read. */
  readonly onFile?: () => void;
}

/** What was written. */
export interface CorpusWritten extends WrittenCounts {
  /** Of the files that were read. */
  readonly readBytes: number;
}

/**
 * Removes what is gone, reads files and writes their passages. What was read whole stays written when it is stopped.
 *
 * @throws AgentError `index.*`; the signal's reason
 */
export async function writeCorpus(
  options: WriterOptions,
  work: CorpusWork,
  signal: AbortSignal,
): Promise<CorpusWritten> {
  const { gone, tasks, onFile, pace = createPace(breathEveryMs, signal) } = work;
  const writer = new CorpusWriter(options);
  await writer.remove(gone);
  let readBytes = 0;
  /* oxlint-disable no-await-in-loop -- one file after the other */
  try {
    for await (const { items, passages } of preparedItems(tasks)) {
      for (const item of items) {
        signal.throwIfAborted();
        await writer.add(item, passages);
        if (item.type === "file") {
          readBytes += item.readBytes;
          onFile?.();
        }
        await pace.breathe();
      }
    }
  } catch (error) {
    if (signal.aborted) {
      writer.dropLast();
      await writer.write();
    }
    throw error;
  }
  /* oxlint-enable no-await-in-loop */
  await writer.write();
  return { ...writer.counts, readBytes };
}

/** Notes that an update has ended. @param isWhole It looked at the whole root. @param passages that it has written */
export async function endUpdate(
  database: SharedDatabase,
  corpus: string,
  { isWhole, passages }: { readonly isWhole: boolean; readonly passages: number },
): Promise<void> {
  const schema = schemaOf(corpus);
  await database.query(`DELETE FROM ${schema}.meta WHERE key = 'updating'`);
  if (isWhole) {
    await database.query(
      `INSERT INTO ${schema}.meta (key, value) VALUES ('updated', (extract(epoch FROM clock_timestamp()) * 1000)::bigint::text)
       ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
    );
  }
  if (passages > analyzeAfterPassages) {
    await database.query(`ANALYZE ${schema}.passage`);
  }
}
