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
const possible: { readonly [K in Key]?: (value: NonNullable<DialectChoice[K]>) => boolean } = {
  delimiter: (value) => !/[\n\r]/u.test(value),
  quote: (value) => value.length <= 1,
  decimal: (value) => value === "." || value === ",",
  thousands: isGroupMark,
  headerRow: (value) => Number.isInteger(value) && value >= 0,
  headerRows: (value) => Number.isInteger(value) && value >= 1 && value <= 10,
};

function isPossible<K extends Key>(choice: DialectChoice, key: K): boolean {
  const value = choice[key];
  const test = possible[key];
  return value === null || value === undefined || test === undefined || test(value);
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
