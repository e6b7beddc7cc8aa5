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
 * One part. Parts of one lane run one after another, lanes side by side.
 *
 * @typedef {object} Part
 * @property {string} name What `npm test -- NAME` chooses it by.
 * @property {"checks" | "process" | "page" | "editor"} lane Which others it waits for.
 * @property {readonly ("build" | import("./setup.mjs").SetUpStep)[]} needs What must be there before it, beside npm's
 *   packages: the part `build`, where it is chosen, and what `beginSetUp` makes.
 * @property {() => Promise<PartResult>} run Never rejects.
 */

/**
 * Every part, in the order in which those of a lane run. Some of the checks plant files that others would see.
 *
 * @type {readonly Part[]}
 */
export const parts = [
  check("build", process.execPath, ["scripts/build.mjs"]),
  check("types", process.execPath, [toolPath("typescript", "tsc"), "-b"]),
  check("lint", process.execPath, [toolPath("oxlint"), "--type-aware", "--deny-warnings"]),
  check("format", process.execPath, [toolPath("oxfmt"), "--check", "."]),
  check("unused", process.execPath, [toolPath("knip")]),
  { name: "unit", lane: "checks", needs: [], run: () => runVitest("unit") },
  { name: "rules", lane: "checks", needs: [], run: () => runVitest("rules") },
  { name: "python-lint", lane: "process", needs: ["python"], run: lintPython },
  { name: "process", lane: "process", needs: ["build", "python"], run: () => runVitest("process") },
  { name: "page", lane: "page", needs: ["browser"], run: () => runVitest("page") },
  { name: "editor", lane: "editor", needs: ["build", "browser", "python", "editor"], run: () => runVitest("editor") },
  { name: "editor-suites", lane: "editor", needs: ["build", "browser", "python", "editor"], run: runEditorSuites },
];

/**
 * @param {string} name
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {Part}
 */
function check(name, command, args) {
  return { name, lane: "checks", needs: [], run: () => countOne(command, args) };
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {Promise<PartResult>}
 */
async function countOne(command, args) {
  const { code, output } = await runCommand(command, args, { cwd: repositoryRoot });
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0, output };
}

/** @returns {Promise<PartResult>} */
function lintPython() {
  const ruff = join(testPythonPaths().bin, "ruff");
  return countOne(ruff, ["check", "--line-length", "120", "--target-version", "py39", "src/python"]);
}

/**
 * @param {string} project A project of vitest.config.ts.
 * @returns {Promise<PartResult>}
 */
function runVitest(project) {
  return withResults((file) => runProject(project, file));
}

/**
 * @param {string} project
 * @param {string} file Where vitest leaves its results.
 * @returns {Promise<PartResult>}
 */
async function runProject(project, file) {
  const args = [
    toolPath("vitest"),
    "run",
    "--project",
    project,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${file}`,
  ];
  // Tests start the command line hundreds of times; each start finds what an earlier one has compiled.
  const env = { ...testEnvironment(), NODE_COMPILE_CACHE: join(dirname(file), "compiled") };
  const { code, output } = await runCommand(process.execPath, args, { cwd: repositoryRoot, env });
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

/** @returns {Promise<PartResult>} */
function runEditorSuites() {
  return withResults(async (file) => {
    const args = ["test/editor/run.mjs"];
    const env = { ...testEnvironment(), BYZER_EDITOR_COUNTS: file };
    const { output } = await runCommand(process.execPath, args, { cwd: repositoryRoot, env });
    const counts = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { passed: 0, failed: 1, skipped: 0 };
    return { ...counts, output };
  });
}

/**
 * @param {(file: string) => Promise<PartResult>} run
 * @returns {Promise<PartResult>}
 */
async function withResults(run) {
  const folder = mkdtempSync(join(tmpdir(), "byzer-results-"));
  try {
    return await run(join(folder, "results.json"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns {NodeJS.ProcessEnv} The environment of tests: the first Python on the PATH is the one that `setUp` made. */
function testEnvironment() {
  const { bin, python } = testPythonPaths();
  const path = [bin, process.env["PATH"] ?? ""].join(delimiter);
  return { ...process.env, NO_COLOR: "1", PATH: path, BYZER_TEST_PYTHON: python };
}
