/** A table that is drawn with characters, among the lines of a text. */
export interface DrawnTable {
  /** The heading above it; `null` when there is none. */
  readonly caption: string | null;
  readonly kind: "markdown" | "box";
  /** The character between cells. */
  readonly mark: string;
  /** Cells are also framed on the outside. */
  readonly framed: boolean;
  /** A backslash keeps a mark in a cell. */
  readonly escaped: boolean;
  /** Zero-based lines. */
  readonly headerLine: number;
  readonly rowLines: readonly number[];
  /** Lines below the header, among the rows, that are only drawn. */
  readonly drawnLines: readonly number[];
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const markdownRuler = /^\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?$/u;
const border = /^[+├┌└╔╠╚╞╟┏┣┗╒╘╭╰|│║┃]?[-=─━═┄┈]{2,}([+┬┼┴╬╦╩╪╫┿╋┳┻╤╧|]+[-=─━═┄┈]{2,})*[+┤┐┘╗╣╝╡╢┓┫┛╕╛╮╯|│║┃]?$/u;
const marks = ["|", "│", "┃", "║"] as const;
const heading = /^#{1,6}\s+(.*?)\s*#*$/u;

const isBorder = (line: string): boolean => border.test(line.trim());

/** The regular expression that parts the cells of a line, as Python reads it too. */
export function drawnPattern({ mark, escaped }: Pick<DrawnTable, "mark" | "escaped">): string {
  const parted = mark === "|" ? String.raw`\|` : mark;
  return escaped ? String.raw`\s*(?<!\\)${parted}\s*` : String.raw`\s*${parted}\s*`;
}

interface Drawing {
  readonly kind: DrawnTable["kind"];
  readonly mark: string;
  readonly header: number;
  readonly first: number;
}

const cellCount = (line: string): number => line.replace(/^\|/u, "").replace(/\|$/u, "").split("|").length;

const isMarkdownRuler = (line: string): boolean => line.includes("|") && markdownRuler.test(line);

/** The mark between the cells of a line; `null` for lines that are only drawn. */
function markOf(line: string): (typeof marks)[number] | null {
  return isBorder(line) || isMarkdownRuler(line) ? null : (marks.find((candidate) => line.includes(candidate)) ?? null);
}

/** A header with a ruler below it begins at `index`. */
function drawingAt(lines: readonly string[], index: number): Drawing | null {
  const line = lines[index]?.trim() ?? "";
  const mark = markOf(line);
  if (mark === null) {
    return null;
  }
  const below = lines[index + 1]?.trim() ?? "";
  if (mark === "|" && isMarkdownRuler(below)) {
    return cellCount(below) === cellCount(line) ? { kind: "markdown", mark, header: index, first: index + 2 } : null;
  }
  const framed = line.startsWith(mark) && isBorder(lines[index - 1] ?? "");
  const ruled = isBorder(below) && (framed || /[+┼╪┿╬╋]/u.test(below));
  return ruled ? { kind: "box", mark, header: index, first: index + 2 } : null;
}

function captionAbove(lines: readonly string[], index: number): string | null {
  for (let at = index - 1; at >= Math.max(0, index - 40); at -= 1) {
    const found = heading.exec(lines[at]?.trim() ?? "")?.[1];
    if (found !== undefined && found !== "") {
      return found;
    }
  }
  return null;
}

/** The lines of a drawing from its first row on: rows, and lines between them. */
function bodyOf(
  lines: readonly string[],
  { mark, first }: Drawing,
  framed: boolean,
): { rows: number[]; drawn: number[] } {
  const rows: number[] = [];
  const drawn: number[] = [];
  for (let at = first; at < lines.length; at += 1) {
    const line = lines[at]?.trim() ?? "";
    const row = line.includes(mark) && (!framed || line.startsWith(mark));
    if (isBorder(line)) {
      drawn.push(at);
    } else if (row) {
      rows.push(at);
    } else {
      break;
    }
  }
  const last = rows.at(-1) ?? first;
  return { rows, drawn: drawn.filter((at) => at < last) };
}

function tableAt(lines: readonly string[], drawing: Drawing): DrawnTable {
  const { kind, mark, header } = drawing;
  const framed = lines[header]?.trim().startsWith(mark) === true;
  const { rows, drawn } = bodyOf(lines, drawing, framed);
  const escaped = mark === "|" && rows.some((at) => lines[at]?.includes(String.raw`\|`));
  const pattern = new RegExp(drawnPattern({ mark, escaped }), "u");
  const cells = (at: number): string[] => {
    const split = (lines[at] ?? "").trim().split(pattern);
    const inner = framed ? split.slice(1, split.at(-1) === "" ? -1 : undefined) : split;
    return escaped ? inner.map((cell) => cell.replaceAll(String.raw`\|`, "|")) : inner;
  };
  return {
    caption: captionAbove(lines, header),
    kind,
    mark,
    framed,
    escaped,
    headerLine: header,
    rowLines: rows,
    drawnLines: [drawing.first - 1, ...drawn],
    header: cells(header),
    rows: rows.map(cells),
  };
}

/** Finds the tables that Markdown, consoles of databases and programs draw with lines between the cells. */
export function findDrawnTables(lines: readonly string[]): DrawnTable[] {
  const found: DrawnTable[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const drawing = drawingAt(lines, index);
    if (drawing !== null) {
      const table = tableAt(lines, drawing);
      if (table.header.length > 1 || table.framed) {
        found.push(table);
      }
      index = Math.max(drawing.first - 1, table.rowLines.at(-1) ?? 0, table.drawnLines.at(-1) ?? 0);
    }
  }
  return found;
}
