import type { TableWarning } from "../../protocol/table-profile.ts";
import type { FoundTotal } from "./total-data.ts";

/** Names in a sentence: `a`, `a and b`, `a, b and 3 more`. */
export function inWords(names: readonly string[]): string {
  const shown = names.slice(0, 3);
  const more = names.length - shown.length;
  if (more > 0) {
    return `${shown.join(", ")} and ${more} more`;
  }
  return shown.length < 2 ? (shown[0] ?? "") : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}

function rowsWarning({ total, example, within }: FoundTotal): TableWarning {
  const [measure = ""] = total.measures;
  const all = total.matchedGroups === total.groups;
  const grouped = total.groupBy.length > 0;
  const where = grouped
    ? all
      ? `In every ${inWords(total.groupBy)}, the`
      : `In ${total.matchedGroups} of ${total.groups} groups by ${inWords(total.groupBy)}, the`
    : "The";
  const is = total.value === null ? "is missing" : `is "${total.value}"`;
  const inside = within === null ? "" : ` (among the rows where ${within} is missing)`;
  const cause = `${where} rows where ${total.column} ${is} equal the sum of the other rows${inside}.`;
  const group = example !== null && grouped ? `${example.group}: ` : "";
  const shown = example === null ? "" : ` (${group}${example.counted} instead of ${example.right})`;
  const effect = `Summing ${inWords(total.measures)} over all rows counts everything twice${shown}.`;
  return {
    code: "total-rows",
    severity: "warning",
    message: `${cause} ${effect}`,
    columns: [total.column, ...total.measures],
    values: {
      column: total.column,
      value: total.value ?? "",
      measures: total.measures.join(", "),
      groupBy: total.groupBy.join(", "),
      matchedGroups: total.matchedGroups,
      groups: total.groups,
      measure,
      ...(within === null ? {} : { within }),
      ...(example === null ? {} : { group: example.group, counted: example.counted, right: example.right }),
    },
  };
}

function columnWarning({ total }: FoundTotal): TableWarning {
  const parts = inWords(total.parts);
  return {
    code: "total-column",
    severity: "warning",
    message: `${total.column} is the sum of ${parts} (in ${total.matchedGroups} of ${total.groups} rows). Adding it to them counts everything twice.`,
    columns: [total.column, ...total.parts],
    values: {
      column: total.column,
      parts: total.parts.join(", "),
      matchedGroups: total.matchedGroups,
      groups: total.groups,
    },
  };
}

function lastRowsWarning({ total }: FoundTotal, footerRows: number): TableWarning {
  const label = total.value === null ? "" : ` ("${total.value}")`;
  return {
    code: "total-line",
    severity: "info",
    message: `The end of the table holds a total line${label}. It is left out of the rows, so that sums do not count it.`,
    columns: [total.column, ...total.measures],
    values: { column: total.column, value: total.value ?? "", rows: footerRows, measures: total.measures.join(", ") },
  };
}

/** Says what a total would do to a sum. */
export function totalWarning(found: FoundTotal, footerRows: number): TableWarning {
  switch (found.total.kind) {
    case "rows":
      return rowsWarning(found);
    case "column":
      return columnWarning(found);
    case "last-rows":
      return lastRowsWarning(found, footerRows);
  }
}
