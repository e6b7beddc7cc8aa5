import type { LineColumn, PageLine } from "./page-lines.ts";

/** Lines that belong together. */
export interface Paragraph {
  readonly text: string;
  /** Of its letters, in points. */
  readonly size: number;
  /** Its lines stay as they are: rows of a table. */
  readonly isTable: boolean;
  readonly lineCount: number;
  /** No more than a line's distance below the paragraph before. */
  readonly isTight: boolean;
}

/** Joins a word that is broken at the end of a line; says what the two pieces make. */
export type WordJoiner = (before: string, next: string) => string;

const listMark =
  /^(?:[•◦▪▸●○■□‣⁃∙·*–—-]\s|\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)、]\s?\S|[（(][一二三四五六七八九十]+[)）]|[一二三四五六七八九十]+、)/iu;
const wide = /[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]/u;

const brokenWord = /[\p{L}\d][-\u2010\u00ad]$/u;

/** How far lines are from each other, most of them. */
function pitchOf(lines: readonly PageLine[]): number {
  const gaps = lines
    .slice(1)
    .map(({ y, size }, index) => (y - (lines[index]?.y ?? 0)) / size)
    .filter((gap) => gap > 0.8 && gap < 2.6)
    .toSorted((a, b) => a - b);
  return gaps[gaps.length >> 2] ?? 1.3;
}

/** How much place the first word of a line takes; a line of Chinese breaks behind any character. */
function firstWordWidth({ text, left, right }: PageLine): number {
  const first = wide.test(text.charAt(0)) ? text.slice(0, 1) : (/^\S+/u.exec(text)?.[0] ?? "");
  return ((right - left) * first.length) / Math.max(1, text.length);
}

/** What is needed to tell whether a line goes on with the next. */
interface Neighbours {
  readonly before: PageLine;
  readonly line: PageLine;
  /** The first line of the paragraph that `before` ends. */
  readonly first: PageLine;
  /** Where the column ends. */
  readonly right: number;
}

/** Says whether a line that stands close below another goes on with its sentence. */
function goesOn({ before, line, first, right }: Neighbours): boolean {
  const size = Math.max(before.size, line.size);
  if (Math.abs(before.size - line.size) > 0.12 * size || before.hasCells || line.hasCells || listMark.test(line.text)) {
    return false;
  }
  if (brokenWord.test(before.text) && /^\p{Ll}/u.test(line.text)) {
    return true;
  }
  if (right - before.right > firstWordWidth(line) + 0.6 * size) {
    return false;
  }
  const hangs = before === first && (listMark.test(first.text) || /^\p{Ll}/u.test(line.text));
  return line.left - before.left < 0.8 * size || hangs;
}

function joined(text: string, next: string, join: WordJoiner): string {
  if (brokenWord.test(text) && /^\p{L}/u.test(next)) {
    return join(text, next);
  }
  const last = text.at(-1) ?? "";
  return wide.test(last) && wide.test(next.charAt(0)) ? text + next : `${text} ${next}`;
}

/** The paragraphs of a column. Rows of a table that follow one another are one, and keep their lines. */
export function paragraphsOf(column: LineColumn, join: WordJoiner): readonly Paragraph[] {
  const pitch = pitchOf(column.lines);
  const found: Paragraph[] = [];
  let before: PageLine | undefined;
  let first: PageLine | undefined;
  for (const line of column.lines) {
    const last = found.at(-1);
    const distance = before === undefined ? 0 : (line.y - before.y) / Math.max(line.size, before.size);
    const tight = distance > 0 && distance < pitch * 1.35;
    if (last !== undefined && last.isTable && line.hasCells && distance > 0 && distance < Math.max(pitch * 1.6, 2.4)) {
      found[found.length - 1] = { ...last, text: `${last.text}\n${line.text}`, lineCount: last.lineCount + 1 };
    } else if (
      last !== undefined &&
      before !== undefined &&
      first !== undefined &&
      tight &&
      goesOn({ before, line, first, right: column.right })
    ) {
      found[found.length - 1] = { ...last, text: joined(last.text, line.text, join), lineCount: last.lineCount + 1 };
    } else {
      found.push({ text: line.text, size: line.size, isTable: line.hasCells, lineCount: 1, isTight: tight });
      first = line;
    }
    before = line;
  }
  return found;
}

/**
 * Joins words that are broken at the end of a line, as the rest of the document writes them: `infor-` and `mation`
 * make `information`, `well-` and `known` stay `well-known`.
 */
export function wordJoiner(pages: readonly { readonly columns: readonly LineColumn[] }[]): WordJoiner {
  const words = new Set<string>();
  for (const { columns } of pages) {
    for (const { lines } of columns) {
      for (const { text } of lines) {
        for (const word of text.toLowerCase().match(/[\p{L}\d]+(?:[-\u2010][\p{L}\d]+)*(?![\p{L}\d]|[-\u2010]$)/gu) ??
          []) {
          words.add(word);
        }
      }
    }
  }
  return (before, next) => {
    const stem = before.slice(0, -1);
    const left = (/[\p{L}\d-]+$/u.exec(stem)?.[0] ?? "").toLowerCase();
    const right = (/^[\p{L}\d]+/u.exec(next)?.[0] ?? "").toLowerCase();
    const isSoft = before.endsWith("\u00ad");
    const isName = /^\p{Lu}/u.test(next);
    const bothWords = words.has(left) && words.has(right) && left.length > 2 && right.length > 2;
    const keeps = !words.has(left + right) && (words.has(`${left}-${right}`) || bothWords || /[\d-]/u.test(left));
    return !isSoft && (isName || keeps) ? before + next : stem + next;
  };
}
