import { expect, test } from "vitest";
import { readRunPythonCall } from "./run-python.ts";

const call = (text: string, name = "run_python") => readRunPythonCall({ id: "1", name, arguments: text });

test.each([
  ['{"code": "print(1)"}', "print(1)"],
  ['{"code": "a = 1\\nb = 2", "note": "x"}', "a = 1\nb = 2"],
  ['"print(1)"', "print(1)"],
  ['{"python": "print(1)"}', "print(1)"],
  ['{"source": "print(1)", "timeout": 3}', "print(1)"],
  ["print(1)", "print(1)"],
  ["import os\nos.getcwd()", "import os\nos.getcwd()"],
])("reads %s", (text, code) => {
  expect(call(text)).toEqual({ code });
});

test.each([
  [""],
  ["{}"],
  ['{"code": ""}'],
  ['{"code": "print('],
  ["null"],
  ["[1]"],
  ['{"a": "x", "b": "y"}'],
  ["words"],
])("says how to mend %s", (text) => {
  expect(call(text)).toEqual({ mistake: expect.stringContaining('Call run_python again with {"code": "…"}') });
});

test("another tool is none", () => {
  expect(call('{"code": "1"}', "shell")).toEqual({
    mistake: expect.stringContaining("There is no tool called shell."),
  });
});
