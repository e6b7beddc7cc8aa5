import type { TableJoin } from "../protocol/table-join.ts";

const mostJoins = 4;
const mostColumns = 6;

const effects: Readonly<Record<TableJoin["normalise"][number], string>> = {
  spaces: "blanks",
  case: "case",
  width: "full-width characters",
  "number-text": "number against text",
  "leading-zeros": "leading zeros",
  "date-format": "how dates are written",
};

/** How a file is joined with others of the session, as an agent is told; nothing where no join is known. */
export function joinLines(joins: readonly TableJoin[]): readonly string[] {
  return joins.length === 0
    ? []
    : ["", "Joins that fit by value (use these expressions):", ...joins.slice(0, mostJoins).map(joinLine)];
}

function joinLine({
  left,
  right,
  also = [],
  cardinality,
  normalise,
  collisions,
  pandas,
  approximate,
}: TableJoin): string {
  const columns = [{ left: left.column, right: right.column }, ...also].map(
    (pair) => `${JSON.stringify(pair.left)} = ${JSON.stringify(pair.right)}`,
  );
  const notes = [
    `${share(left.found)} of the values of ${left.name} are in ${right.name}, ${share(right.found)} the other way`,
    ...(normalise.length === 0 ? [] : [`differs in ${normalise.map((name) => effects[name]).join(", ")}`]),
    ...(cardinality === "many-to-many" ? ["multiplies rows: add up before joining"] : []),
    ...(collisions === undefined
      ? []
      : [
          `both have ${listed(collisions.columns)}: those of ${right.name} end in ${JSON.stringify(collisions.suffix)}`,
        ]),
    ...(approximate === true ? ["estimated"] : []),
  ];
  return `- ${columns.join(" and ")}, ${cardinality}; ${notes.join("; ")}: ${pandas}`;
}

function listed(columns: readonly string[]): string {
  const named = columns.slice(0, mostColumns).map((column) => JSON.stringify(column));
  return `${named.join(", ")}${columns.length > mostColumns ? ` and ${columns.length - mostColumns} more columns` : ""}`;
}

function share(found: number): string {
  return `${Math.floor(found * 100)}%`;
}
