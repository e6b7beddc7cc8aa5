import { expect, test } from "vitest";
import { KernelPaths } from "./kernel-paths.ts";

const there = "/var/byzer/k1/work";

test("below the folder a file keeps its relative path; elsewhere it gets a place of its own", () => {
  const paths = new KernelPaths("/home/me/project", there);
  expect(paths.placeOf("/home/me/project/data/a b.csv")).toBe("data/a b.csv");
  expect(paths.absolute("/home/me/project/x.csv")).toBe(`${there}/x.csv`);
  const outside = paths.placeOf("/home/me/other/x.csv");
  expect(outside).toMatch(/^\.byzer-files\/[0-9a-f]{12}\/x\.csv$/u);
  expect(paths.placeOf("/home/me/projects/x.csv")).not.toBe(outside);
  expect(paths.placeOf("/home/me/projects/x.csv")).not.toContain("..");
});

test("code that says where a file is on this machine finds it there", () => {
  const paths = new KernelPaths("/home/me/project", there);
  paths.placeOf("/home/me/project/x.csv");
  const outside = paths.absolute("/srv/o'brien/销售 (1).csv");
  const code = [
    'path = "/home/me/project/x.csv"',
    "other = '/home/me/project/sub/y.csv'",
    'folder = "/home/me/project"',
    `sales = "/srv/o'brien/销售 (1).csv"`,
    'open(f"/home/me/project/{name}.csv")',
    'untouched = "/home/me/projects/x.csv" # /home/me/project/x.csv',
    'cluster = "/data/on/the/cluster.csv"',
    'text = "see /home/me/project/x.csv"',
  ].join("\n");
  expect(paths.toThere(code)).toBe(
    [
      `path = "${there}/x.csv"`,
      `other = '${there}/sub/y.csv'`,
      `folder = "${there}"`,
      `sales = "${outside}"`,
      `open(f"${there}/{name}.csv")`,
      'untouched = "/home/me/projects/x.csv" # /home/me/project/x.csv',
      'cluster = "/data/on/the/cluster.csv"',
      'text = "see /home/me/project/x.csv"',
    ].join("\n"),
  );
});

test("whatever characters a path has", () => {
  const here = "/h/a-b.c (d) [e] {f} $g ^h +i?";
  const paths = new KernelPaths(here, there);
  paths.placeOf(`${here}/x|y*.csv`);
  expect(paths.toThere(`open("${here}/x|y*.csv")`)).toBe(`open("${there}/x|y*.csv")`);
});

test("a folder on the cluster that lies below one of the same name here is not taken twice", () => {
  const paths = new KernelPaths("/tmp", "/tmp/ray/work");
  paths.placeOf("/tmp/x.csv");
  expect(paths.toThere(`a = "/tmp/x.csv"; b = "/tmp/y.csv"`)).toBe(
    `a = "/tmp/ray/work/x.csv"; b = "/tmp/ray/work/y.csv"`,
  );
});

test("what the cluster calls a file is what it is called here", () => {
  const paths = new KernelPaths("/home/me/project", there);
  const outside = paths.absolute("/srv/x.csv");
  expect(paths.toHere(outside)).toBe("/srv/x.csv");
  expect(paths.toHere(`${there}/sub/y.csv`)).toBe("/home/me/project/sub/y.csv");
  expect(paths.toHere("/data/on/the/cluster.csv")).toBe("/data/on/the/cluster.csv");
  expect(paths.toHere("sub/y.csv")).toBe("sub/y.csv");
  expect(paths.toHere(`${there}er`)).toBe(`${there}er`);
});
