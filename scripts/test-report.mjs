import { say } from "./editor/process.mjs";

/** @typedef {import("./test-runs.mjs").PartResult & { name: string, durationMs: number }} Outcome */

/**
 * Runs a part and says how it ended.
 *
 * @param {string} name
 * @param {() => Promise<import("./test-runs.mjs").PartResult>} run Where it rejects, the part counts as a failed test.
 * @returns {Promise<Outcome>}
 */
export async function timed(name, run) {
  const startedMs = performance.now();
  const result = await run().catch((error) => ({
    passed: 0,
    failed: 1,
    skipped: 0,
    output: String(error?.stack ?? error),
  }));
  const durationMs = performance.now() - startedMs;
  say(`${result.failed === 0 ? "ok    " : "FAILED"} ${row({ name, durationMs, ...result })}`);
  return { name, durationMs, ...result };
}

/**
 * Prints what failed, all parts in a table, and the sum as the last line: `N passed, N failed, N skipped`.
 *
 * @param {readonly Outcome[]} outcomes
 * @returns {boolean} Whether tests ran and none failed.
 */
export function report(outcomes) {
  for (const { name, output } of outcomes.filter(({ failed }) => failed > 0)) {
    const named = /^FAILED: /m.test(output) ? "" : `FAILED: ${name}\n`;
    say(`\n===== ${name} =====\n${named}${shortened(output)}`);
  }
  say("");
  for (const outcome of outcomes) {
    say(row(outcome));
  }
  const sum = (/** @type {"passed" | "failed" | "skipped"} */ key) =>
    outcomes.reduce((total, outcome) => total + outcome[key], 0);
  say(`${sum("passed")} passed, ${sum("failed")} failed, ${sum("skipped")} skipped`);
  return sum("failed") === 0 && sum("passed") > 0;
}

/**
 * @param {Outcome} outcome
 * @returns {string}
 */
function row({ name, passed, failed, skipped, durationMs }) {
  const counts = `${passed} passed, ${failed} failed, ${skipped} skipped`;
  return `${name.padEnd(14)} ${(durationMs / 1000).toFixed(1).padStart(6)} s  ${counts}`;
}

/**
 * @param {string} output
 * @returns {string} Its first 150 and last 200 lines.
 */
function shortened(output) {
  const lines = output.trimEnd().split("\n");
  return (lines.length <= 350 ? lines : [...lines.slice(0, 150), "…", ...lines.slice(-200)]).join("\n");
}
