import { expect, it } from "vitest";
import { LineReader } from "./line-reader.ts";

it("cuts lines wherever the pieces end", () => {
  const reader = new LineReader();
  expect(reader.push("a")).toEqual([]);
  expect(reader.push("b\nc\nd")).toEqual(["ab", "c"]);
  expect(reader.push("\n")).toEqual(["d"]);
  expect(reader.push("\n")).toEqual([""]);
});
