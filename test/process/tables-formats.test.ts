import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CFB, utils, write, type BookType } from "@e965/xlsx";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TableProfile } from "../../src/agents/protocol/table-profile.ts";
import { profileFile } from "../../src/agents/tables/profile-file.ts";
import { testPython } from "./test-python.ts";

const directory = mkdtempSync(join(tmpdir(), "byzer-formats-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Packages to the modules they bring. */
const modules: Readonly<Record<string, string>> = {
  pandas: "pandas",
  openpyxl: "openpyxl",
  pyarrow: "pyarrow",
  lxml: "lxml",
  odfpy: "odf",
  "python-calamine": "python_calamine",
};

function python(script: string, input: unknown): string {
  const text = JSON.stringify(input);
  return execFileSync(testPython(), ["-X", "utf8", "-c", script], { input: text, encoding: "utf8" });
}

const installed = new Set(
  python(
    `import importlib.util, json, sys
print(" ".join(name for name, module in json.load(sys.stdin).items() if importlib.util.find_spec(module)))`,
    modules,
  )
    .trim()
    .split(" "),
);

const day = (index: number): Date => new Date(Date.UTC(2024, 0, 31 + index));
const people = [
  ["code", "name", "amount", "when"],
  ["001", "张伟", 12.5, day(0)],
  ["002", "李娜", -3, day(1)],
  ["003", "NA", 40, day(2)],
  ["004", "王芳", null, day(3)],
];
const report = [["Report"], [], ["k", "v"], ["a", 1], ["b", 2], ["c", 3], ["合计", 6]];

function workbook(name: string, bookType: BookType, sheets: Readonly<Record<string, unknown[][]>>): void {
  const book = utils.book_new();
  for (const [title, rows] of Object.entries(sheets)) {
    utils.book_append_sheet(book, utils.aoa_to_sheet(rows, { UTC: true }), title);
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- typed as any
  writeFileSync(join(directory, name), write(book, { type: "buffer", bookType }) as Uint8Array);
}

/** Records of an xlsb sheet with each cell that is stored in the short form in the one with its column, as Excel does. */
function withLongCells(sheet: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  let column = 0;
  let position = 0;
  while (position < sheet.length) {
    const start = position;
    const low = sheet[position++] ?? 0;
    const kind = low < 128 ? low : low - 128 + 128 * (sheet[position++] ?? 0);
    let length = 0;
    for (let shift = 1, more = true; more; shift *= 128) {
      const byte = sheet[position++] ?? 0;
      length += (byte % 128) * shift;
      more = byte >= 128;
    }
    const body = sheet.slice(position, position + length);
    position += length;
    if (kind >= 1 && kind <= 11) {
      column = new DataView(body.buffer).getUint32(0, true);
    }
    if (kind >= 12 && kind <= 18) {
      column += 1;
      parts.push(Uint8Array.of(kind - 11, body.length + 4), new Uint8Array(Uint32Array.of(column).buffer), body);
    } else {
      parts.push(sheet.slice(start, position));
    }
  }
  return Buffer.concat(parts);
}

function storeLongCells(from: string, to: string): void {
  const container = CFB.read(readFileSync(join(directory, from)), { type: "buffer" });
  for (const { name, content } of container.FileIndex) {
    if (/^sheet\d+\.bin$/u.test(name)) {
      CFB.utils.cfb_add(container, `/xl/worksheets/${name}`, withLongCells(Uint8Array.from(content)));
    }
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- typed as any
  writeFileSync(join(directory, to), CFB.write(container, { type: "buffer", fileType: "zip" }) as Uint8Array);
}

/** What pandas writes: Parquet as it comes, with an index, with lists; a page. */
const pandasFiles = `
import json, os, sys
import pandas as pd
os.chdir(json.load(sys.stdin))
frame = pd.DataFrame({"id": [1, 2, 3, 4], "name": ["张伟", "李娜", None, "NA"], "v": [1.5, None, 3.25, 4],
                      "when": pd.to_datetime(["2024-01-31 00:00", "2024-02-01 10:30", "2024-02-02 00:00", None]),
                      "big": [9007199254740993, 2, 3, 4], "ok": [True, False, True, True]})
frame.to_parquet("plain.parquet")
frame.set_index("id").to_parquet("index.parquet", compression="zstd")
frame.assign(tags=[[1, 2], [3], [], None]).to_parquet("lists.parquet")
frame.astype({"name": "category"}).to_parquet("category.parquet", compression="gzip")
frame.drop(columns=["when"]).to_html("page.html", index=False)
`;

const documents: Readonly<Record<string, unknown>> = {
  "nested.json": {
    status: "ok",
    data: {
      items: [
        { id: 1, geo: { lat: 1.5, lon: 2 }, tags: ["a", "b"] },
        { id: 2, geo: { lat: 2.5, lon: null }, tags: [] },
        { id: 3, geo: { lat: 3 }, name: "x" },
      ],
    },
  },
  "deep.json": [
    { a: 1, b: { c: { d: "x" } } },
    { a: 2, b: { c: { d: "y" } } },
  ],
  "columns.json": { a: [1, 2, 3], b: ["x", "y", "z"] },
  "places.geojson": {
    type: "FeatureCollection",
    features: ["A", "B"].map((name, index) => ({
      type: "Feature",
      properties: { name, population: index + 5 },
      geometry: { type: "Point", coordinates: [index, 2] },
    })),
  },
};

const readAll = `
import json, sys, warnings
import pandas as pd
warnings.simplefilter("ignore")
answers = {}
for job in json.load(sys.stdin):
    frame = eval(job["pandas"], {"pd": pd, "path": job["path"]})
    sums = [None if total is None else float(pd.to_numeric(frame[name]).sum())
            for name, total in zip(frame.columns, job["sums"])]
    answers[job["name"]] = {"rows": len(frame), "names": [str(name) for name in frame.columns],
                            "nulls": [int(frame[name].isna().sum()) for name in frame.columns], "sums": sums}
json.dump(answers, sys.stdout)
`;

/** What Python makes of a table. */
interface PythonReading {
  readonly rows: number;
  readonly names: readonly string[];
  readonly nulls: readonly number[];
  readonly sums: readonly (number | null)[];
}

const workbooks = ["xlsx", "xls", "xlsb", "ods"] as const;
const names = [
  "long.xlsb",
  ...workbooks.flatMap((kind) => [`people.${kind}`, `report.${kind}`]),
  ...["plain", "index", "lists", "category"].map((kind) => `${kind}.parquet`),
  "page.html",
  ...Object.keys(documents),
];
const profiles = new Map<string, TableProfile>();
let answers: Record<string, PythonReading> = {};

/** The package that a reading needs and this Python has not. */
function missing(profile: TableProfile | undefined): string | undefined {
  return profile?.reading.packages.find((name) => !installed.has(name));
}

/** Said of a workbook that Python does not read as it is. */
function misread(profile: TableProfile | undefined): boolean {
  return profile?.warnings.some(({ code }) => code === "python-misreads") ?? false;
}

beforeAll(async () => {
  for (const kind of workbooks) {
    workbook(`people.${kind}`, kind, { data: people, notes: [["x"], [1]] });
    workbook(`report.${kind}`, kind, { S: report });
  }
  storeLongCells("people.xlsb", "long.xlsb");
  for (const [name, document] of Object.entries(documents)) {
    writeFileSync(join(directory, name), JSON.stringify(document));
  }
  python(pandasFiles, directory);
  for (const name of names) {
    // oxlint-disable-next-line no-await-in-loop -- two processors are enough for one
    profiles.set(name, await profileFile({ path: join(directory, name), sampleRows: 20, dialect: {} }));
  }
  const jobs = [...profiles]
    .filter(([, profile]) => missing(profile) === undefined && !misread(profile))
    .map(([name, { path, reading, columns }]) => {
      return { name, path, pandas: reading.pandas, sums: columns.map(({ sum }) => sum) };
    });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the script above writes it
  answers = JSON.parse(python(readAll, jobs)) as Record<string, PythonReading>;
});

describe.each(workbooks)("a workbook of kind %s", (kind) => {
  it("is read with its types", () => {
    const profile = profiles.get(`people.${kind}`);
    expect(profile?.dialect).toMatchObject({ format: kind, sheet: "data", headerRow: 0 });
    expect(profile?.columns.map(({ type }) => type)).toEqual(["identifier", "text", "decimal", "date"]);
    expect(profile?.columns[2]).toMatchObject({ sum: 49.5, nulls: 1 });
    expect(profile?.rows[0]).toEqual(["001", "张伟", 12.5, "2024-01-31"]);
  });

  it("is read from its header to its total line", () => {
    const profile = profiles.get(`report.${kind}`);
    expect([profile?.rowCount, profile?.columns[1]?.sum]).toEqual([3, 6]);
    expect(profile?.totals).toMatchObject([{ kind: "last-rows", value: "合计" }]);
  });

  it("is read in Python by an engine of the managed environment", () => {
    const packages = { xlsx: "openpyxl", xls: "python-calamine", xlsb: "python-calamine", ods: "odfpy" };
    expect(profiles.get(`people.${kind}`)?.reading.packages).toEqual(["pandas", packages[kind]]);
  });
});

describe("cells of xlsb in the short form, which Python leaves out", () => {
  it.each([
    ["people.xlsb", true],
    ["report.xlsb", true],
    ["long.xlsb", false],
    ["people.xls", false],
  ])("%s: %s", (name, expected) => {
    expect(misread(profiles.get(name))).toBe(expected);
  });
});

describe.each(names.filter((name) => !/^(people|report)\.xlsb$/u.test(name)))("%s", (name) => {
  it("is read by pandas as the profile says", (context) => {
    const profile = profiles.get(name);
    const lacking = missing(profile);
    context.skip(lacking !== undefined, `${lacking} is not installed`);
    const answer = answers[name];
    expect(answer).toMatchObject({
      rows: profile?.rowCount,
      names: profile?.columns.map((column) => column.name),
      nulls: profile?.columns.map((column) => column.nulls),
    });
    profile?.columns.forEach(({ sum }, index) => {
      const found = answer?.sums[index] ?? null;
      expect(found === null).toBe(sum === null);
      expect(Math.abs((found ?? 0) - (sum ?? 0))).toBeLessThanOrEqual(1e-9 * Math.abs(sum ?? 0));
    });
  });
});

describe("what is not flat", () => {
  it("nested objects become columns, lists stay text", () => {
    expect(profiles.get("nested.json")?.columns.map((column) => column.name)).toEqual(
      expect.arrayContaining(["id", "tags", "geo.lat", "geo.lon", "name"]),
    );
    expect(profiles.get("deep.json")?.rows).toEqual([
      [1, "x"],
      [2, "y"],
    ]);
    expect(profiles.get("lists.parquet")?.rows[0]?.at(-1)).toBe("[1,2]");
  });

  it("integers beyond 2^53 keep their digits", () => {
    expect(profiles.get("plain.parquet")?.rows[0]).toContain("9007199254740993");
  });
});
