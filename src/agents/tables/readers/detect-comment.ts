import { looksTyped } from "../profile/parse-cell.ts";
import { usualWidth } from "./table-region.ts";

/** A mark of comment lines, and whether it only counts where the text begins with it. */
const marks: readonly { readonly mark: string; readonly above: boolean }[] = [
  { mark: "#", above: false },
  { mark: "//", above: false },
  { mark: "%", above: false },
  { mark: "--", above: true },
  { mark: ";", above: true },
  { mark: "!", above: true },
];

/** The last comment line above the table names the columns. */
function isHeader(above: string | undefined, first: string, by: string): boolean {
  const width = (line: string): number => line.split(by).length;
  return (
    above !== undefined &&
    width(above) === width(first) &&
    width(above) > 1 &&
    first.split(by).some((cell) => looksTyped(cell.trim()))
  );
}

/** Lines that begin with a mark are comments, and not rows or the header. */
function isCommented(filled: readonly string[], mark: string, by: string): boolean {
  const rest = filled.filter((line) => !line.startsWith(mark));
  const first = filled.findIndex((line) => !line.startsWith(mark));
  const { width } = usualWidth(rest.map((line) => line.split(by).length));
  const below = filled.slice(first).filter((line) => line.startsWith(mark));
  const rows = below.filter((line) => width > 1 && line.split(by).length === width).length;
  const opens = first > 0 && (mark !== "#" || filled[0]?.startsWith("# ") === true);
  const few = rows === 0 || opens || (first > 0 && rows < below.length);
  return few && !isHeader(filled.slice(0, first).at(-1), filled[first] ?? "", by);
}

/**
 * The mark of comment lines, which are no records; `null` when there are none. Lines that are as wide as the rows around
 * them are rows, whatever they begin with.
 *
 * @param delimiterOf finds the delimiter of the other lines
 */
export function commentOf(lines: readonly string[], delimiterOf: (text: string) => string): string | null {
  const filled = lines.filter((line) => line.trim() !== "");
  for (const { mark, above } of marks) {
    const rest = filled.filter((line) => !line.startsWith(mark));
    const begins = filled[0]?.startsWith(mark) === true;
    if (rest.length === 0 || rest.length === filled.length || (above && !begins)) {
      continue;
    }
    const by = delimiterOf(rest.join("\n"));
    if (by !== mark && by !== "" && isCommented(filled, mark, by)) {
      return mark;
    }
  }
  return null;
}
