import { expect, test } from "vitest";
import { type FilesOutput, leftOnClusterSchema } from "../cell-output.ts";
import { filesText } from "./files-text.ts";

const nothing: FilesOutput = {
  type: "files",
  node: "10.0.0.7",
  folder: "/ray/work",
  brought: [],
  left: [],
  deleted: [],
  more: 0,
  complete: true,
  lost: false,
};

test("what is here and what is not is said in both languages, with where it lies", () => {
  const output: FilesOutput = {
    ...nothing,
    brought: [
      { path: "图 表.png", sizeBytes: 1 },
      { path: "$1.csv", sizeBytes: 1 },
    ],
    left: [{ path: "big.csv", sizeBytes: 6e8, why: "size" }],
    deleted: ["old.csv"],
    more: 3,
    complete: false,
  };
  const english = filesText(output, "en").split("\n");
  expect(english[0]).toBe("Written on the cluster, and now in the working folder: 图 表.png, $1.csv.");
  expect(english[1]).toMatch(
    /^big\.csv was written on the cluster at \/ray\/work\/big\.csv of 10\.0\.0\.7 and is not here: .*500 MB/u,
  );
  expect(english).toHaveLength(6);
  const chinese = filesText(output, "zh-cn").split("\n");
  expect(chinese[0]).toContain("图 表.png、$1.csv");
  expect(chinese[1]).toMatch(/10\.0\.0\.7 的 \/ray\/work\/big\.csv.*500 MB/u);
  expect(chinese).toHaveLength(6);
});

test("each reason has words of its own in both languages, and what went wrong is added", () => {
  const said = ["en", "zh"].flatMap((locale) =>
    leftOnClusterSchema.options.map((why) =>
      filesText({ ...nothing, left: [{ path: "a", sizeBytes: 1, why, reason: "EACCES" }] }, locale),
    ),
  );
  expect(new Set(said).size).toBe(said.length);
  expect(said.filter((text) => text.includes("EACCES"))).toHaveLength(said.length);
});

test("a lost Python is said to be", () => {
  expect(filesText({ ...nothing, lost: true }, "en")).toMatch(/^Python was lost/u);
});
