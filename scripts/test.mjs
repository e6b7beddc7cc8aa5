import { say } from "./editor/process.mjs";
import { setUp } from "./setup.mjs";
import { parts } from "./test-parts.mjs";

/** @typedef {import("./test-parts.mjs").PartResult & { name: string, durationMs: number }} Outcome */

/**
 * Runs the parts one after another, also after one that failed, and says how each ended.
 *
 * @param {readonly import("./test-parts.mjs").Part[]} chosen
 * @returns {Promise<readonly Outcome[]>}
 */
async function runParts(chosen) {
  const outcomes = [];
  for (const { name, run } of chosen) {
    // oxlint-disable-next-line no-await-in-loop -- some parts plant files that others would see
    outcomes.push(await timed(name, run));
  }
  return outcomes;
}

/**
 * Runs the tests: the page's beside the others, since both mostly wait; the editor's last and alone, since they follow
 * what a person would see.
 *
 * @param {readonly import("./test-parts.mjs").Part[]} chosen
 * @returns {Promise<readonly Outcome[]>}
 */
async function runTests(chosen) {
  const others = chosen.filter(({ name }) => name !== "page" && name !== "editor");
  const besides = await Promise.all([runParts(others), runParts(chosen.filter(({ name }) => name === "page"))]);
  return [...besides.flat(), ...(await runParts(chosen.filter(({ name }) => name === "editor")))];
}

/**
 * @param {string} name
 * @param {() => Promise<import("./test-parts.mjs").PartResult>} run
 * @returns {Promise<Outcome>}
 */
async function timed(name, run) {
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

/** @returns {Promise<import("./test-parts.mjs").PartResult>} */
async function setUpPart() {
  try {
    await setUp();
    return { passed: 0, failed: 0, skipped: 0, output: "" };
  } catch (error) {
    return { passed: 0, failed: 1, skipped: 0, output: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * @param {readonly string[]} names
 * @returns {readonly import("./test-parts.mjs").Part[]}
 */
function choose(names) {
  const unknown = names.filter((name) => parts.every((part) => part.name !== name));
  if (unknown.length > 0) {
    throw new Error(
      `There is no part "${unknown.join('", "')}". There are: ${parts.map(({ name }) => name).join(", ")}`,
    );
  }
  return names.length === 0 ? parts : parts.filter(({ name }) => names.includes(name));
}

const chosen = choose(process.argv.slice(2));
const tests = chosen.filter(({ kind }) => kind === "test");
const [checked, ready] = await Promise.all([
  runParts(chosen.filter(({ kind }) => kind === "check")),
  tests.length > 0 ? timed("set-up", setUpPart) : undefined,
]);
const outcomes = [...checked, ...(ready === undefined ? [] : [ready])];
if (ready === undefined || ready.failed === 0) {
  outcomes.push(...(await runTests(tests)));
} else {
  say(`Not run, for want of the set-up: ${tests.map(({ name }) => name).join(", ")}`);
}

for (const { name, output } of outcomes.filter(({ failed }) => failed > 0)) {
  say(`\n===== ${name} =====\n${shortened(output)}`);
}
say("");
for (const outcome of outcomes) {
  say(row(outcome));
}
const sum = (/** @type {"passed" | "failed" | "skipped"} */ key) =>
  outcomes.reduce((total, outcome) => total + outcome[key], 0);
process.exitCode = sum("failed") > 0 || sum("passed") === 0 ? 1 : 0;
say(`${sum("passed")} passed, ${sum("failed")} failed, ${sum("skipped")} skipped`);
