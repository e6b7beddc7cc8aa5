import { expect, test } from "vitest";
import { readSearchFilesCall } from "./search-files.ts";

const call = (text: string, name = "search_files") => readSearchFilesCall({ id: "1", name, arguments: text });

test.each([
  ['{"query": "fee charged"}', "fee charged"],
  ['{"query": " fee ", "top": 3}', "fee"],
  ['{"q": "fee"}', "fee"],
  ['"fee"', "fee"],
  ["fee charged", "fee charged"],
])("reads %s", (text, query) => {
  expect(call(text)).toEqual({ query });
});

test.each([[""], ["{}"], ['{"query": ""}'], ['{"query": '], ["null"], ["[1]"], ['{"a": "x", "b": "y"}']])(
  "says how to mend %s",
  (text) => {
    expect(call(text)).toEqual({ mistake: expect.stringContaining('Call search_files again with {"query":') });
  },
);

test("another tool is none", () => {
  expect(call("{}", "shell")).toEqual({ mistake: expect.stringContaining("There is no tool called shell.") });
});
