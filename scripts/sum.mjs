import { readFileSync } from "node:fs";
import { argv } from "node:process";
import { say } from "./editor/process.mjs";

/**
 * Adds up what runs of tests have printed: `node sum.mjs FILE…`. Prints the names of all tests that failed, then, as the
 * last line, the sum of the last lines: `N passed, N failed, N skipped`. A run that broke off counts as a failed test.
 */
const outputs = argv.slice(2).map((file) => readFileSync(file, "utf8"));
const names = outputs.flatMap((output) => [...output.matchAll(/^FAILED: .*$/gm)].map(([name]) => name));
const counts = outputs.map((output) => {
  const last = output.trimEnd().split("\n").at(-1) ?? "";
  const [, passed, failed, skipped] = /^(\d+) passed, (\d+) failed, (\d+) skipped$/.exec(last) ?? ["", 0, 1, 0];
  return [Number(passed), Number(failed), Number(skipped)];
});
const [passed, failed, skipped] = [0, 1, 2].map((place) => counts.reduce((sum, each) => sum + (each[place] ?? 0), 0));
say("");
new Set(names).forEach(say);
say(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed === 0 && passed !== 0 ? 0 : 1;
