import type { TableWarning } from "../../../src/agents/protocol/table-profile.ts";
import { warningsZh } from "../strings/warnings-zh.ts";
import type { Format } from "./format.ts";

/** A warning in the page's language where its code is known there, else in English as it came. */
export function warningText(warning: TableWarning, locale: string, format: Format): string {
  const say = locale.toLowerCase().startsWith("zh") ? warningsZh[warning.code] : undefined;
  return say?.(warning, format) ?? warning.message;
}
