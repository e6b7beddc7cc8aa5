/** The lines of a text. */
export interface TextLines {
  readonly text: string;
  /** Where each line begins, in UTF-16 units. At least one. */
  readonly starts: Int32Array;
}

/** Where lines begin, while they are found: used again for the next text. */
let found = new Int32Array(1 << 12);

/** Finds lines as editors do: they end with LF, with CR LF, or, in a text without LF, with CR. */
export function linesOf(text: string): TextLines {
  const mark = text.includes("\n") ? "\n" : "\r";
  let count = 1;
  found[0] = 0;
  for (let at = text.indexOf(mark); at >= 0 && at + 1 < text.length; at = text.indexOf(mark, at + 1)) {
    if (count === found.length) {
      const more = new Int32Array(count * 2);
      more.set(found);
      found = more;
    }
    found[count] = at + 1;
    count += 1;
  }
  return { text, starts: found.slice(0, count) };
}

/** Where the line ends, its line end included. */
export function lineEnd({ text, starts }: TextLines, line: number): number {
  return starts[line + 1] ?? text.length;
}

/** The line with its line end. */
export function lineText(lines: TextLines, line: number): string {
  return lines.text.slice(lines.starts[line], lineEnd(lines, line));
}

const blank = /\s/;

/** Says whether a UTF-16 unit is white space, as `\s` has it. */
export function isBlankUnit(unit: number): boolean {
  return unit <= 32 ? unit === 32 || (unit >= 9 && unit <= 13) : unit >= 0x80 && blank.test(String.fromCharCode(unit));
}

/** Where the first character of a line stands that is no white space; where the line ends, when there is none. */
export function firstVisible(lines: TextLines, line: number): number {
  const { text } = lines;
  const end = lineEnd(lines, line);
  let at = lines.starts[line] ?? end;
  while (at < end && isBlankUnit(text.charCodeAt(at))) {
    at += 1;
  }
  return at;
}

/** Says whether a line has no characters but white space. */
export function isBlankLine(lines: TextLines, line: number): boolean {
  return firstVisible(lines, line) === lineEnd(lines, line);
}

/** The index of the last of what rises by its line that does not begin behind `line`; -1 where there is none. */
export function lastUpTo(items: readonly { readonly line: number }[], line: number): number {
  let low = -1;
  let high = items.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((items[middle]?.line ?? 0) <= line) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}

/** The index of the line in which a position lies. */
export function lineAt({ starts }: TextLines, position: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= position) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}
