import type { DialectChoice } from "../../ports/table-profiler.ts";
import type { TableWarning } from "../../protocol/table-profile.ts";

/** What of a person's choice can be done with delimited text, and warnings about the rest. */
export interface CheckedChoice {
  readonly choice: DialectChoice;
  readonly warnings: readonly TableWarning[];
}

type Key = keyof DialectChoice;

const isMark = (value: string): boolean => value.length === 1 && !/[\d\s"'+eE-]/u.test(value);
const isGroupMark = (value: string): boolean =>
  value.length === 1 && (/\s/u.test(value) || value === "'" || isMark(value));

/** What a part of the choice may be. */
const possible: { readonly [K in Key]?: (choice: DialectChoice) => boolean } = {
  delimiter: ({ delimiter }) => !/[\n\r]/u.test(delimiter ?? ""),
  quote: ({ quote }) => (quote ?? "").length <= 1,
  decimal: ({ decimal }) => decimal === "." || decimal === ",",
  thousands: ({ thousands }) => isGroupMark(thousands ?? ""),
  headerRow: ({ headerRow }) => Number.isInteger(headerRow) && Number(headerRow) >= 0,
  headerRows: ({ headerRows }) => Number.isInteger(headerRows) && Number(headerRows) >= 1 && Number(headerRows) <= 10,
};

function isPossible(choice: DialectChoice, key: Key): boolean {
  const value = choice[key];
  return value === null || value === undefined || possible[key]?.(choice) !== false;
}

/** A warning that a part of the choice was not followed. */
export function notPossible(key: string, value: string): TableWarning {
  return {
    code: "choice-not-possible",
    severity: "warning",
    message: `The choice of ${JSON.stringify(value)} for ${key} cannot be followed here. What was found in the file holds instead.`,
    columns: [],
    values: { choice: key, value },
  };
}

/** Parts what can be followed from what cannot. */
export function checkChoice(choice: DialectChoice): CheckedChoice {
  const keys: readonly Key[] = ["delimiter", "quote", "decimal", "thousands", "headerRow", "headerRows"];
  const wrong = keys.filter((key) => !isPossible(choice, key));
  const same =
    typeof choice.decimal === "string" && choice.decimal === choice.thousands && !wrong.includes("thousands");
  const all: readonly Key[] = same ? [...wrong, "thousands"] : wrong;
  return {
    choice: Object.fromEntries(Object.entries(choice).filter(([key]) => !all.some((other) => other === key))),
    warnings: all.map((key) => notPossible(key, String(choice[key]))),
  };
}
