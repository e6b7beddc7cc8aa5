import { stat } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import type * as Sqlite from "node:sqlite";
import type { DatabaseSync } from "node:sqlite";
import { AgentError, messageOf } from "../../base/errors.ts";
import type { DialectChoice } from "../../ports/table-profiler.ts";
import type { TableProfile, TableWarning } from "../../protocol/table-profile.ts";
import type { OpenedFile } from "./file-bytes.ts";
import { noSuchPart, otherParts } from "./part-list.ts";
import { emptyNotes, plainLayout, type RawRow, type RowBatch, type TableSource } from "./table-source.ts";
import { typedCell } from "./typed-cell.ts";

const batchRows = 5000;
/** Tables of larger files are not counted: counting reads them. */
const countedFileBytes = 256 * 1024 * 1024;

type Library = typeof Sqlite;

function damaged(file: OpenedFile, error: unknown): AgentError<"table.damaged"> {
  const reason = messageOf(error);
  const message = `"${file.name}" is a damaged SQLite database: ${reason}. It may be cut short; get it again from where it came from.`;
  return new AgentError("table.damaged", { path: file.path, reason }, message, error);
}

/** Node says on standard error that its module may change. Nobody who profiles a table can use that. */
async function loadLibrary(file: OpenedFile): Promise<Library> {
  const say = process.emitWarning.bind(process);
  process.emitWarning = () => undefined;
  try {
    return await import("node:sqlite");
  } catch (error) {
    const reason = "the Node of this editor comes without SQLite";
    const message = `"${file.name}" is a SQLite database, and cannot be read here: ${reason}. Save its table as CSV, or update the editor.`;
    throw new AgentError("table.not-readable", { path: file.path, reason }, message, error);
  } finally {
    process.emitWarning = say;
  }
}

/** Opens the database as it lies there: nothing is written beside it, not even a lock. */
function openDatabase({ DatabaseSync: Database }: Library, file: OpenedFile): DatabaseSync {
  const address = pathToFileURL(file.path);
  address.search = "?mode=ro&immutable=1";
  return new Database(address, { readOnly: true, allowExtension: false });
}

/** A name as SQL writes it. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

interface Part {
  readonly name: string;
  readonly isView: boolean;
  readonly rowCount: number | null;
}

function listParts(database: DatabaseSync, file: OpenedFile): readonly Part[] {
  const query =
    "SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid";
  const shadows = /_(content|docsize|config|data|idx|segments|segdir|stat|node|parent|rowid)$/u;
  const found = database.prepare(query).all();
  const names = new Set(found.map(({ name }) => String(name)));
  return found
    .filter(({ name }) => !shadows.test(String(name)) || !names.has(String(name).replace(shadows, "")))
    .map(({ name, type }) => ({
      name: String(name),
      isView: type === "view",
      rowCount: type === "view" || file.sizeBytes > countedFileBytes ? null : countRows(database, String(name)),
    }));
}

/** A table of a module that is not here cannot be counted. */
function countRows(database: DatabaseSync, name: string): number | null {
  try {
    return Number(database.prepare(`SELECT count(*) AS n FROM ${sqlName(name)}`).get()?.["n"]);
  } catch (error) {
    if (/malformed|corrupt|not a database|disk I\/O/iu.test(messageOf(error))) {
      throw error;
    }
    return null;
  }
}

/** The table wanted, or the one with the most rows; a view only where there is no table. */
function choosePart(file: OpenedFile, parts: readonly Part[], { sheet }: DialectChoice): Part {
  if (typeof sheet === "string" && sheet !== "") {
    const wanted = parts.find(({ name }) => name === sheet);
    if (wanted === undefined) {
      throw noSuchPart(
        file,
        sheet,
        parts.map(({ name }) => name),
      );
    }
    return wanted;
  }
  const [first] = parts.toSorted(
    (a, b) => Number(a.isView) - Number(b.isView) || (b.rowCount ?? 0) - (a.rowCount ?? 0),
  );
  if (first === undefined) {
    const reason = "the database has no tables";
    const message = `"${file.name}" is a SQLite database without tables. Choose another file.`;
    throw new AgentError("table.not-a-table", { path: file.path, reason }, message);
  }
  return first;
}

/** Changes that lie beside the database and are not in it yet. */
async function pendingWarnings(file: OpenedFile): Promise<TableWarning[]> {
  const sizes = await Promise.all(
    ["-wal", "-journal"].map(async (suffix) => (await stat(file.path + suffix).catch(() => null))?.size ?? 0),
  );
  return sizes.every((size) => size === 0)
    ? []
    : [
        {
          code: "pending-changes",
          severity: "warning",
          message:
            "A program has this database open: its last changes lie in a file beside it and are not in these rows. Close that program and read again.",
          columns: [],
          values: {},
        },
      ];
}

async function* batchesOf(file: OpenedFile, library: Library, part: Part): AsyncGenerator<RowBatch> {
  const database = openDatabase(library, file);
  let rows: RawRow[] = [];
  let count = 0;
  const told = (): RowBatch => {
    count += rows.length;
    const share = part.rowCount === null || part.rowCount === 0 ? 0 : Math.min(1, count / part.rowCount);
    return { rows, readBytes: Math.round(file.sizeBytes * share) };
  };
  try {
    const statement = database.prepare(`SELECT * FROM ${sqlName(part.name)}`);
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
    for (const row of statement.iterate() as Iterable<unknown>) {
      rows.push(Array.isArray(row) ? row.map(typedCell) : []);
      if (rows.length >= batchRows) {
        yield told();
        rows = [];
      }
    }
  } catch (error) {
    throw AgentError.is(error, "table.damaged") ? error : damaged(file, error);
  } finally {
    database.close();
  }
  yield told();
}

/**
 * Opens a table or a view of a SQLite database, without writing anything.
 *
 * @throws AgentError `table.damaged`, also while the rows are read, `table.not-a-table`, `table.not-readable`
 */
export async function openSqlite(file: OpenedFile, choice: DialectChoice): Promise<TableSource> {
  const library = await loadLibrary(file);
  let parts: readonly Part[];
  let part: Part;
  let names: readonly string[];
  try {
    const database = openDatabase(library, file);
    try {
      parts = listParts(database, file);
      part = choosePart(file, parts, choice);
      names = database
        .prepare(`SELECT * FROM ${sqlName(part.name)}`)
        .columns()
        .map(({ name }) => name);
    } finally {
      database.close();
    }
  } catch (error) {
    throw error instanceof AgentError ? error : damaged(file, error);
  }
  const sheets: TableProfile["sheets"] = parts.map(({ name, rowCount }) => ({ name, rowCount, hidden: false }));
  return {
    dialect: {
      format: "sqlite",
      encoding: null,
      delimiter: null,
      quote: null,
      decimal: null,
      thousands: null,
      headerRow: null,
      sheet: part.name,
    },
    sheets,
    names,
    cells: "typed",
    style: { decimal: ".", thousands: null },
    layout: { ...plainLayout, part: part.name },
    notes: emptyNotes(),
    warnings: [...otherParts("database", sheets, part.name), ...(await pendingWarnings(file))],
    batches: batchesOf(file, library, part),
  };
}
