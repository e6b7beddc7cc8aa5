import { resolve } from "node:path";
import { expect, test } from "vitest";
import type { CodeEffect } from "../protocol/cell-output.ts";
import { codeReach } from "./code-reach.ts";

const ground = {
  files: [resolve("/data/灾害.csv"), resolve("/data/b.csv")],
  workingDirectory: resolve("/data"),
  outputDirectory: resolve("/state/output"),
};
const reads = (detail: string): CodeEffect => ({ kind: "read-file", detail, line: 1 });

test.each([
  ["a file of the session", "/data/灾害.csv", "computes"],
  ["a file of the session, relative", "b.csv", "computes"],
  ["a picture of the session", "/state/output/figure-1.png", "computes"],
  ["a variable", "p", "unclear"],
  ["an expression", "'x' + y", "unclear"],
  ["a key", "~/.ssh/id_rsa", "reaches-out"],
  ["a neighbour", "secrets.env", "reaches-out"],
  ["a way round", "/data/../etc/passwd", "reaches-out"],
  ["a folder above", "..", "reaches-out"],
  ["beside the output folder", "/state/output-2/x", "reaches-out"],
  ["many files", "*", "reaches-out"],
])("%s: %s is %s", (_, detail, expected) => {
  expect(codeReach([reads("b.csv"), reads(detail)], ground)).toBe(expected);
});

test("anything but reading reaches out", () => {
  expect(codeReach([{ kind: "network", detail: "requests.get(url)", line: 3 }], ground)).toBe("reaches-out");
});
