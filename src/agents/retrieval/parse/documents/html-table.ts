/** Longer cells are no cells of a table, but parts of a page that a table lays out. */
const longestCell = 400;

interface OpenTable {
  row: string[];
  /** What the cell says so far, its blocks on lines of their own; `null` between cells. */
  cell: string | null;
  /** Rows of it that are not handed over yet. */
  lines: string[];
}

/** Turns the cells of tables, also of tables in cells, into lines: ` | ` stands between cells. */
export class HtmlTables {
  readonly #open: OpenTable[] = [];

  /** Text is read into a cell. */
  get isInCell(): boolean {
    return this.#open.some(({ cell }) => cell !== null);
  }

  get isOpen(): boolean {
    return this.#open.length > 0;
  }

  begin(): void {
    this.#open.push({ row: [], cell: null, lines: [] });
  }

  beginCell(): void {
    this.#endCell();
    const table = this.#open.at(-1);
    if (table !== undefined) {
      table.cell = "";
    }
  }

  /** @param text goes into the innermost cell that is open */
  write(text: string): void {
    const table = this.#open.findLast(({ cell }) => cell !== null);
    if (table !== undefined) {
      table.cell = (table.cell ?? "") + text;
    }
  }

  endRow(): void {
    this.#endCell();
    const table = this.#open.at(-1);
    const row = table?.row.splice(0) ?? [];
    if (table === undefined || row.every((cell) => cell === "")) {
      return;
    }
    if (row.some((cell) => cell.length > longestCell)) {
      table.lines.push(...row.flatMap((cell) => (cell === "" ? [] : ["", cell, ""])));
    } else {
      const last = row.findLastIndex((cell) => cell !== "");
      table.lines.push(
        row
          .slice(0, last + 1)
          .map((cell) => cell.replace(/\s*\n\s*/gu, " "))
          .join(" | "),
      );
    }
  }

  /** @returns the lines of an outermost table; those of an inner one go into its cell */
  end(): string {
    this.endRow();
    const lines = (this.#open.pop()?.lines ?? []).join("\n").replace(/\n{3,}/gu, "\n\n");
    if (this.isInCell) {
      this.write(`\n${lines}\n`);
      return "";
    }
    return lines;
  }

  #endCell(): void {
    const table = this.#open.at(-1);
    if (table !== undefined && table.cell !== null) {
      table.row.push(
        table.cell
          .replace(/[^\S\n]+/gu, " ")
          .replace(/ ?\n ?/gu, "\n")
          .replace(/\n{2,}/gu, "\n")
          .trim(),
      );
      table.cell = null;
    }
  }
}
