import { splitFrontMatter } from "./front-matter.ts";
import type { Span } from "./place.ts";

/** Where in a front matter a caret stands, as far as its line and those above tell: it may be half written. */
export interface HeadPlace {
  /** Of what is written here: a key's path is that of the map around it, a value's that of its key. */
  readonly path: readonly PropertyKey[];
  readonly is: "key" | "value" | "either";
  /** The word at the caret. */
  readonly word: string;
  readonly span: Span;
  /** Whether something follows the word that makes it a key already. */
  readonly hasColon: boolean;
}

const lineForm =
  /^(?<space>\s*)(?<dashes>(?:-\s+|-$)*)(?:(?<key>[^\s:#[\]{},"'][^:#[\]{},"']*?|"[^"]*"|'[^']*')\s*:(?=\s|$))?/u;

/** @returns `null` outside of the front matter, and in its comments. */
export function headPlaceAt(text: string, offset: number): HeadPlace | null {
  const { head } = splitFrontMatter(text);
  if (
    head === null ||
    offset < head.start ||
    offset > head.end ||
    (head.isClosed && offset === head.end && head.text !== "")
  ) {
    return null;
  }
  const above = text.slice(head.start, offset).split(/\r\n|\r|\n/u);
  const before = above.pop() ?? "";
  const after = /^[^\r\n]*/u.exec(text.slice(offset))?.[0] ?? "";
  return /(?:^|\s)#/u.test(before) ? null : placeInLine({ above, before, after, offset });
}

interface Caret {
  readonly above: readonly string[];
  readonly before: string;
  readonly after: string;
  readonly offset: number;
}

interface LineParts {
  /** Column of the first dash, or of the text. */
  readonly column: number;
  readonly keyColumn: number;
  readonly dashes: number;
  readonly key: string | undefined;
  /** Where its value begins. */
  readonly valueColumn: number;
}

function partsOf(line: string): LineParts {
  const match = lineForm.exec(line);
  const { space = "", dashes = "", key } = match?.groups ?? {};
  return {
    column: space.length,
    keyColumn: space.length + dashes.length,
    dashes: dashes.replaceAll(/\s/gu, "").length,
    key: key === undefined ? undefined : unquoted(key),
    valueColumn: match?.[0].length ?? 0,
  };
}

function unquoted(text: string): string {
  return text.replace(/^(["'])(.*)\1$/u, "$2");
}

function placeInLine({ above, before, after, offset }: Caret): HeadPlace {
  const line = partsOf(before);
  const parent = [...parentPath(above, line), ...Array.from({ length: line.dashes }, () => 0)];
  const [left = ""] = /[^\s,[\]{}"':]*$/u.exec(before) ?? [];
  const [right = ""] = /^[^\s,[\]{}"':]*/u.exec(after) ?? [];
  const here = {
    word: left + right,
    span: { start: offset - left.length, end: offset + right.length },
    hasColon: /^\s*:/u.test(after.slice(right.length)),
  };
  if (line.key === undefined) {
    const flow = inFlow(before.slice(line.keyColumn));
    const isFlow = flow.path.length > 0;
    return { ...here, path: [...parent, ...flow.path], is: isFlow ? flow.is : line.dashes > 0 ? "either" : "key" };
  }
  const flow = inFlow(before.slice(line.valueColumn));
  return { ...here, path: [...parent, line.key, ...flow.path], is: flow.is };
}

/** Where in lists and maps between brackets the end of `text` is. */
function inFlow(text: string): { readonly path: readonly PropertyKey[]; readonly is: HeadPlace["is"] } {
  const open: { readonly sign: string; from: number }[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] ?? "";
    const last = open.at(-1);
    if (sign === "[" || sign === "{") {
      open.push({ sign, from: at + 1 });
    } else if (sign === "]" || sign === "}") {
      open.pop();
    } else if (sign === "," && last !== undefined) {
      last.from = at + 1;
    }
  }
  const path = open.flatMap(({ sign, from }): readonly PropertyKey[] => {
    const key = /^\s*([^\s:,[\]{}]+)\s*:(?=\s)/u.exec(`${text.slice(from)} `)?.[1];
    return sign === "[" ? [0] : key === undefined ? [] : [key];
  });
  const innermost = open.at(-1);
  const isKey = innermost?.sign === "{" && !/:(?=\s|$)/u.test(text.slice(innermost.from));
  return { path, is: isKey ? "key" : "value" };
}

/** The keys under which a line stands, found by the indentation of those above. */
function parentPath(above: readonly string[], line: LineParts): readonly PropertyKey[] {
  const path: PropertyKey[] = [];
  let { column } = line;
  let isItem = line.dashes > 0;
  for (const text of above.toReversed()) {
    const upper = partsOf(text);
    if (text.trim() === "" || /^\s*#/u.test(text)) {
      continue;
    }
    const isParent =
      upper.key !== undefined &&
      (upper.keyColumn < column || (isItem && upper.dashes === 0 && upper.keyColumn === column));
    if (isParent && upper.key !== undefined) {
      path.unshift(upper.key);
    }
    if ((isParent || upper.column < column) && upper.dashes > 0) {
      path.unshift(0);
    }
    if (isParent || upper.column < column) {
      isItem = upper.dashes > 0;
      ({ column } = upper);
    }
  }
  return path;
}
