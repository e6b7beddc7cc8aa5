import type { NumberStyle } from "../readers/table-source.ts";
import { cellLook, type ColumnCells } from "./column-cells.ts";
import { IsoMoments } from "./iso-moments.ts";
import {
  classifyCell,
  isMissingWord,
  parseMoney,
  parseNumber,
  parsePercent,
  parseUnusual,
  type CellKind,
} from "./parse-cell.ts";
import { parseDate, type DateOrder } from "./parse-date.ts";
import { NumberSummary } from "./number-summary.ts";
import { QuickKinds } from "./quick-kind.ts";
import { TextRange } from "./text-range.ts";

/** What the values of a column are, counted. Built from values with their frequency, in any order. */
export class ColumnEvidence {
  readonly kinds: Record<CellKind | "typed-number" | "typed-boolean", number> = {
    integer: 0,
    "big-integer": 0,
    "leading-zero": 0,
    decimal: 0,
    money: 0,
    percent: 0,
    unusual: 0,
    boolean: 0,
    date: 0,
    time: 0,
    missing: 0,
    text: 0,
    "typed-number": 0,
    "typed-boolean": 0,
  };
  readonly numbers: NumberSummary;
  /** Words that may mean missing, as written, with their frequency. */
  readonly words = new Map<string, number>();
  readonly dateShapes = new Map<string, number>();
  readonly dateRanges: Partial<Record<DateOrder, { count: number; min: string; max: string }>> = {};
  /** Length and order of everything that is written. */
  readonly texts = new TextRange();
  /** A value of kind text, to show what is in the way. */
  textExample: string | null = null;
  /** Written text that is a number, in a typed source. */
  numberAsText = 0;
  formulaLike = 0;
  bigMin: bigint | null = null;
  bigMax: bigint | null = null;
  /** An integer beyond 64 bits. */
  beyondInt64 = false;
  fractional = false;
  /** Whole numbers with an exponent and nothing else, such as `12E4`: codes perhaps. */
  exponents = 0;
  /** Texts behind a sign that keeps spreadsheets from computing, such as `="007"`. */
  wrapped = 0;
  timed = false;
  readonly #style: NumberStyle;
  readonly #typed: boolean;
  readonly #quick = new QuickKinds();
  readonly #moments = {
    day: new IsoMoments(""),
    "blank-moment": new IsoMoments(" "),
    "t-moment": new IsoMoments("T"),
  };

  constructor(style: NumberStyle, typed: boolean, keptNumbers: number) {
    this.#style = style;
    this.#typed = typed;
    this.numbers = new NumberSummary(keptNumbers);
  }

  /** @param value not empty */
  add(value: string | number | boolean | bigint, times: number): void {
    if (typeof value === "string") {
      this.#addText(value, times);
    } else if (typeof value === "number") {
      this.kinds["typed-number"] += times;
      this.fractional ||= !Number.isInteger(value);
      this.numbers.add(value, times);
    } else if (typeof value === "bigint") {
      this.#addBig(value, times);
    } else {
      this.kinds["typed-boolean"] += times;
    }
  }

  /** Takes cells of a text file, from row `from` on: the quick way for most of them. */
  addCells(cells: ColumnCells, from: number): void {
    const { looks, numbers, rowCount } = cells;
    const plain = reservedNumbers(rowCount);
    let plainCount = 0;
    let wholes = 0;
    let decimals = 0;
    for (let row = from; row < rowCount; row += 1) {
      const look = looks[row] ?? cellLook.empty;
      if (look > cellLook.other) {
        this.texts.addCell(cells, row);
        plain[plainCount] = numbers[row] ?? 0;
        plainCount += 1;
        wholes += look === cellLook.integer ? 1 : 0;
        decimals += look === cellLook.decimal ? 1 : 0;
      } else if (look === cellLook.other && !this.#addQuick(cells, row)) {
        this.numbers.addAll(plain, plainCount);
        plainCount = 0;
        this.add(cells.textAt(row), 1);
      }
    }
    this.numbers.addAll(plain, plainCount);
    this.kinds.integer += wholes;
    this.kinds.decimal += decimals;
    this.fractional ||= decimals > 0;
  }

  /** Takes a cell that is no plain number; `false` where it takes a look at the text. */
  #addQuick(cells: ColumnCells, row: number): boolean {
    const kind = this.#quick.kindOf(cells.text.bytes, cells.starts[row] ?? 0, cells.ends[row] ?? 0);
    if (kind === null) {
      return false;
    }
    if (kind === "text") {
      this.texts.addCell(cells, row);
      this.kinds.text += 1;
      this.textExample ??= cells.textAt(row);
    } else {
      this.#moments[kind].add(this.#quick.moment);
    }
    return true;
  }

  /** Brings in what was noted in passing; to be called before the fields are read. */
  settle(): void {
    for (const moments of Object.values(this.#moments)) {
      const { count, first, last } = moments.take();
      if (count > 0) {
        this.#addDate(first, 1);
        this.texts.addText(first, 1);
        if (count > 1) {
          this.#addDate(last, count - 1);
          this.texts.addText(last, count - 1);
        }
        this.kinds.date += count;
      }
    }
  }

  #addText(text: string, times: number): void {
    let kind = classifyCell(text, this.#style);
    if (this.#typed && kind !== "date" && kind !== "missing" && kind !== "leading-zero" && kind !== "boolean") {
      this.numberAsText += kind === "text" || kind === "time" ? 0 : times;
      kind = kind === "time" ? "time" : "text";
    }
    this.kinds[kind] += times;
    this.texts.addText(text, times);
    this.#addKind(kind, text, times);
  }

  #addKind(kind: CellKind, text: string, times: number): void {
    switch (kind) {
      case "integer":
      case "leading-zero":
      case "decimal":
      case "unusual":
      case "money":
      case "percent":
        this.#addAmount(kind, text, times);
        break;
      case "big-integer":
        this.kinds["big-integer"] -= times;
        this.#addBig(BigInt(text.replace(/[^\d-]/gu, "")), times);
        break;
      case "date":
        this.#addDate(text, times);
        break;
      case "missing":
        this.#addWord(text, times);
        break;
      case "text":
        this.#addPlain(text, times);
        break;
      case "boolean":
      case "time":
        break;
    }
  }

  #addAmount(kind: AmountKind, text: string, times: number): void {
    const value = amountOf(kind, text, this.#style);
    const whole = kind === "unusual" ? Number.isInteger(value) : kind === "integer" || kind === "leading-zero";
    this.exponents += kind === "decimal" && /^\d+[eE]\d+$/u.test(text) ? times : 0;
    this.fractional ||= !whole;
    if (value !== null) {
      this.numbers.add(value, times);
    }
  }

  #addPlain(text: string, times: number): void {
    this.textExample ??= text;
    this.wrapped += wrappedText.test(text) ? times : 0;
    this.formulaLike += startsFormula(text) && !wrappedText.test(text) ? times : 0;
  }

  #addWord(word: string, times: number): void {
    if (this.words.size < 50 || this.words.has(word)) {
      this.words.set(word, (this.words.get(word) ?? 0) + times);
    }
  }

  #addBig(value: bigint, times: number): void {
    this.kinds["big-integer"] += times;
    this.bigMin = this.bigMin === null || value < this.bigMin ? value : this.bigMin;
    this.bigMax = this.bigMax === null || value > this.bigMax ? value : this.bigMax;
    this.beyondInt64 ||= value > 9223372036854775807n || value < -9223372036854775808n;
    this.numbers.addWhole(value, times);
  }

  #addDate(text: string, times: number): void {
    const date = parseDate(text);
    if (date === null) {
      this.kinds.date -= times;
      this.kinds.text += times;
      this.textExample ??= text;
      return;
    }
    this.timed ||= date.hasTime;
    if (this.dateShapes.size < 20) {
      this.dateShapes.set(date.shape, (this.dateShapes.get(date.shape) ?? 0) + times);
    }
    for (const order of ["fixed", "day-first", "month-first"] as const) {
      const iso = date.readings[order];
      if (iso === undefined) {
        continue;
      }
      const range = (this.dateRanges[order] ??= { count: 0, min: iso, max: iso });
      range.count += times;
      range.min = iso < range.min ? iso : range.min;
      range.max = iso > range.max ? iso : range.max;
    }
  }
}

type AmountKind = "integer" | "leading-zero" | "decimal" | "unusual" | "money" | "percent";

function amountOf(kind: AmountKind, text: string, style: NumberStyle): number | null {
  switch (kind) {
    case "unusual":
      return parseUnusual(text, style);
    case "money":
      return parseMoney(text, style);
    case "percent":
      return parsePercent(text, style);
    default:
      return parseNumber(text, style);
  }
}

let plainNumbers = new Float64Array(4096);

/** Room for so many numbers, used by one column after the other. */
function reservedNumbers(count: number): Float64Array {
  if (count > plainNumbers.length) {
    plainNumbers = new Float64Array(count * 2);
  }
  return plainNumbers;
}

/** Text that a spreadsheet is told to take as it is: `="007"`. */
export const wrappedText = /^="([^"]*)"$/u;

/** The first character would make a spreadsheet compute. */
function startsFormula(text: string): boolean {
  const first = text.charCodeAt(0);
  return first === 61 || first === 64 || ((first === 43 || first === 45) && /^.[^\d\s.,]/u.test(text));
}

/** A word that pandas takes for missing wherever it stands. */
export const pandasMissingWords: ReadonlySet<string> = new Set(
  "#N/A|#N/A N/A|#NA|-1.#IND|-1.#QNAN|-NaN|-nan|1.#IND|1.#QNAN|<NA>|N/A|NA|NULL|NaN|None|n/a|nan|null".split("|"),
);

/** Says whether a word means missing in a column of words: only what can hardly be a value. */
export function isMissingAmongWords(word: string, twoLetterCodes: boolean): boolean {
  if (word.trim() === "" || word === "\\N" || word === "(null)" || word === "缺失") {
    return true;
  }
  return pandasMissingWords.has(word) && word !== "None" && !(word === "NA" && twoLetterCodes) && isMissingWord(word);
}
