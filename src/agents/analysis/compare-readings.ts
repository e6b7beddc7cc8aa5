import type { PythonReading } from "../ports/interpreter.ts";
import type { ColumnProfile, TableProfile, TableWarning } from "../protocol/table-profile.ts";

/** Sums in floating point depend on the order of adding; a cell that is read otherwise moves them by far more. */
const sumTolerance = 1e-9;
const namesTold = 60;

type ReadTable = Extract<PythonReading, { readonly status: "read" }>;

/**
 * Where Python, reading by the profile's own call, gets other rows, columns, sums or missing values than the profile;
 * empty where they agree or nothing can be said.
 *
 * @param hasChanged Whether the file has changed on disk since it was profiled, which explains a difference.
 */
export function compareReadings(
  profile: TableProfile,
  reading: PythonReading,
  hasChanged: boolean,
): readonly TableWarning[] {
  if (reading.status === "unread") {
    return [];
  }

  const changed = hasChanged ? "yes" : "";
  if (reading.status === "failed") {
    const message = `Python cannot read this file by the call that fits its profile: ${reading.error}${since(hasChanged)}`;
    return [differs("python-fails", message, [], { error: reading.error, changed })];
  }

  const columns = differingColumns(profile, reading, hasChanged);
  return [
    ...differingRows(profile, reading, hasChanged),
    ...columns,
    // Columns that are not the same ones cannot be compared.
    ...(columns.length > 0
      ? []
      : [...differingSums(profile, reading, hasChanged), ...differingNulls(profile, reading, hasChanged)]),
  ];
}

function differingRows(profile: TableProfile, { rows }: ReadTable, hasChanged: boolean): readonly TableWarning[] {
  const { rowCount } = profile;
  if (rows === rowCount) {
    return [];
  }

  const message = `Python reads ${rows} rows where ${rowCount} were counted here, so what code computes may not fit what is shown${since(hasChanged)} Find out which rows differ before relying on either.`;
  return [differs("python-rows", message, [], { python: rows, here: rowCount, changed: yes(hasChanged) })];
}

function differingColumns(
  profile: TableProfile,
  { names, sums }: ReadTable,
  hasChanged: boolean,
): readonly TableWarning[] {
  const here = profile.columns.map(({ name }) => name);
  if (names === null || (sums === undefined && isRecords(profile))) {
    return [];
  }

  if (names.length !== here.length) {
    const message = `Python reads ${names.length} columns where ${here.length} were found here${since(hasChanged)} Compare their names before relying on either.`;
    const values = { python: names.length, here: here.length, changed: yes(hasChanged) };
    return [differs("python-columns", message, [], values)];
  }

  const index = here.findIndex((name, position) => name !== names[position]);
  const [ours = "", theirs = ""] = [here[index], names[index]].map((name) => (name ?? "").slice(0, namesTold));
  if (index === -1) {
    return [];
  }

  const message = `Python calls column ${index + 1} "${theirs}" where it is called "${ours}" here${since(hasChanged)} Use the name that Python knows.`;
  const values = { number: index + 1, python: theirs, here: ours, changed: yes(hasChanged) };
  return [differs("python-column-names", message, [here[index] ?? ""], values)];
}

/** Without pandas, records of JSON are dictionaries of their own, each with the names that it has. */
function isRecords({ dialect }: TableProfile): boolean {
  return ["json", "jsonl", "geojson"].includes(dialect.format);
}

function differingSums(profile: TableProfile, reading: ReadTable, hasChanged: boolean): readonly TableWarning[] {
  const { sums, magnitudes } = reading;
  if (sums === undefined) {
    return [];
  }

  const found = profile.columns.flatMap((column, index) => {
    const python = sums[index] ?? null;
    return isSameSum(column, python, magnitudes?.[index] ?? 0) ? [] : [{ column, python }];
  });
  const [first] = found;
  if (first === undefined) {
    return [];
  }

  const name = first.column.name.slice(0, namesTold);
  const here = shown(first.column.sum ?? 0);
  const there = first.python === null ? null : shown(first.python);
  const said =
    there === null
      ? `Python does not read "${name}" as numbers, whose sum is ${here} here`
      : `Python reads other numbers in "${name}": their sum is ${there} there and ${here} here`;
  const others = found.length - 1;
  const message = `${said}${andOthers(others)}${since(hasChanged)} Look at this column's values before computing from it.`;
  const values = { column: name, python: there ?? "", here, others, changed: yes(hasChanged) };
  return [differs("python-sums", message, namesOf(found), values)];
}

/** Without what adding in floating point leaves behind. */
function shown(sum: number): number {
  return Number(sum.toPrecision(12));
}

function isSameSum({ sum }: ColumnProfile, python: number | null, magnitude: number): boolean {
  return (
    sum === null || (python !== null && Math.abs(python - sum) <= sumTolerance * Math.max(magnitude, Math.abs(sum)))
  );
}

function differingNulls(profile: TableProfile, { missing }: ReadTable, hasChanged: boolean): readonly TableWarning[] {
  const found = profile.columns.flatMap((column, index) => {
    const python = missing?.[index] ?? column.nulls;
    return python === column.nulls ? [] : [{ column, python }];
  });
  const [first] = found;
  if (first === undefined) {
    return [];
  }

  const name = first.column.name.slice(0, namesTold);
  const { nulls } = first.column;
  const others = found.length - 1;
  const message = `In "${name}" Python finds ${first.python} missing values where ${nulls} were counted here${andOthers(others)}${since(hasChanged)} Counts and means may differ.`;
  const values = { column: name, python: first.python, here: nulls, others, changed: yes(hasChanged) };
  return [differs("python-missing", message, namesOf(found), values)];
}

function namesOf(found: readonly { readonly column: ColumnProfile }[]): string[] {
  return found.map(({ column }) => column.name);
}

function andOthers(others: number): string {
  return others === 0 ? "" : `, and ${others} more ${others === 1 ? "column differs" : "columns differ"}`;
}

/** Ends the sentence. */
function since(hasChanged: boolean): string {
  return hasChanged ? "; the file has changed on disk since." : ".";
}

function yes(hasChanged: boolean): string {
  return hasChanged ? "yes" : "";
}

function differs(code: string, message: string, columns: string[], values: TableWarning["values"]): TableWarning {
  return { code, severity: "warning", message, columns, values };
}
