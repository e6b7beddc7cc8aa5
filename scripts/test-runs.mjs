import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { repositoryRoot } from "./editor/editor-paths.mjs";
import { runCommand } from "./editor/process.mjs";
import { testPythonPaths } from "./setup-python.mjs";
import { toolPath } from "./tool.mjs";

/**
 * How one part of the tests ended. A check counts as one test.
 *
 * @typedef {object} PartResult
 * @property {number} passed How many tests.
 * @property {number} failed How many tests; at least 1 when the part broke off.
 * @property {number} skipped How many tests.
 * @property {string} output What it printed.
 */

/**
 * How tests are run beside the usual way.
 *
 * @typedef {object} RunOptions
 * @property {readonly string[]} [prefix] Goes before the command.
 * @property {readonly string[]} [files] Only these; all where left out.
 * @property {NodeJS.ProcessEnv} [env] Added to the environment of tests.
 * @property {AbortSignal} [signal] Ends it.
 * @property {number} [mostFailures] After so many the rest is left out: what all stand on is gone, and each would wait
 *   until its limit.
 */

/**
 * Runs a command as one test.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options] `env` is added to this process's.
 * @returns {Promise<PartResult>}
 */
export async function countOne(command, args, { cwd = repositoryRoot, env = {} } = {}) {
  const { code, output } = await runCommand(command, args, { cwd, env: { ...process.env, ...env } });
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0, output };
}

/**
 * Runs projects of vitest.config.ts, at least one.
 *
 * @param {readonly string[]} projects
 * @param {RunOptions} [options]
 * @returns {Promise<PartResult>}
 */
export function runVitest(projects, options = {}) {
  return withResults((file) => runProjects(projects, file, options));
}

/**
 * @param {readonly string[]} projects
 * @param {string} file Where vitest leaves its results.
 * @param {RunOptions} options
 * @returns {Promise<PartResult>}
 */
async function runProjects(projects, file, { prefix = [], files = [], env: added = {}, signal, mostFailures = 0 }) {
  const chosen = projects.flatMap((project) => ["--project", project]);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const [command = "", ...args] = [
    ...prefix,
    process.execPath,
    toolPath("vitest"),
    "run",
    ...chosen,
    ...reporters,
    `--bail=${mostFailures}`,
    ...files,
  ];
  // Tests start the command line hundreds of times; each start finds what an earlier one has compiled.
  const env = { ...testEnvironment(), NODE_COMPILE_CACHE: join(dirname(file), "compiled"), ...added };
  const { code, output } = await runCommand(command, args, { cwd: repositoryRoot, env, ...(signal && { signal }) });
  if (!existsSync(file)) {
    return { passed: 0, failed: 1, skipped: 0, output };
  }
  const report = JSON.parse(readFileSync(file, "utf8"));
  const { numPassedTests: passed, numFailedTests, numPendingTests, numTodoTests } = report;
  const failed = code === 0 ? numFailedTests : Math.max(1, numFailedTests);
  return { passed, failed, skipped: numPendingTests + numTodoTests, output: `${failures(report)}${output}` };
}

/**
 * The tests that failed, each with the beginning of why: what a reader wants first of a long output.
 *
 * @param {{ testResults: readonly { name: string, message?: string, assertionResults: readonly { status: string, fullName: string, failureMessages?: readonly string[] }[] }[] }} report
 * @returns {string}
 */
function failures({ testResults }) {
  return testResults
    .flatMap(({ name, message, assertionResults }) => [
      ...(assertionResults.length === 0 && message ? [{ title: name, why: message }] : []),
      ...assertionResults
        .filter(({ status }) => status === "failed")
        .map(({ fullName, failureMessages = [] }) => ({ title: fullName, why: failureMessages.join("\n") })),
    ])
    .map(({ title, why }) => `FAILED: ${title}\n${why.split("\n").slice(0, 25).join("\n")}\n\n`)
    .join("");
}

/**
 * Runs pytest.
 *
 * @param {string} python Has pytest.
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<PartResult>}
 */
export function runPytest(python, args, { prefix = [], env: added = {}, signal } = {}) {
  return withResults(async (file) => {
    const all = [...prefix, python, "-m", "pytest", "-q", "-rfEs", `--junit-xml=${file}`, ...args];
    const [command = "", ...rest] = all;
    const env = { ...testEnvironment(), ...added };
    const { code, output } = await runCommand(command, rest, { cwd: repositoryRoot, env, ...(signal && { signal }) });
    const text = existsSync(file) ? readFileSync(file, "utf8") : "";
    const counted = (/** @type {string} */ name) =>
      Number(new RegExp(`<testsuite [^>]*\\b${name}="(\\d+)"`).exec(text)?.[1] ?? 0);
    const broken = counted("failures") + counted("errors");
    const skipped = counted("skipped");
    const failed = code === 0 ? broken : Math.max(1, broken);
    const names = [...output.matchAll(/^(?:FAILED|ERROR) (\S+)/gm)].map(([, name]) => `FAILED: ${name}\n`);
    const passed = Math.max(0, counted("tests") - broken - skipped);
    return { passed, failed, skipped, output: `${names.join("")}\n${output}` };
  });
}

/**
 * @param {(file: string) => Promise<PartResult>} run Is given the place of a file for its results.
 * @returns {Promise<PartResult>}
 */
export async function withResults(run) {
  const folder = mkdtempSync(join(tmpdir(), "byzer-results-"));
  try {
    return await run(join(folder, "results"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns {NodeJS.ProcessEnv} The environment of tests: the first Python on the PATH is the one that `setUp` made. */
export function testEnvironment() {
  const { bin, python } = testPythonPaths();
  const path = [bin, process.env["PATH"] ?? ""].join(delimiter);
  return { ...process.env, NO_COLOR: "1", PATH: path, BYZER_TEST_PYTHON: python };
}
