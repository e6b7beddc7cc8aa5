import { expect, test } from "vitest";
import type { FoundPython } from "../../agents/python/find-python.ts";
import { isSamePython } from "./same-python.ts";

const found: FoundPython = {
  executable: "/a/python",
  version: "3.11.7",
  packages: ["pandas", "pyarrow"],
  origin: "PATH",
};

test("who named it and the order of its packages make no other Python", () => {
  expect(isSamePython(found, { ...found, origin: "setting", packages: ["pyarrow", "pandas"] })).toBe(true);
});

test.each<Partial<FoundPython>>([
  { executable: "/b/python" },
  { version: "3.12.1" },
  { packages: ["pandas"] },
  { packages: ["pandas", "matplotlib"] },
])("%j makes another", (difference) => {
  expect(isSamePython(found, { ...found, ...difference })).toBe(false);
});
