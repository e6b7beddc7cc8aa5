/** Below this size, in bytes, nothing is gained. */
const worthBytes = 2 * 1024 * 1024;
const windows = 16;
const windowBytes = 16 * 1024;

const lessThan = 0x3c;
const greaterThan = 0x3e;
const slash = 0x2f;
const space = 0x20;
const equals = 0x3d;
const letterC = 0x63;
const letterR = 0x72;

const dataStart = "<sheetData>";
const dataEnd = "</sheetData>";
const cellEnd = Buffer.from("</c>");
const rowEnd = Buffer.from("</row>");
const rowStart = Buffer.from("<row");

/**
 * A sheet of an xlsx without the cells that hold a format and no value, and without the rows that hold nothing else:
 * parsing them costs as much as parsing values, and a column that was coloured to its end has a million of them.
 *
 * @param sheet XML of the sheet, as `xl/worksheets/sheet1.xml` holds it.
 * @returns `null` where such cells are few, or the sheet is written in a way in which leaving them out could move others.
 */
export function withoutEmptyCells(sheet: Buffer): Buffer | null {
  const start = sheet.indexOf(dataStart);
  const end = sheet.lastIndexOf(dataEnd);
  if (sheet.length < worthBytes || start < 0 || end < start || !isMostlyEmpty(sheet, start, end)) {
    return null;
  }
  // Text that looks like tags, and what is no tag.
  if (sheet.includes("<![CDATA[") || sheet.includes("<!--")) {
    return null;
  }
  const kept = new KeptParts();
  dropDimension(sheet, start, kept);
  return dropEmpty(sheet, { from: start + dataStart.length, to: end }, kept) ? kept.of(sheet) : null;
}

/** Looks at a few places of the sheet. */
function isMostlyEmpty(sheet: Buffer, start: number, end: number): boolean {
  let cells = 0;
  let values = 0;
  for (let window = 0; window < windows; window += 1) {
    const from = start + Math.floor(((end - start) * window) / windows);
    const text = sheet.toString("latin1", from, Math.min(end, from + windowBytes));
    cells += text.match(/<c[ >]|<row[^>]*\/>/gu)?.length ?? 0;
    values += text.match(/<\/(?:v|is|f)>/gu)?.length ?? 0;
  }
  return values * 2 < cells;
}

/** The parts of a text that are kept, as pairs of places. */
class KeptParts {
  readonly #places: number[] = [];
  #begin = 0;

  drop(from: number, to: number): void {
    if (from > this.#begin) {
      this.#places.push(this.#begin, from);
    }
    this.#begin = to;
  }

  /** Where this stands, to come back to. */
  mark(): readonly [number, number] {
    return [this.#places.length, this.#begin];
  }

  /** As it was at `mark`. */
  goBack([length, begin]: readonly [number, number]): void {
    this.#places.length = length;
    this.#begin = begin;
  }

  of(text: Buffer): Buffer {
    this.drop(text.length, text.length);
    let size = 0;
    for (let at = 0; at < this.#places.length; at += 2) {
      size += (this.#places[at + 1] ?? 0) - (this.#places[at] ?? 0);
    }
    const joined = Buffer.allocUnsafe(size);
    let filled = 0;
    for (let at = 0; at < this.#places.length; at += 2) {
      filled += text.copy(joined, filled, this.#places[at], this.#places[at + 1]);
    }
    return joined;
  }
}

/** It counts the formatted rows too; without it, the parser counts what there is. */
function dropDimension(sheet: Buffer, before: number, kept: KeptParts): void {
  const from = sheet.indexOf("<dimension ");
  const to = from < 0 ? -1 : sheet.indexOf("/>", from);
  if (from >= 0 && to >= 0 && to < before) {
    kept.drop(from, to + 2);
  }
}

/** Where the rows stand. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** @returns Whether the sheet is written as it must be. */
function dropEmpty(sheet: Buffer, { from, to }: Span, kept: KeptParts): boolean {
  let at = from;
  while (at < to) {
    if (sheet[at] === lessThan) {
      const close = isAt(sheet, at, rowStart) ? placedTagEnd(sheet, at, to) : -1;
      if (close < 0) {
        return false;
      }
      const isClosed = sheet[close - 1] === slash;
      const before = kept.mark();
      const row = isClosed
        ? { end: close + 1, hasValues: false }
        : dropEmptyCells(sheet, { from: close + 1, to }, kept);
      if (row === null) {
        return false;
      }
      if (!row.hasValues) {
        kept.goBack(before);
        kept.drop(at, row.end);
      }
      at = row.end;
    } else {
      at += 1;
    }
  }
  return true;
}

/** @param from After the tag of a row. @returns Where the row ends; `null` where something else than a cell stands in it. */
function dropEmptyCells(
  sheet: Buffer,
  { from, to }: Span,
  kept: KeptParts,
): { readonly end: number; readonly hasValues: boolean } | null {
  let at = from;
  let hasValues = false;
  while (at < to) {
    if (sheet[at] !== lessThan) {
      at += 1;
    } else if (sheet[at + 1] === slash) {
      return isAt(sheet, at, rowEnd) ? { end: at + rowEnd.length, hasValues } : null;
    } else {
      const isCell = sheet[at + 1] === letterC && sheet[at + 2] === space;
      const close = isCell ? placedTagEnd(sheet, at, to) : -1;
      const isClosed = sheet[close - 1] === slash;
      const end = isClosed ? close + 1 : sheet.indexOf(cellEnd, close) + cellEnd.length;
      if (close < 0 || end <= close || end > to) {
        return null;
      }
      if (isClosed || end === close + 1 + cellEnd.length) {
        kept.drop(at, end);
      } else {
        hasValues = true;
      }
      at = end;
    }
  }
  return null;
}

function isAt(text: Buffer, at: number, word: Buffer): boolean {
  for (let index = 0; index < word.length; index += 1) {
    if (text[at + index] !== word[index]) {
      return false;
    }
  }
  return true;
}

/** Where the tag at `at` closes; -1 where it does not, or does not say its place, as rows and cells may. */
function placedTagEnd(sheet: Buffer, at: number, to: number): number {
  let isPlaced = false;
  for (let place = at + 1; place < to; place += 1) {
    const byte = sheet[place];
    if (byte === greaterThan) {
      return isPlaced ? place : -1;
    }
    isPlaced ||= byte === letterR && sheet[place - 1] === space && sheet[place + 1] === equals;
  }
  return -1;
}
