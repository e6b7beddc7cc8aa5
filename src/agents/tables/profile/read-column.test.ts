import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { ColumnProfile, TableProfile } from "../../protocol/table-profile.ts";
import { profileFile } from "../profile-file.ts";

const directory = mkdtempSync(join(tmpdir(), "byzer-columns-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function profileOf(text: string): Promise<TableProfile> {
  const path = join(directory, "table.csv");
  writeFileSync(path, text);
  return await profileFile({ path, sampleRows: 5, dialect: {} });
}

async function columnOf(name: string, values: readonly (string | number)[]): Promise<ColumnProfile | undefined> {
  const { columns } = await profileOf(`${name},other\n${values.map((value) => `${value},x\n`).join("")}`);
  return columns[0];
}

const counted = Array.from({ length: 30 }, (_, index) => index + 1);

describe("sums of whole numbers", () => {
  it.each<[string, readonly string[], string]>([
    ["beyond 53 bits", ["9007199254740993", "2"], "9007199254740995"],
    ["that come several times", ["3002399751580331", "3002399751580331", "3002399751580331", "2"], "9007199254740995"],
    ["beyond 64 bits", ["123456789012345678901234567890", "5", "-1"], "123456789012345678901234567894"],
  ])("%s are exact", async (_, values, sum) => {
    const column = await columnOf("v", values);
    expect(column).toMatchObject({ type: "integer", exactSum: sum, sum: Number(sum) });
  });

  it("that a number holds are said once", async () => {
    expect((await columnOf("v", ["9007199254740990", "1"]))?.exactSum).toBeUndefined();
    expect((await columnOf("v", ["1e300", "2.5"]))?.exactSum).toBeUndefined();
  });
});

describe("columns of several kinds", () => {
  it("count what is no number, also true and false", async () => {
    const path = join(directory, "mixed.json");
    writeFileSync(path, '[{"a":1},{"a":true}]');
    const { warnings } = await profileFile({ path, sampleRows: 5, dialect: {} });
    expect(warnings.find(({ code }) => code === "mixed-types")?.message).toContain(
      "a holds 1 number and 1 other value.",
    );
  });
});

describe("whole numbers that tell rows apart", () => {
  it.each(["id", "ID", "编号", "序号", "index", "orderId", "user_id"])("are identifiers under %s", async (name) => {
    const column = await columnOf(name, counted);
    expect(column).toMatchObject({ type: "identifier", mean: null, sum: null, top: [], min: 1, max: 30, distinct: 30 });
  });

  it.each(["amount", "valid", "no_of_deaths", "stock_index"])("are amounts under %s", async (name) => {
    expect(await columnOf(name, counted)).toMatchObject({ type: "integer", sum: 465 });
  });

  it("are amounts where one comes twice", async () => {
    expect(await columnOf("id", [...counted, 7])).toMatchObject({ type: "integer" });
  });

  it("stay numbers in the first rows and in Python", async () => {
    const profile = await profileOf("id,v\n1,3\n2,4\n3,9\n");
    expect(profile.columns[0]?.type).toBe("identifier");
    expect(profile.rows[0]).toEqual([1, 3]);
    expect(profile.reading.pandas).toBe("pd.read_csv(path)");
  });
});

const years = Array.from({ length: 40 }, (_, index) => 1980 + index);

async function gapsOf(name: string, values: readonly (string | number)[]): Promise<unknown> {
  const { warnings } = await profileOf(`${name},v\n${values.map((value) => `${value},x\n`).join("")}`);
  return warnings.find(({ code }) => code === "gaps")?.values ?? null;
}

const day = (index: number): string => new Date(Date.UTC(2024, 0, 1 + index)).toISOString().slice(0, 10);

describe("what a column of years or dates leaves out", () => {
  it("is named where it is little", async () => {
    const values = years.filter((year) => year !== 1999);
    expect(await gapsOf("year", [...values, ...values])).toEqual({
      column: "year",
      min: "1980",
      max: "2019",
      count: 1,
      span: 40,
      unit: "years",
      examples: "1999",
    });
  });

  it("is no gap where it is much, or nothing", async () => {
    expect(
      await gapsOf(
        "year",
        years.filter((year) => year % 3 > 0),
      ),
    ).toBeNull();
    expect(await gapsOf("year", years)).toBeNull();
  });

  it("counts in the rhythm of the dates", async () => {
    const at = (step: number): string[] => counted.filter((index) => index !== 17).map((index) => day(index * step));
    const months = counted
      .filter((index) => index !== 17)
      .map((index) => `${2020 + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, "0")}-01`);
    expect(await gapsOf("day", at(1))).toMatchObject({ unit: "days", count: 1, examples: day(17) });
    expect(await gapsOf("day", at(7))).toMatchObject({ unit: "weeks", count: 1, examples: day(17 * 7) });
    expect(await gapsOf("month", months)).toMatchObject({ unit: "months", count: 1, examples: "2021-06-01" });
    const working = Array.from({ length: 90 }, (_, index) => index).filter((index) => index % 7 < 5);
    expect(await gapsOf("day", working.map(day))).toBeNull();
  });
});

describe("NA", () => {
  const codes = ["AD", "AE", "NA", "CN", "US", "NA"];

  it.each([
    ["two", codes],
    ["three", ["AND", "ARE", "NA", "CHN", "USA", "NA"]],
  ])("is a value among codes of %s letters", async (_, values) => {
    const profile = await profileOf(`code,cases\n${values.map((code, index) => `${code},${index}\n`).join("")}`);
    expect(profile.columns[0]).toMatchObject({ nulls: 0, distinct: 5 });
    expect(profile.reading.pandas).toContain('keep_default_na=False, na_values=[""]');
    expect(profile.rows[2]?.[0]).toBe("NA");
  });

  it("is missing in another column of the same table", async () => {
    const rows = codes.map((code, index) => `${code},${index === 3 ? "NA" : index}\n`).join("");
    const profile = await profileOf(`code,cases\n${rows}`);
    expect(profile.columns.map(({ nulls }) => nulls)).toEqual([0, 1]);
    expect(profile.reading.pandas).toContain('keep_default_na=False, na_values={"cases": ["", "NA"]}');
  });

  it("is missing among words", async () => {
    const { columns } = await profileOf("name,v\nAnn,1\nNA,2\nBob,3\nCarla,4\n");
    expect(columns[0]).toMatchObject({ nulls: 1, missingWords: ["NA"] });
  });
});
