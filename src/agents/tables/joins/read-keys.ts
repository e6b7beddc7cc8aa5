import type { TableProfile } from "../../protocol/table-profile.ts";
import type { DialectChoice } from "../../ports/table-profiler.ts";
import { openFile } from "../readers/file-bytes.ts";
import { cellOfBlock } from "../readers/cell-block.ts";
import type { RawCell, TableSource } from "../readers/table-source.ts";
import { withSource } from "../with-source.ts";
import { keyReader, type KeyReader } from "./join-key.ts";
import { KeySet } from "./key-set.ts";

/** The keys of some columns of a file. */
export interface FileKeys {
  /** By column, or by columns joined with a NUL. */
  readonly sets: ReadonlyMap<string, KeySet>;
  /** Not all rows were read. */
  readonly partial: boolean;
}

type CellAt = (row: number, column: number) => RawCell | undefined;

const mostRows = 5_000_000;

/** What the profile says about how the file is read; everything else is detected as it was. */
function choiceOf({ dialect }: TableProfile): DialectChoice {
  const { encoding, delimiter, decimal, sheet } = dialect;
  return {
    ...(encoding === null ? {} : { encoding }),
    ...(delimiter === null ? {} : { delimiter }),
    ...(decimal === null ? {} : { decimal }),
    ...(sheet === null ? {} : { sheet }),
  };
}

const sameNames = (source: TableSource, profile: TableProfile): boolean =>
  profile.columns.every(({ name }, index) => source.names[index] === name);

/**
 * Reads a file again for the keys of the given columns; a list of several columns is one key of all of them.
 *
 * @returns `null` where the file no longer has these columns. @throws AgentError `table.*`
 */
export async function readKeys(profile: TableProfile, keys: readonly (readonly string[])[]): Promise<FileKeys | null> {
  const file = await openFile(profile.path);
  try {
    const choices: DialectChoice[] = [
      choiceOf(profile),
      { ...choiceOf(profile), headerRow: profile.dialect.headerRow },
    ];
    for (const choice of choices) {
      // oxlint-disable-next-line no-await-in-loop -- the second way is tried where the first fails
      const found = await withSource(file, choice, async (source) =>
        sameNames(source, profile) ? await collect(source, profile, keys) : null,
      );
      if (found !== null) {
        return found;
      }
    }
    return null;
  } finally {
    await file.handle.close();
  }
}

async function collect(
  source: TableSource,
  profile: TableProfile,
  keys: readonly (readonly string[])[],
): Promise<FileKeys> {
  const readers = new Map<string, { readonly index: number; readonly read: KeyReader }>();
  for (const name of new Set(keys.flat())) {
    const index = source.names.indexOf(name);
    const column = profile.columns[index];
    if (column !== undefined) {
      readers.set(name, { index, read: keyReader(column, source.style) });
    }
  }
  const wanted = keys.map((names) => ({
    set: new KeySet(),
    names,
    columns: names.flatMap((name) => readers.get(name) ?? []),
  }));
  let rows = 0;
  const most = Math.min(mostRows, profile.rowCount);
  for await (const batch of source.batches) {
    const count = Math.min("rows" in batch ? batch.rows.length : batch.block.rowCount, most - rows);
    const cellAt: CellAt =
      "rows" in batch
        ? (row, column) => batch.rows[row]?.[column]
        : (row, column) => cellOfBlock(batch.block, row, column);
    for (let row = 0; row < count; row += 1) {
      for (const { set, columns } of wanted) {
        addRow(set, columns, row, cellAt);
      }
    }
    rows += count;
    if (rows >= most) {
      break;
    }
  }
  return {
    sets: new Map(wanted.map(({ names, set }) => [names.join("\0"), set])),
    partial: profile.rowCount > mostRows,
  };
}

function addRow(
  set: KeySet,
  columns: readonly { readonly index: number; readonly read: KeyReader }[],
  row: number,
  cellAt: CellAt,
): void {
  const [first] = columns;
  if (columns.length === 1 && first !== undefined) {
    const found = first.read(cellAt(row, first.index));
    if (found === null) {
      set.missing += 1;
    } else {
      set.add(found.key, found.written);
    }
    return;
  }
  const parts: string[] = [];
  for (const { index, read } of columns) {
    const found = read(cellAt(row, index));
    if (found === null) {
      set.missing += 1;
      return;
    }
    parts.push(found.key);
  }
  set.add(parts.join("\0"), parts.join(", "));
}
