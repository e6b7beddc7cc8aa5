import { compareReadings } from "../../src/agents/analysis/compare-readings.ts";
import type { PythonReading } from "../../src/agents/ports/interpreter.ts";
import type { ReadingCheck } from "../../src/agents/protocol/reading-check.ts";
import type { TableJoin } from "../../src/agents/protocol/table-join.ts";
import type { TableProfile } from "../../src/agents/protocol/table-profile.ts";
import type { FoundFile } from "../../src/agents/protocol/page.ts";
import { type ScriptEvent, type SessionScript, column, disasterProfile, sessionScript } from "./fixtures.ts";
import { type GalleryState, state, titled } from "./gallery-state.ts";
import { answeredTurn } from "./gallery-turns.ts";

const { dialect } = disasterProfile();
const longName = "a-very-long-file-name-of-quarterly-regional-sales-and-returns-2019-2026-final-version.csv";

/** A European export: a preamble, semicolons, decimal commas. */
export const european = disasterProfile({
  name: "umsatz.csv",
  path: "/data/umsatz.csv",
  dialect: {
    ...dialect,
    encoding: "windows-1252",
    delimiter: ";",
    decimal: ",",
    thousands: ".",
    headerRow: 3,
    headerRows: 2,
  },
});

const partial: TableProfile = disasterProfile({
  name: "events.csv",
  path: "/data/events.csv",
  sizeBytes: 1_073_741_824,
  rowCount: 3_512_000,
  warnings: [],
  complete: false,
});

const workbook = disasterProfile({
  name: "regions.xlsx",
  path: "/data/regions.xlsx",
  dialect: { ...dialect, format: "xlsx", encoding: null, delimiter: null, sheet: "Sales by region", headerRow: 2 },
  sheets: [
    { name: "Sales by region", rowCount: 802, hidden: false },
    { name: "Sales by region!H1:K20", rowCount: 19, hidden: false },
    { name: "A sheet whose name is as long as the editor allows it to be and then some", rowCount: null, hidden: true },
  ],
  warnings: [
    {
      code: "merged-cells",
      severity: "info",
      message: "4 areas of cells are merged: only the first cell of each has a value, the others are missing.",
      columns: [],
      values: { areas: 4 },
    },
  ],
});

/** Half a file: being read, as the page is told of it. */
export function halfRead(script: SessionScript): SessionScript {
  const { path, name } = partial;
  return script.add(
    { type: "file-attach", path, name },
    { type: "file-reading", path, reading: { readBytes: 375_809_638, profile: partial } },
  );
}

const customers = disasterProfile({
  name: "customers.csv",
  path: "/data/customers.csv",
  rowCount: 1200,
  columns: [column({ name: "id", type: "identifier", distinct: 1200, min: 1, max: 1200 })],
  warnings: [],
});
const orders = disasterProfile({
  name: "orders.csv",
  path: "/data/orders.csv",
  rowCount: 48_000,
  columns: [column({ name: "customer_id", type: "identifier", distinct: 1180, min: 1, max: 1204 })],
  warnings: [],
});

const side = (name: string, columnName: string, fields: Partial<TableJoin["left"]> = {}): TableJoin["left"] => ({
  path: `/data/${name}`,
  name,
  column: columnName,
  distinct: 1180,
  found: 1,
  unmatched: [],
  ...fields,
});

const joins: readonly TableJoin[] = [
  {
    left: side("orders.csv", "customer_id", { found: 0.98, unmatched: ["1201", "1202", "1203", "1204"] }),
    right: side("customers.csv", "id"),
    sharedValues: 1176,
    cardinality: "many-to-one",
    normalise: ["leading-zeros", "number-text"],
    examples: [{ left: "7", right: "0007" }],
    pandas: 'df.merge(df2, left_on="customer_id", right_on="id")',
  },
  {
    left: side("orders.csv", "country", { found: 0.5 }),
    right: side("customers.csv", "country_of_residence_as_given_when_signing_up", { found: 0.5 }),
    also: [{ left: "year", right: "joined" }],
    sharedValues: 14,
    cardinality: "many-to-many",
    normalise: [],
    examples: [],
    pandas: "df.merge(df2)",
    approximate: true,
  },
];

/** Two files, and how they fit together. */
export function joined(script: SessionScript): SessionScript {
  return script
    .attach(orders)
    .attach(customers)
    .add({ type: "file-joins", joins: [...joins] });
}

const openForm: NonNullable<GalleryState["act"]> = async (page) => {
  await page.locator(".reading-line").click();
};

const refused = titled().add({
  type: "file-problem",
  path: "/data/disasters.csv",
  problem: {
    code: "table.not-a-table",
    message: "“disasters.csv” has no line that could be a row.",
    details: { path: "/data/disasters.csv", reason: "it holds only blank lines or comments" },
  },
  choice: { encoding: "utf-16le", delimiter: "||" },
});

const chosen = sessionScript("Umsatz").add(
  { type: "file-attach", path: european.path, name: european.name },
  { type: "file-profile", path: european.path, profile: european, choice: { delimiter: ";", headerRow: 3 } },
);

const stopped = sessionScript("Events").add(
  { type: "file-attach", path: partial.path, name: partial.name },
  { type: "file-profile", path: partial.path, profile: { ...partial, readBytes: 375_809_638 } },
);

const longNamed = sessionScript("").add(
  { type: "file-attach", path: `/data/${longName}`, name: longName },
  {
    type: "file-reading",
    path: `/data/${longName}`,
    reading: { readBytes: 5e8, profile: { ...partial, path: `/data/${longName}`, name: longName } },
  },
);

const read = { status: "read", names: disasterProfile().columns.map(({ name }) => name) } as const;

/** What came of trying the reading call in Python: nothing, or other rows, sums and missing values. */
const tried = (reading: PythonReading): SessionScript => {
  const profile = disasterProfile();
  const check: ReadingCheck = { by: "pandas", warnings: [...compareReadings(profile, reading, false)] };
  return titled().add({ type: "file-check", path: profile.path, check });
};
const unreadable = sessionScript("").add(
  { type: "file-attach", path: "/data/report.csv", name: "report.csv" },
  {
    type: "file-problem",
    path: "/data/report.csv",
    problem: {
      code: "table.not-a-table",
      message: '"report.csv" is a PDF document, which is not read. Copy its table into a spreadsheet first.',
      details: { path: "/data/report.csv", reason: "a PDF document" },
    },
  },
);
const readAlike = tried({ ...read, rows: 802 });
const readOtherwise = tried({
  ...read,
  rows: 813,
  missing: [0, 2, 0, 4],
  sums: [null, 65_137_940, null, null],
  magnitudes: [null, 65_137_940, null, null],
});

const done = { type: "turn-end", reason: "done", problem: null, durationMs: 900 } as const;

const notices: readonly ScriptEvent[] = [
  {
    type: "notice",
    severity: "info",
    code: "file-changed",
    text: "disasters.csv had changed on disk and was read again.",
    values: { name: "disasters.csv" },
  },
  {
    type: "notice",
    severity: "warning",
    code: "unsupported-figures",
    text: "These figures stand in no output: 1,234.",
    values: { figures: "1,234" },
  },
  { type: "notice", severity: "info", code: "unheard-of", text: "Said in English where nobody knows it." },
];

const found: readonly FoundFile[] = [
  { path: "/w/sales.csv", name: "sales.csv", folder: "", kind: "table" },
  { path: "/w/data/archive/2019/sales.csv", name: "sales.csv", folder: "data/archive/2019", kind: "table" },
  { path: `/w/quarterly/${longName}`, name: longName, folder: "quarterly", kind: "table" },
];

const nameFile: NonNullable<GalleryState["act"]> = async (page) => {
  await page.getByLabel("Ask a question").pressSequentially("Compare with @sal");
  await page.getByRole("option").last().waitFor();
};

/** States of the card and of several files: how they were read, how far, and how they fit together. */
export const readingStates: readonly GalleryState[] = [
  state("reading-line", sessionScript("Umsatz").attach(european)),
  state("reading-form", chosen, { act: openForm }),
  state("reading-form-zh", chosen, { locale: "zh-cn", act: openForm }),
  state("reading-refused", refused, { act: openForm }),
  state("reading-refused-zh", refused, { locale: "zh-cn", act: openForm }),
  state("reading-parts", sessionScript("Regions").attach(workbook)),
  state("reading-parts-open", sessionScript("Regions").attach(workbook), {
    act: (page) => page.locator(".part-picker vscode-dropdown").click(),
  }),
  state("reading-half", halfRead(sessionScript("Events")), { act: (page) => page.waitForTimeout(500) }),
  state("reading-half-zh", longNamed, { locale: "zh-cn", act: (page) => page.waitForTimeout(500) }),
  state("reading-stopped", stopped),
  state("read-not-at-all-zh", unreadable, { locale: "zh-cn" }),
  state("read-alike", readAlike),
  state("read-otherwise", readOtherwise),
  state("read-otherwise-zh", readOtherwise, { locale: "zh-cn" }),
  state("joins", joined(sessionScript("Orders"))),
  state("removed", answeredTurn(answeredTurn(titled())).ask("And in 1902?", { replaces: "t1" }).add(done), {
    act: (page) => page.getByRole("button", { name: /^Show 2 removed/u }).click(),
  }),
  state(
    "notice-zh",
    titled()
      .ask("1901年？")
      .add(...notices, done),
    { locale: "zh-cn" },
  ),
  state("naming-a-file", titled(), { act: nameFile, answers: { "file-find": { files: found } } }),
  state("joins-zh", joined(sessionScript("Orders")), { locale: "zh-cn" }),
];
