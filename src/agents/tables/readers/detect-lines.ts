import { looksTyped } from "../profile/parse-cell.ts";
import { fixedColumns, isRuler } from "./fixed-columns.ts";
import { lineSplitter, type LineSplitting } from "./line-splitting.ts";
import { usualWidth } from "./table-region.ts";

const runs = /[^\p{L}\p{N}\s"'()[\]{}.+,;\ufffd-]{2,}|\t{2,}/gu;

/** A run of characters that stands in every line equally often, and whose characters stand nowhere else. */
export function longMark(lines: readonly string[]): LineSplitting | null {
  const filled = lines.filter((line) => line.trim() !== "");
  const [first] = filled;
  if (first === undefined || filled.length < 2) {
    return null;
  }
  for (const mark of new Set(first.match(runs) ?? [])) {
    const head = mark.slice(0, 1);
    const counts = filled.map((line) => line.split(mark).length - 1);
    const { width, share } = usualWidth(counts);
    const alone = filled.every((line) => !line.split(mark).join("").includes(head));
    if (width >= 1 && share >= 0.9 && alone) {
      return { kind: "mark", mark, padded: false };
    }
  }
  return null;
}

/** A delimiter with blanks on both sides wherever it stands. */
export function paddedMark(lines: readonly string[], delimiter: string): LineSplitting | null {
  if (delimiter.trim() === "" || delimiter === ":" || delimiter === "") {
    return null;
  }
  const text = lines.join("\n");
  const all = text.split(delimiter).length - 1;
  const padded = text.split(` ${delimiter} `).length - 1;
  return all >= 2 && padded === all && !text.includes('"') ? { kind: "mark", mark: delimiter, padded: true } : null;
}

/** The rows have names, as R writes them: a column is typed throughout, below names that are words. */
function isOfRowNames([names = [], ...rows]: readonly (readonly string[])[]): boolean {
  const typed = names.some((_, at) => rows.every((row) => looksTyped(row[at + 1] ?? "")));
  return typed && !names.some((name) => looksTyped(name));
}

/** Blanks of a kind part every line into as many cells; the header may lack the name of the first. */
function partedBy(kind: "blanks" | "wide", lines: readonly string[], narrow: boolean): boolean {
  const rows = lines.map(lineSplitter({ kind }));
  const { width, share } = usualWidth(rows.slice(1).map((row) => row.length));
  const header = rows[0]?.length ?? 0;
  const aligned = lines.some((line) => / {2,}/u.test(line.trim()));
  const typed = rows.slice(1).some((row) => row.some((cell) => looksTyped(cell)));
  const sure = aligned || isOfRowNames(rows);
  const unnamed = header === width - 1 && header >= 1 && sure && typed && rows.length > 2;
  const numbers = rows.slice(1).every((row) => row.every((cell) => looksTyped(cell)));
  const enough = width >= 2 && share === 1 && (aligned || (width >= 3 && typed) || numbers);
  return enough && (narrow ? unnamed : header === width);
}

/** Names how blanks part the columns, where they do in every line. */
export function blankSplitting(lines: readonly string[]): LineSplitting | null {
  const filled = lines.filter((line) => line.trim() !== "");
  if (filled.length < 2) {
    return null;
  }
  const kind = filled.some(isRuler)
    ? undefined
    : (["blanks", "wide"] as const).find((way) => partedBy(way, filled, false));
  if (kind !== undefined) {
    return { kind };
  }
  if (partedBy("blanks", filled, true)) {
    return { kind: "blanks" };
  }
  const columns = fixedColumns(filled);
  return columns === null ? null : { kind: "columns", columns };
}
