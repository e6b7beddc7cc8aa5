import type { TableWarning } from "../table-profile.ts";
import type { NumberWords } from "./number-words.ts";

/** `total ≠ sum of the parts`, as exceptions are listed. */
const unequal = /(?<![\d.])(-?\d+(?:\.\d+)?) ≠ (-?\d+(?:\.\d+)?)/gu;

/** A list of `total ≠ parts` with both written as the language writes numbers; what stands around them is left alone. */
export function groupUnequal(text: string, format: NumberWords): string {
  return text.replaceAll(
    unequal,
    (_all, left: string, right: string) => `${format.number(Number(left))} ≠ ${format.number(Number(right))}`,
  );
}

/**
 * An English message with those numbers grouped that are among its facts. A year, a code or a quoted value is not among
 * them, so it stays as it is.
 */
export function withGroupedFigures(message: string, values: TableWarning["values"], format: NumberWords): string {
  const figures = new Set(Object.values(values).flatMap(figuresOf));
  return message.replaceAll(/(?<![\p{L}\d_."“-])-?\d+(?:\.\d+)?(?![\p{L}\d_"”]|[.,]\d)/gu, (text) =>
    figures.has(text) ? format.number(Number(text)) : text,
  );
}

function figuresOf(value: string | number): readonly string[] {
  return typeof value === "number"
    ? [String(value)]
    : [...value.matchAll(unequal)].flatMap(([, left = "", right = ""]) => [left, right]);
}
