import type { CellOutput } from "../protocol/cell-output.ts";
import { type CellNames, cellNames, definedNames } from "./cell-names.ts";
import type { RunCell } from "./run-cells.ts";

/**
 * A cell that is to run again. `wanted`: it belongs to what is exported. `needed`: it does not, and what is exported goes
 * on with its variables. `guarded`: so it is, and it did not end well: its error has to be caught.
 */
export interface ChosenCell extends RunCell {
  readonly how: "wanted" | "needed" | "guarded";
}

/** What later cells need, as it is found from the last cell to the first. */
interface Live {
  readonly names: Set<string>;
  readonly texts: Set<string>;
  anything: boolean;
  some: boolean;
}

/**
 * Chooses the cells that give the same results when they run one after the other in a new Python: those that are wanted
 * and ended well, and of the others those whose variables, changed values or files a later chosen cell may need. What
 * cannot be told by reading the code counts as needed.
 */
export function chooseCells(cells: readonly RunCell[], isWanted: (cell: RunCell) => boolean): readonly ChosenCell[] {
  const session = new SessionNames(cells);
  const chosen: ChosenCell[] = [];
  let live: Live = { names: new Set(), texts: new Set(), anything: false, some: false };
  for (const [index, cell] of [...cells.entries()].toReversed()) {
    if (cells[index + 1] !== undefined && cells[index + 1]?.python !== cell.python) {
      live = { names: new Set(), texts: new Set(), anything: false, some: false };
    }

    const how = howToRun(session, cell, { live, isWanted });
    if (how !== undefined) {
      chosen.push({ ...cell, how });
      session.addNeeds(live, cell, how);
    }
  }

  return chosen.toReversed();
}

function howToRun(
  session: SessionNames,
  cell: RunCell,
  parts: { readonly live: Live; readonly isWanted: (cell: RunCell) => boolean },
): ChosenCell["how"] | undefined {
  const { phase } = cell.block;
  if (!cell.ran || phase === "exited") {
    return undefined;
  }

  if (phase === "ok" && parts.isWanted(cell)) {
    return "wanted";
  }

  return session.touches(cell, parts.live) ? (phase === "ok" ? "needed" : "guarded") : undefined;
}

/** The names of all cells, read once. */
class SessionNames {
  readonly #names = new Map<RunCell, CellNames>();
  readonly #functions = new Map<string, ReadonlySet<string>>();
  readonly #modules = new Set<string>();
  readonly #groups: Set<string>[] = [];

  constructor(cells: readonly RunCell[]) {
    const functions = definedNames(cells.map(({ block }) => block.code));
    for (const cell of cells) {
      const lastLine = failingLine(cell.block.outputs);
      const names = cellNames(cell.block.code, { functions, ...(lastLine === undefined ? {} : { lastLine }) });
      this.#names.set(cell, names);
      names.functions.forEach((free, name) => {
        this.#functions.set(name, new Set([...(this.#functions.get(name) ?? []), ...free]));
      });
      names.modules.forEach((name) => this.#modules.add(name));
      names.shares.forEach((group) => this.#join(group));
    }
  }

  /** Whether a cell may have left something that later cells need. */
  touches(cell: RunCell, live: Live): boolean {
    const names = this.#names.get(cell);
    if (names === undefined || !live.some) {
      return false;
    }

    const kinds = new Set(cell.block.effects.map(({ kind }) => kind));
    const changed = [...names.changes].flatMap((name) => [...this.#groupOf(name)]);
    const lasting = ["write-file", "delete-file", "change-data", "process"] as const;
    const leavesFiles = lasting.some((kind) => kinds.has(kind));
    return (
      names.anything ||
      live.anything ||
      kinds.has("environment") ||
      [...names.sets, ...changed].some((name) => live.names.has(name)) ||
      [...names.changes].some((name) => this.#modules.has(name)) ||
      (leavesFiles && [...names.texts].some((text) => live.texts.has(text)))
    );
  }

  addNeeds(live: Live, cell: RunCell, how: ChosenCell["how"]): void {
    const names = this.#names.get(cell);
    if (names === undefined) {
      return;
    }

    live.some = true;
    live.anything ||= names.anything;
    if (how !== "guarded") {
      names.replaces.forEach((name) => live.names.delete(name));
    }

    names.texts.forEach((text) => live.texts.add(text));
    const open = [...names.needs];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (!live.names.has(name)) {
        live.names.add(name);
        open.push(...[...this.#groupOf(name)].flatMap((other) => [...(this.#functions.get(other) ?? [])]));
      }
    }
  }

  #groupOf(name: string): ReadonlySet<string> {
    return this.#groups.find((group) => group.has(name)) ?? new Set([name]);
  }

  #join(group: ReadonlySet<string>): void {
    const joined = new Set(group);
    for (const other of this.#groups.filter((known) => [...known].some((name) => group.has(name)))) {
      other.forEach((name) => joined.add(name));
      this.#groups.splice(this.#groups.indexOf(other), 1);
    }

    this.#groups.push(joined);
  }
}

/** The 1-based line of a cell on which it failed; `undefined` where that is not known. */
export function failingLine(outputs: readonly CellOutput[]): number | undefined {
  const error = outputs.findLast((output) => output.type === "error");
  const line = /^ {2}File "<cell \d+>", line (\d+), in <module>$/m.exec(error?.traceback ?? "")?.[1];
  return line === undefined ? undefined : Number(line);
}
