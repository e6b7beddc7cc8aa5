import { expect, test } from "vitest";
import { commandFirst, kernelResources } from "./cluster-flags.ts";

test("options of the cluster may stand before the command", () => {
  expect(commandFirst(["--ray", "10.0.0.4", "analyze", "a.csv", "--", "--ray"])).toEqual([
    "analyze",
    "--ray",
    "10.0.0.4",
    "a.csv",
    "--",
    "--ray",
  ]);
  expect(commandFirst(["--ray=h:1", "--ray-memory", "2GB", "ask"])).toEqual([
    "ask",
    "--ray=h:1",
    "--ray-memory",
    "2GB",
  ]);
  expect(commandFirst(["analyze", "--ray", "h"])).toEqual(["analyze", "--ray", "h"]);
  expect(commandFirst(["--ray"])).toEqual(["--ray"]);
  expect(commandFirst(["--help"])).toEqual(["--help"]);
  expect(commandFirst(["ray", "up"])).toEqual(["ray", "up"]);
});

test.each([
  [undefined, 0],
  ["16GB", 16 * 2 ** 30],
  ["1.5 g", 1.5 * 2 ** 30],
  ["512MiB", 512 * 2 ** 20],
  ["1000", 1000],
])("memory %s is %d bytes", (text, wanted) => {
  expect(kernelResources({ "ray-memory": text }).memoryBytes).toBe(wanted);
});

test.each([
  { "ray-memory": "much" },
  { "ray-memory": "" },
  { "ray-cpus": "two" },
  { "ray-cpus": "-1" },
  { "ray-gpus": "" },
])("%j makes no sense", (flags) => {
  expect(() => kernelResources(flags)).toThrow(expect.objectContaining({ code: "cli.usage" }));
});
