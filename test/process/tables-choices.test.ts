import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import iconv from "iconv-lite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DialectChoice, TableProfile } from "../../src/agents/protocol/table-profile.ts";
import { profileFile } from "../../src/agents/tables/profile-file.ts";
import { type PythonReading, isSameCell, readWithPython } from "./awkward/python-readings.ts";

const directory = mkdtempSync(join(tmpdir(), "byzer-choices-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

let files = 0;

async function profile(bytes: Buffer | string, dialect: DialectChoice): Promise<TableProfile> {
  files += 1;
  const path = join(directory, `table-${files}.csv`);
  writeFileSync(path, bytes);
  return await profileFile({ path, sampleRows: 8, dialect });
}

interface Chosen {
  readonly what: string;
  readonly bytes: Buffer | string;
  readonly choice: DialectChoice;
  readonly names: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
  readonly warnings?: readonly string[];
}

const plain = "a,b\n1,x\n2,y\n";

const choices: readonly Chosen[] = [
  {
    what: "an encoding",
    bytes: iconv.encode("naïve,n\ncafé,1\n", "windows-1252"),
    choice: { encoding: "windows-1251" },
    names: ["naпve", "n"],
    rows: [["cafй", 1]],
  },
  {
    what: "an encoding by another name of it",
    bytes: iconv.encode("城市,n\n北京,1\n", "utf-16be", { addBOM: true }),
    choice: { encoding: "UTF-16" },
    names: ["城市", "n"],
    rows: [["北京", 1]],
  },
  {
    what: "an encoding that the bytes are not in",
    bytes: iconv.encode("城市,n\n北京,1\n", "gb18030"),
    choice: { encoding: "utf-8" },
    names: ["\ufffd\ufffd\ufffd\ufffd", "n"],
    rows: [["\ufffd\ufffd\ufffd\ufffd", 1]],
    warnings: ["replaced-characters"],
  },
  {
    what: "a delimiter",
    bytes: "a;b,c\n1;2,3\n4;5,6\n",
    choice: { delimiter: "," },
    names: ["a;b", "c"],
    rows: [
      ["1;2", 3],
      ["4;5", 6],
    ],
  },
  {
    what: "a delimiter that is nowhere",
    bytes: plain,
    choice: { delimiter: ";" },
    names: ["a,b"],
    rows: [["1,x"], ["2,y"]],
  },
  {
    what: "a delimiter of two characters",
    bytes: "a::b\n1::x:y\n2::z\n",
    choice: { delimiter: "::" },
    names: ["a", "b"],
    rows: [
      [1, "x:y"],
      [2, "z"],
    ],
  },
  {
    what: "blanks",
    bytes: "a b\n1 x\n2 y\n",
    choice: { delimiter: "\\s+" },
    names: ["a", "b"],
    rows: [
      [1, "x"],
      [2, "y"],
    ],
  },
  {
    what: "fixed columns",
    bytes: "a    b\n1    x y\n22   z\n",
    choice: { delimiter: "fixed" },
    names: ["a", "b"],
    rows: [
      [1, "x y"],
      [22, "z"],
    ],
  },
  {
    what: "no quoting",
    bytes: 'a,b\n1,"x"\n2,"y"\n',
    choice: { quote: null },
    names: ["a", "b"],
    rows: [
      [1, '"x"'],
      [2, '"y"'],
    ],
  },
  {
    what: "single quotes",
    bytes: "a,b\n1,'x,z'\n2,y\n",
    choice: { quote: "'" },
    names: ["a", "b"],
    rows: [
      [1, "x,z"],
      [2, "y"],
    ],
  },
  {
    what: "a decimal comma",
    bytes: "a;b\n1,234;1\n2,500;2\n",
    choice: { decimal: "," },
    names: ["a", "b"],
    rows: [
      [1.234, 1],
      [2.5, 2],
    ],
  },
  {
    what: "a decimal comma beside points",
    bytes: "a;b\n1.234;1,5\n2.500;2,5\n",
    choice: { decimal: "," },
    names: ["a", "b"],
    rows: [
      [1234, 1.5],
      [2500, 2.5],
    ],
  },
  {
    what: "a decimal point where a comma was found",
    bytes: 'a,b\n"1,5",1\n"2,5",2\n',
    choice: { decimal: "." },
    names: ["a", "b"],
    rows: [
      ["1,5", 1],
      ["2,5", 2],
    ],
  },
  {
    what: "a thousands mark",
    bytes: "a;b\n1.234;1\n2.500;2\n",
    choice: { decimal: ",", thousands: "." },
    names: ["a", "b"],
    rows: [
      [1234, 1],
      [2500, 2],
    ],
  },
  {
    what: "no thousands mark",
    bytes: 'a,b\n"1,234",1\n"2,500",2\n',
    choice: { thousands: null },
    names: ["a", "b"],
    rows: [
      ["1,234", 1],
      ["2,500", 2],
    ],
  },
  {
    what: "no header",
    bytes: plain,
    choice: { headerRow: null },
    names: ["column_1", "column_2"],
    rows: [
      ["a", "b"],
      ["1", "x"],
      ["2", "y"],
    ],
  },
  {
    what: "a header further down",
    bytes: "x,y\na,b\n1,2\n3,4\n",
    choice: { headerRow: 1 },
    names: ["a", "b"],
    rows: [
      [1, 2],
      [3, 4],
    ],
  },
  {
    what: "a header where none was found",
    bytes: "1,2\n3,4\n5,6\n",
    choice: { headerRow: 0 },
    names: ["1", "2"],
    rows: [
      [3, 4],
      [5, 6],
    ],
  },
  {
    what: "a header among comments",
    bytes: "# made\n#a,b\n1,2\n3,4\n",
    choice: { headerRow: 1 },
    names: ["#a", "b"],
    rows: [
      [1, 2],
      [3, 4],
    ],
  },
  {
    what: "a header of two lines",
    bytes: "x,y\na,b\n1,2\n3,4\n",
    choice: { headerRow: 0, headerRows: 2 },
    names: ["x / a", "y / b"],
    rows: [
      [1, 2],
      [3, 4],
    ],
  },
  {
    what: "a header of one line where two were found",
    bytes: "t,d\ns,m\n1,2\n3,4\n",
    choice: { headerRows: 1 },
    names: ["t", "d"],
    rows: [
      ["s", "m"],
      ["1", "2"],
      ["3", "4"],
    ],
  },
  {
    what: "a header on a line that is not there",
    bytes: plain,
    choice: { headerRow: 90 },
    names: ["a", "b"],
    rows: [
      [1, "x"],
      [2, "y"],
    ],
    warnings: ["no-such-header-line"],
  },
  {
    what: "marks that are none",
    bytes: plain,
    choice: { decimal: "x", thousands: "12", quote: "ab", headerRow: -1, headerRows: 0, sheet: "Sheet1" },
    names: ["a", "b"],
    rows: [
      [1, "x"],
      [2, "y"],
    ],
    warnings: ["choice-not-possible"],
  },
];

const profiles: TableProfile[] = [];
let readings: readonly PythonReading[] = [];

// One Python for all: starting it costs more than reading.
beforeAll(async () => {
  for (const { bytes, choice } of choices) {
    // oxlint-disable-next-line no-await-in-loop -- one file after another
    profiles.push(await profile(bytes, choice));
  }
  readings = readWithPython(profiles);
});

describe.each(choices.map((chosen, index) => ({ ...chosen, index })))("choosing $what", (chosen) => {
  const { names, rows, warnings = [], index } = chosen;
  it("is followed by the profile", () => {
    const found = profiles[index];
    expect(found?.columns.map(({ name }) => name)).toEqual(names);
    expect(found?.rows).toEqual(rows);
    expect(found?.warnings.map(({ code }) => code)).toEqual(expect.arrayContaining([...warnings]));
  });

  it("is followed by Python", () => {
    const reading = readings[index];
    expect(reading?.error).toBeUndefined();
    expect(reading?.names).toEqual(names);
    const same = rows.map((row, at) =>
      row.map((cell, column) => isSameCell(cell, reading?.cells?.[at]?.[column], "text")),
    );
    expect(same).toEqual(rows.map((row) => row.map(() => true)));
    expect(reading?.standardRows).toBe(rows.length);
  });
});

describe("choices that cannot be followed", () => {
  it("are named one by one", async () => {
    const found = await profile(plain, { decimal: "x", thousands: "12", headerRow: -1, sheet: "Sheet1" });
    const named = found.warnings
      .filter(({ code }) => code === "choice-not-possible")
      .map(({ values }) => values["choice"]);
    expect(named).toEqual(["decimal", "thousands", "headerRow", "sheet"]);
  });

  it("refuses an encoding that nobody knows", async () => {
    await expect(profile(plain, { encoding: "klingon" })).rejects.toMatchObject({ code: "table.not-readable" });
  });
});
