import { expect, test } from "vitest";
import type { NoticeBlock } from "../protocol/session-state.ts";
import { noticeText } from "../protocol/words/notice-text.ts";
import { sampleColumn, sampleProfile } from "../testing/sample-profile.ts";
import { fileBriefing } from "./briefing.ts";
import { heldBytes } from "./table-room.ts";
import { roomNotice, tableWay } from "./table-way.ts";

const reading = { pandas: "pd.read_csv(path)", packages: ["pandas"], standardLibrary: null };
const columns = [sampleColumn("n"), sampleColumn("text", { type: "text" })];
const gigabyte = 1e9;
/** Rows of 8 and 57 + 3 bytes. */
const large = sampleProfile({ rowCount: 100_000_000, sizeBytes: 2e9, columns, rows: [[1, "abc"]], reading });
const here = { memoryBytes: 12 * gigabyte, place: "here" } as const;
const there = { memoryBytes: 12 * gigabyte, place: "cluster" } as const;
const withDask = { packages: ["pandas", "dask"], room: there };

test("a table takes as much as its values do, and at least as much as a file that was not read to its end", () => {
  expect(heldBytes(large)).toBe(6.8 * gigabyte);
  expect(heldBytes({ ...large, rowCount: 1000, complete: false })).toBe(4 * gigabyte);
  const packed = { ...large, rowCount: 1000, complete: false, dialect: { ...large.dialect, compression: "gzip" } };
  expect(heldBytes(packed)).toBe(20 * gigabyte);
});

test("half of the memory is for work", () => {
  expect(tableWay(large, { room: { ...here, memoryBytes: 13.6 * gigabyte } })).toBe("whole");
  expect(tableWay(large, { room: { ...here, memoryBytes: 13.5 * gigabyte } })).toBe("pieces");
});

test.each([
  ["whole", large, {}],
  ["pieces", large, { packages: ["dask"], room: here }],
  ["dask", large, withDask],
  ["no-dask", large, { packages: ["pandas"], room: there }],
  ["unsplittable", { ...large, reading: { ...reading, pandas: "pd.read_csv(path, nrows=9)" } }, withDask],
])("%s", (way, profile, means) => {
  expect(tableWay(profile, means)).toBe(way);
});

test.each([
  ["pieces", { room: here }, "a Ray cluster with more memory"],
  ["dask", withDask, "read with Dask"],
  ["no-dask", { room: there }, "dask[dataframe]"],
])("the person is told of %s, with figures and in both languages", (way, means, word) => {
  const notice = roomNotice(large, means);
  expect(notice).toMatchObject({ code: "table-beyond-memory", values: { needs: "6.8 GB", has: "12 GB", way } });
  expect(notice?.text).toContain(word);
  const block = {
    kind: "notice",
    id: "1",
    severity: "warning",
    code: "",
    text: "",
    values: {},
    ...notice,
  } as NoticeBlock;
  expect(noticeText(block, "zh-cn")).toMatch(/6\.8 GB.*12 GB/u);
  expect(noticeText(block, "zh-cn")).toMatch(/集群/u);
});

test("nothing is said of a table that Python can hold, or of a Python of which nobody knows what it holds", () => {
  expect(roomNotice(large, {})).toBeNull();
  expect(roomNotice(sampleProfile(), { room: here })).toBeNull();
});

test("an author on a cluster is told to read with Dask instead, and how it differs", () => {
  const text = fileBriefing(large, { hasPandas: true, fileNumber: 2, ...withDask });
  expect(text).toContain("df2 = dd.read_csv(path2, blocksize=");
  expect(text).not.toContain("pd.read_csv");
  expect(text).toContain("about 6.8 GB, and Python may use 12 GB");
  expect(text).toContain("no iloc");
  expect(text).toContain("df2.compute()");
  expect(text).not.toMatch(/\bdf\b/u);
  expect(text).not.toContain("Large file");
});

test.each([{ room: here }, { packages: ["dask"], room: { ...there, memoryBytes: 90 * gigabyte } }, { room: there }])(
  "any other briefing is what it is without a word on memory: %j",
  (means) => {
    const packages = "packages" in means ? means.packages : [];
    const plain = fileBriefing(large, { hasPandas: true, packages });
    expect(fileBriefing(large, { hasPandas: true, packages, ...means })).toBe(plain);
  },
);
