/** Rows or columns next to each other; both ends zero-based and inside. */
export interface HiddenSpan {
  readonly first: number;
  readonly last: number;
}

/** What a sheet hides. */
export interface HiddenParts {
  readonly rows: readonly HiddenSpan[];
  readonly columns: readonly HiddenSpan[];
}

interface Tag {
  readonly text: string;
  /** Position after it. */
  readonly end: number;
}

const prefix = Buffer.from("<table:table");
const isQuote = (byte: number): boolean => byte === 34 || byte === 39;

/** The tag that begins at `start`: up to the first `>` that stands in no quotes. */
function tagAt(xml: Buffer, start: number): Tag {
  let quote = 0;
  let end = start;
  for (; end < xml.length; end += 1) {
    const byte = xml[end] ?? 0;
    if (quote === 0 && byte === 62) {
      break;
    }
    if (quote === 0 ? isQuote(byte) : byte === quote) {
      quote = quote === 0 ? byte : 0;
    }
  }
  return { text: xml.toString("latin1", start, end), end: end + 1 };
}

/** Counts rows or columns and remembers the hidden ones. */
class Counter {
  readonly spans: HiddenSpan[] = [];
  #next = 0;

  add(tag: string, repeat: RegExp): void {
    const count = Math.max(1, Number(repeat.exec(tag)?.[1] ?? 1));
    if (/\stable:visibility=["'](?:collapse|filter)["']/u.test(tag)) {
      this.spans.push({ first: this.#next, last: this.#next + count - 1 });
    }
    this.#next += count;
  }
}

/**
 * Finds what the sheets of an OpenDocument spreadsheet hide, by hand, by a group or by a filter; the library that reads
 * their cells does not look at it.
 *
 * @param xml `content.xml`.
 * @returns One entry per sheet, in their order.
 */
export function hiddenInOds(xml: Buffer): readonly HiddenParts[] {
  const sheets: { readonly rows: Counter; readonly columns: Counter }[] = [];
  let position = xml.indexOf(prefix);
  while (position >= 0) {
    const { text, end } = tagAt(xml, position);
    const kind = /^<table:([a-z-]+)(?=[\s/]|$)/u.exec(text)?.[1];
    const sheet = sheets.at(-1);
    if (kind === "table") {
      sheets.push({ rows: new Counter(), columns: new Counter() });
    } else if (kind === "table-row") {
      sheet?.rows.add(text, /\stable:number-rows-repeated=["'](\d+)["']/u);
    } else if (kind === "table-column") {
      sheet?.columns.add(text, /\stable:number-columns-repeated=["'](\d+)["']/u);
    }
    position = xml.indexOf(prefix, end);
  }
  return sheets.map(({ rows, columns }) => ({ rows: rows.spans, columns: columns.spans }));
}
