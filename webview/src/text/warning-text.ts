import type { TableWarning } from "../../../src/agents/protocol/table-profile.ts";
import { warningInChinese } from "../strings/warnings-zh.ts";
import type { Format } from "./format.ts";
import { withGroupedFigures } from "./grouped-figures.ts";

/** A warning in the page's language where its code is known there, else in English; its figures as the page writes them. */
export function warningText(warning: TableWarning, locale: string, format: Format): string {
  const chinese = locale.toLowerCase().startsWith("zh") ? warningInChinese(warning, format) : null;
  return chinese ?? withGroupedFigures(warning.message, warning.values, format);
}
