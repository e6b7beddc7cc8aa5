import { expect, test } from "vitest";
import { commandFirst, kernelResources, modelsWay } from "./cluster-flags.ts";

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
  expect(commandFirst(["--ray", "h", "--model", "small", "analyze", "a.csv"])).toEqual([
    "analyze",
    "--ray",
    "h",
    "--model",
    "small",
    "a.csv",
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

test("packages for the code there are handed on", () => {
  expect(kernelResources({ "ray-pip": ["dask[dataframe]==2026.8.0"] }).packages).toEqual(["dask[dataframe]==2026.8.0"]);
  expect(kernelResources({}).packages).toEqual([]);
});

test("agents on a cluster reach models through the program, unless they are to ask by themselves", () => {
  expect(modelsWay({})).toBe("window");
  expect(modelsWay({ "ray-models": "endpoint" })).toBe("endpoint");
  expect(() => modelsWay({ "ray-models": "both" })).toThrow(expect.objectContaining({ code: "cli.usage" }));
});
