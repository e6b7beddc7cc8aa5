import { expect, test } from "vitest";
import { isLong } from "./long-text.ts";

test.each<readonly [string, string, boolean]>([
  ["eight lines", "line\n".repeat(7) + "line", false],
  ["nine lines", "line\n".repeat(8) + "line", true],
  ["eight lines' worth in one", "x".repeat(320), false],
  ["more than that", "x".repeat(321), true],
  ["Chinese takes twice the room", "字".repeat(161), true],
  ["but not more", "字".repeat(160), false],
])("%s", (_name, text, long) => {
  expect(isLong(text)).toBe(long);
});
