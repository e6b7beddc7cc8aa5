import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "./editor/editor-paths.mjs";
import { runCommand } from "./editor/process.mjs";
import { testPythonPaths } from "./setup-python.mjs";
import { countOne, runVitest, testEnvironment, withResults } from "./test-runs.mjs";
import { toolPath } from "./tool.mjs";

/** @typedef {import("./test-runs.mjs").PartResult} PartResult */

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
  { name: "unit", lane: "checks", needs: [], run: () => runVitest(["unit", "unit-editor"]) },
  { name: "rules", lane: "checks", needs: [], run: () => runVitest(["rules"]) },
  { name: "python-lint", lane: "process", needs: ["python"], run: lintPython },
  { name: "process", lane: "process", needs: ["build", "python"], run: () => runVitest(["process"]) },
  { name: "page", lane: "page", needs: ["browser"], run: () => runVitest(["page"]) },
  { name: "editor", lane: "editor", needs: ["build", "browser", "python", "editor"], run: () => runVitest(["editor"]) },
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

/** @returns {Promise<PartResult>} */
function lintPython() {
  const ruff = join(testPythonPaths().bin, "ruff");
  return countOne(ruff, ["check", "--line-length", "120", "--target-version", "py39", "src/python", "test/ray/python"]);
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
