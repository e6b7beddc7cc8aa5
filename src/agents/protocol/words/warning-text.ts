import type { TableWarning } from "../table-profile.ts";
import { withGroupedFigures } from "./grouped-figures.ts";
import type { NumberWords } from "./number-words.ts";
import { warningInChinese } from "./warnings-zh.ts";

/** A warning in the language of the locale where its code is known there, else in English; its figures as the language writes them. */
export function warningText(warning: TableWarning, locale: string, format: NumberWords): string {
  const chinese = locale.toLowerCase().startsWith("zh") ? warningInChinese(warning, format) : null;
  return chinese ?? withGroupedFigures(warning.message, warning.values, format);
}
