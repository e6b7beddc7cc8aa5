import type { TableProfiler } from "../ports/table-profiler.ts";
import type { AttachedFile, Session } from "../protocol/session-state.ts";
import type { DialectChoice, TableProfile } from "../protocol/table-profile.ts";
import { type NamedTable, namedTables } from "./table-names.ts";

/** Further parts of one file that become tables too. */
const mostParts = 20;

/** The tables that SQL can ask: those of all attached files, every sheet of a workbook and table of a database. */
export class SessionTables {
  readonly #profiler: TableProfiler;
  readonly #parts = new Map<string, Promise<TableProfile | null>>();

  constructor(profiler: TableProfiler) {
    this.#profiler = profiler;
  }

  /** Reads what has not been read yet; a part that cannot be read is left out. */
  async of({ files }: Pick<Session, "files">, signal: AbortSignal): Promise<readonly NamedTable[]> {
    const profiles = await Promise.all(files.map((file) => this.#profilesOf(file, signal)));
    signal.throwIfAborted();
    return namedTables(profiles.flat());
  }

  async #profilesOf({ profile, problem, choice }: AttachedFile, signal: AbortSignal): Promise<readonly TableProfile[]> {
    if (profile === null || problem !== null || misreads(profile)) {
      return [];
    }

    const others = profile.sheets
      .filter(({ name, rowCount, hidden }) => name !== profile.dialect.sheet && rowCount !== 0 && !hidden)
      .slice(0, mostParts);
    const parts = await Promise.all(others.map(({ name }) => this.#partOf(profile, name, { choice, signal })));
    return [profile, ...parts.filter((part) => part !== null && part.rowCount > 0 && !misreads(part))].filter(
      (part) => part !== null,
    );
  }

  #partOf(
    { path, modifiedMs }: TableProfile,
    sheet: string,
    { choice, signal }: { readonly choice: DialectChoice; readonly signal: AbortSignal },
  ): Promise<TableProfile | null> {
    const key = JSON.stringify([path, modifiedMs, sheet, choice.encoding ?? null]);
    const known = this.#parts.get(key);
    if (known !== undefined) {
      return known;
    }

    const dialect = { sheet, ...(choice.encoding === undefined ? {} : { encoding: choice.encoding }) };
    const reading = this.#profiler.profile({ path, dialect }, signal).catch(() => {
      if (signal.aborted) {
        this.#parts.delete(key);
      }

      return null;
    });
    this.#parts.set(key, reading);
    return reading;
  }
}

/** Python leaves cells of it out without an error. */
function misreads({ warnings }: TableProfile): boolean {
  return warnings.some(({ code }) => code === "python-misreads");
}
