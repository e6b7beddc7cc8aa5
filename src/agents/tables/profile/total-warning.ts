import type { TableTotal, TableWarning } from "../../protocol/table-profile.ts";
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

/** A figure without the noise of adding. */
function plainFigure(value: number): number {
  return Number(value.toPrecision(12));
}

/** The groups in which total and parts differ, as a sentence with a blank before it. */
function exceptionSentence({ total, exceptions }: FoundTotal): string {
  const more = total.groups - total.matchedGroups - exceptions.length;
  if (exceptions.length === 0) {
    return "";
  }
  const shown = exceptions.map(({ group, measure, said, parts }) => {
    const name = total.measures.length > 1 ? `${measure} ` : "";
    const place = group === "" ? "" : `${group}: `;
    return `${place}${name}${plainFigure(said)} in the total row, ${plainFigure(parts)} in its parts`;
  });
  return ` Except ${shown.join("; ")}${more > 0 ? `; and ${more} more` : ""}.`;
}

/** Which rows to add instead, as a sentence with a blank before it. */
function adviceSentence({ total, lone }: FoundTotal): string {
  if (total.groupBy.length === 0 || (lone === 0 && total.matchedGroups === total.groups)) {
    return "";
  }
  const rows = `the rows where ${total.column} ${total.value === null ? "is missing" : `is "${total.value}"`}`;
  const reasons = [
    ...(lone === 0 ? [] : [`${lone} ${lone === 1 ? "group has" : "groups have"} no other rows`]),
    ...(total.matchedGroups === total.groups ? [] : ["the parts do not always add up"]),
  ];
  return ` To add up by ${inWords(total.groupBy)}, prefer ${rows}: ${reasons.join(", and ")}.`;
}

function rowsCause({ total, within }: FoundTotal): string {
  const all = total.matchedGroups === total.groups;
  const grouped = total.groupBy.length > 0;
  const where = grouped
    ? all
      ? `In every ${inWords(total.groupBy)}, the`
      : `In ${total.matchedGroups} of ${total.groups} groups by ${inWords(total.groupBy)}, the`
    : "The";
  const is = total.value === null ? "is missing" : `is "${total.value}"`;
  const inside = within === null ? "" : ` (among the rows where ${within} is missing)`;
  return `${where} rows where ${total.column} ${is} equal the sum of the other rows${inside}.`;
}

function rowsWarning(found: FoundTotal): TableWarning {
  const { total, example, exceptions, lone, within } = found;
  const [measure = ""] = total.measures;
  const group = example !== null && total.groupBy.length > 0 ? `${example.group}: ` : "";
  const shown =
    example === null ? "" : ` (${group}${plainFigure(example.counted)} instead of ${plainFigure(example.right)})`;
  const effect = `Summing ${inWords(total.measures)} over all rows counts everything twice${shown}.`;
  const differing = exceptions.map(
    (one) => `${one.group === "" ? "" : `${one.group}: `}${plainFigure(one.said)} ≠ ${plainFigure(one.parts)}`,
  );
  return {
    code: "total-rows",
    severity: "warning",
    message: `${rowsCause(found)}${exceptionSentence(found)} ${effect}${adviceSentence(found)}`,
    columns: [total.column, ...total.measures],
    values: {
      column: total.column,
      value: total.value ?? "",
      measures: total.measures.join(", "),
      groupBy: total.groupBy.join(", "),
      matchedGroups: total.matchedGroups,
      groups: total.groups,
      measure,
      lone,
      ...(differing.length === 0 ? {} : { exceptions: differing.join("; ") }),
      ...(within === null ? {} : { within }),
      ...(example === null
        ? {}
        : { group: example.group, counted: plainFigure(example.counted), right: plainFigure(example.right) }),
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

/** Names of total rows in a sentence, quoted. */
function namedRows({ values = [] }: TableTotal): string {
  const quoted = values.map((value) => `"${value}"`);
  return quoted.length === 0 ? "" : ` (${inWords(quoted)})`;
}

/** Rows of the file as a person counts them under the header, the first few. */
function placesOf({ rowIndexes = [] }: TableTotal): string {
  const shown = rowIndexes.slice(0, 8).map((row) => row + 1);
  return `${shown.join(", ")}${rowIndexes.length > shown.length ? ", …" : ""}`;
}

function sumsOf({ sums = [] }: TableTotal): { counted: string; right: string; values: TableWarning["values"] } {
  const [first] = sums;
  const counted = plainFigure(first?.counted ?? 0);
  const right = plainFigure(first?.right ?? 0);
  return { counted: String(counted), right: String(right), values: { counted, right } };
}

function subtotalWarning({ total }: FoundTotal): TableWarning {
  const count = total.matchedGroups;
  const { counted, right, values } = sumsOf(total);
  const are = count === 1 ? "1 row is the sum" : `${count} rows are sums`;
  const place = placesOf(total);
  return {
    code: "subtotal-rows",
    severity: "warning",
    message: `${are} of other rows${namedRows(total)}: row ${place} of the data. Summing ${inWords(total.measures)} over all rows counts everything again (${total.measures[0] ?? ""}: ${counted} instead of ${right}). Leave these rows out, or use them alone.`,
    columns: [...(total.column === "" ? [] : [total.column]), ...total.measures],
    values: {
      column: total.column,
      names: (total.values ?? []).slice(0, 10).join(", "),
      rows: place,
      count,
      measures: total.measures.join(", "),
      measure: total.measures[0] ?? "",
      ...values,
    },
  };
}

function averageWarning({ total }: FoundTotal): TableWarning {
  const { values } = sumsOf(total);
  const rows = total.matchedGroups === 1 ? "The row" : `The ${total.matchedGroups} rows`;
  const verb = total.matchedGroups === 1 ? "is the mean of other rows" : "are means of other rows";
  return {
    code: "average-rows",
    severity: "warning",
    message: `${rows} where ${total.column} is "${total.value ?? ""}" ${verb}, no data of its own. Sums, counts and means of ${inWords(total.measures)} over all rows come out wrong: leave it out.`,
    columns: [total.column, ...total.measures],
    values: {
      column: total.column,
      value: total.value ?? "",
      rows: placesOf(total),
      count: total.matchedGroups,
      measures: total.measures.join(", "),
      ...values,
    },
  };
}

function runningWarning({ total }: FoundTotal): TableWarning {
  const { values } = sumsOf(total);
  const within = total.groupBy.length === 0 ? "" : ` within each ${inWords(total.groupBy)}`;
  const of = total.parts.length === 0 ? "" : ` of ${inWords(total.parts)}`;
  const instead = total.parts.length === 0 ? "its last value" : `its last value, or sum ${inWords(total.parts)}`;
  return {
    code: "running-column",
    severity: "warning",
    message: `${total.column} is a running total${of}${within}: each row holds all before it. Summing or averaging it counts the same amounts again and again; take ${instead}${within}.`,
    columns: [total.column, ...total.parts],
    values: { column: total.column, parts: total.parts.join(", "), groupBy: total.groupBy.join(", "), ...values },
  };
}

function shareWarning({ total }: FoundTotal): TableWarning {
  const [part = ""] = total.parts;
  const within = total.groupBy.length === 0 ? "" : ` of the same ${inWords(total.groupBy)}`;
  return {
    code: "share-column",
    severity: "info",
    message: `${total.column} is each row's share in the sum of ${part}${within}. Averaging it says nothing; for other groups compute it anew from ${part}.`,
    columns: [total.column, part],
    values: { column: total.column, part, groupBy: total.groupBy.join(", ") },
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
    case "subtotal-rows":
      return subtotalWarning(found);
    case "average-rows":
      return averageWarning(found);
    case "running-column":
      return runningWarning(found);
    case "share-column":
      return shareWarning(found);
  }
}
