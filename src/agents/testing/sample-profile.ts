import type { ColumnProfile, TableProfile } from "../protocol/table-profile.ts";

/** The profile of a column of integers; `fields` replace what is different. */
export function sampleColumn(name: string, fields: Partial<ColumnProfile> = {}): ColumnProfile {
  return {
    name,
    type: "integer",
    nulls: 0,
    distinct: 3,
    min: 1,
    max: 9,
    mean: 4.5,
    sum: 13,
    quartiles: [2, 4, 6],
    top: [{ value: 1, count: 2 }],
    ...fields,
  };
}

/** The profile of a small CSV of deaths by entity and year; `fields` replace what is different. */
export function sampleProfile(fields: Partial<TableProfile> = {}): TableProfile {
  return {
    path: "/data/deaths.csv",
    name: "deaths.csv",
    sizeBytes: 60,
    modifiedMs: 1_700_000_000_000,
    dialect: {
      format: "csv",
      encoding: "utf-8",
      delimiter: ",",
      quote: '"',
      decimal: ".",
      thousands: null,
      headerRow: 0,
      sheet: null,
    },
    sheets: [],
    rowCount: 4,
    columns: [sampleColumn("Entity", { type: "category", min: null, max: null, mean: null }), sampleColumn("Deaths")],
    duplicateRows: 0,
    totals: [],
    warnings: [],
    rows: [
      ["Flood", 3],
      ["Drought", 4],
    ],
    reading: {
      pandas: 'pd.read_csv(path, encoding="utf-8")',
      packages: ["pandas"],
      standardLibrary: 'import csv\nrows = list(csv.DictReader(open(path, encoding="utf-8")))',
    },
    complete: true,
    durationMs: 2,
    ...fields,
  };
}
