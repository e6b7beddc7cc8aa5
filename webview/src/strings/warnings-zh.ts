import type { TableWarning } from "../../../src/agents/protocol/table-profile.ts";
import type { Format } from "../text/format.ts";

type Say = (warning: TableWarning, format: Format) => string | undefined;

/** The warnings of a table in Chinese, by code; `undefined` when a fact is missing, so that the English one is shown. */
export const warningsZh: Readonly<Record<string, Say>> = {};
