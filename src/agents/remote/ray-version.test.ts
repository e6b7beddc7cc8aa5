import { expect, test } from "vitest";
import { compareVersions, isUsableRay, rayVersions } from "./ray-version.ts";

test.each([
  ["2.51.9", false],
  ["2.52.0", true],
  [rayVersions.tested, true],
  ["2.100.1", true],
  ["2.58.0.post1", true],
  ["3.0.0.dev0", false],
  ["3.0.0", false],
  ["", false],
  ["latest", false],
])("Ray %s: %s", (version, isUsable) => {
  expect(isUsableRay(version)).toBe(isUsable);
});

test("versions are compared by their numbers", () => {
  expect(compareVersions("2.9.0", "2.10.0")).toBeLessThan(0);
  expect(compareVersions("0.2.0", "0.1.9")).toBeGreaterThan(0);
  expect(compareVersions("2.0", "2")).toBe(0);
});
