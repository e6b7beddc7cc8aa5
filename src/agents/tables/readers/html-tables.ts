import { ElementType, parseDocument } from "htmlparser2";

type ParentNode = ReturnType<typeof parseDocument>;
type ChildNode = ParentNode["children"][number];
type Element = Extract<ChildNode, { readonly attribs: object }>;
type Text = Extract<ChildNode, { readonly type: typeof ElementType.Text }>;

/** A table of a page, its spanned cells copied to all places that they cover, as `pd.read_html` does. */
export interface PageTable {
  /** Among all tables of the page that `pd.read_html` gives. */
  readonly index: number;
  /** Among all elements of the page that are tables. */
  readonly element: number;
  readonly caption: string | null;
  /** All rows, those of the header first and those of the footer last, each of the same length. */
  readonly rows: readonly (readonly string[])[];
  /** How many of the rows the page marks as header. */
  readonly headRows: number;
}

/** A page with a span of a million columns is no table. */
const widestSpan = 2000;
const mostCells = 20_000_000;
const deepestTable = 32;

const isElement = (node: ChildNode): node is Element => "name" in node && "attribs" in node;
const isText = (node: ChildNode): node is Text => node.type === ElementType.Text;
const isHidden = (element: Element): boolean =>
  (element.attribs["style"] ?? "").replaceAll(" ", "").includes("display:none");

/** Elements below `parent` in the order of the page; `enter` says into which to look. */
function descendants(parent: Pick<ParentNode, "children">, enter: (element: Element) => boolean): Element[] {
  const found: Element[] = [];
  const stack: ChildNode[] = parent.children.toReversed();
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (isElement(node) && node.name !== "style" && enter(node)) {
      found.push(node);
      stack.push(...node.children.toReversed());
    }
  }
  return found;
}

const visible = (element: Element): boolean => !isHidden(element);
const all = (): boolean => true;

/** How many tables an element lies in. */
function depthOf(element: Element): number {
  let depth = 0;
  for (let node = element.parent; node !== null && depth <= deepestTable; node = node.parent) {
    depth += "name" in node && node.name === "table" ? 1 : 0;
  }
  return depth;
}

/** The text of an element as it is seen: white space as one blank. */
function textOf(element: Element): string {
  const parts: string[] = [];
  const stack: ChildNode[] = [element];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (isElement(node)) {
      if (node === element || (node.name !== "style" && !isHidden(node))) {
        parts.push(node.name === "br" ? "\n" : "");
        stack.push(...node.children.toReversed());
      }
    } else if (isText(node)) {
      parts.push(node.data);
    }
  }
  return parts
    .join("")
    .trim()
    .replaceAll(/[\r\n]+|\s{2,}/gu, " ");
}

const rowsIn = (elements: readonly Element[]): Element[] => elements.filter(({ name }) => name === "tr");
const childElements = (element: Element): Element[] => element.children.filter(isElement).filter(visible);
const cellsOf = (row: Element): Element[] => childElements(row).filter(({ name }) => name === "td" || name === "th");

interface Sections {
  readonly head: Element[];
  readonly body: Element[];
  readonly foot: Element[];
}

function sectionsOf(table: Element): Sections {
  const inside = descendants(table, visible);
  const named = (name: string): Element[] => inside.filter((element) => element.name === name);
  const head = named("thead").flatMap((section) => [
    ...rowsIn(childElements(section)),
    ...(cellsOf(section).length > 0 ? [section] : []),
  ]);
  const body = [
    ...new Set([
      ...named("tbody").flatMap((section) => rowsIn(descendants(section, visible))),
      ...rowsIn(childElements(table)),
    ]),
  ];
  const foot = [...new Set(named("tfoot").flatMap((section) => rowsIn(descendants(section, visible))))];
  if (head.length === 0) {
    const end = body.findIndex((row) => cellsOf(row).some(({ name }) => name !== "th"));
    head.push(...body.splice(0, end < 0 ? body.length : end));
  }
  return { head, body, foot };
}

/** A cell that reaches into rows below. */
interface Hanging {
  readonly column: number;
  readonly text: string;
  readonly rows: number;
}

function span(cell: Element, name: "colspan" | "rowspan"): number {
  const value = Number.parseInt(cell.attribs[name] ?? "1", 10);
  return Number.isFinite(value) ? Math.max(1, Math.min(widestSpan, value)) : 1;
}

/** Fills rows with their cells and with what hangs into them from above. */
class Expander {
  readonly rows: string[][] = [];
  #hanging: Hanging[] = [];
  #cells = 0;

  add(row: Element): void {
    const texts: string[] = [];
    const next: Hanging[] = [];
    const waiting = [...this.#hanging];
    const hang = ({ column, text, rows }: Hanging): void => {
      texts.push(text);
      if (rows > 1) {
        next.push({ column, text, rows: rows - 1 });
      }
    };
    for (const cell of cellsOf(row)) {
      for (let first = waiting[0]; first !== undefined && first.column <= texts.length; [first] = waiting) {
        hang(first);
        waiting.shift();
      }
      const text = textOf(cell);
      const rows = span(cell, "rowspan");
      for (let count = span(cell, "colspan"); count > 0; count -= 1) {
        hang({ column: texts.length, text, rows });
      }
    }
    waiting.forEach(hang);
    this.#hanging = next;
    this.#push(texts);
  }

  /** Rows that only hanging cells fill. */
  end(): void {
    while (this.#hanging.length > 0) {
      const next: Hanging[] = [];
      this.#push(this.#hanging.map(({ text }) => text));
      for (const { column, text, rows } of this.#hanging) {
        if (rows > 1) {
          next.push({ column, text, rows: rows - 1 });
        }
      }
      this.#hanging = next;
    }
  }

  #push(texts: string[]): void {
    this.#cells += texts.length;
    if (this.#cells > mostCells) {
      throw new RangeError(`the table has more than ${mostCells} cells`);
    }
    this.rows.push(texts);
  }
}

function tableOf(table: Element): Omit<PageTable, "index" | "element"> {
  const { head, body, foot } = sectionsOf(table);
  const expander = new Expander();
  head.forEach((row) => expander.add(row));
  const headRows = expander.rows.length;
  body.forEach((row) => expander.add(row));
  if (foot.length === 0) {
    expander.end();
  }
  foot.forEach((row) => expander.add(row));
  expander.end();
  const width = expander.rows.reduce((most, row) => Math.max(most, row.length), 0);
  const rows = expander.rows.map((row) => [...row, ...Array.from({ length: width - row.length }, () => "")]);
  const caption = childElements(table).find(({ name }) => name === "caption");
  return { rows, headRows, caption: caption === undefined ? null : textOf(caption) || null };
}

/**
 * The tables of a web page, in the order in which `pd.read_html` numbers them.
 *
 * @throws RangeError when a table is larger than any page can be
 */
export function readPageTables(page: string): PageTable[] {
  const elements = descendants(parseDocument(page), all).filter(({ name }) => name === "table");
  if (elements.some((table) => depthOf(table) > deepestTable)) {
    throw new RangeError(`its tables lie in one another, more than ${deepestTable} deep`);
  }
  return elements
    .map((table, element) => ({ table, element }))
    .filter(({ table }) => visible(table) && hasText(table))
    .map(({ table, element }) => ({ ...tableOf(table), element }))
    .filter(({ rows }) => rows.length > 0 && (rows[0]?.length ?? 0) > 0)
    .map((table, index) => ({ ...table, index }));
}

function hasText(table: Element): boolean {
  return textOf(table) !== "";
}
