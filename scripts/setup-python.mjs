import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { repositoryRoot } from "./editor/editor-paths.mjs";
import { say } from "./editor/process.mjs";
import { pythonNeeds } from "./editor/system-packages.mjs";
import { ensureVirtualEnvironment, environmentPaths } from "./virtual-environment.mjs";

/** What the agents' code may import in tests and in the demo, and the linter of our own Python. */
const requirements = [
  "pandas",
  "matplotlib",
  "openpyxl",
  "pyarrow",
  "python-calamine",
  "lxml",
  "duckdb",
  // Published as source alone; pure Python.
  "odfpy",
  "ruff",
  // A plain kernel, in which exported notebooks run again.
  "ipykernel",
  "nbclient",
  // Installs packages where it is there; the tests install with it and without.
  "uv",
];

/**
 * Where the Python of the tests is kept: `.cache/python` of the repository, or the folder that BYZER_PYTHON_CACHE names.
 *
 * @returns {{ home: string, python: string, bin: string, stamp: string }}
 */
export function testPythonPaths() {
  const { BYZER_PYTHON_CACHE: override } = process.env;
  const home = override === undefined ? join(repositoryRoot, ".cache", "python") : resolve(override);
  return { home, ...environmentPaths(home) };
}

/**
 * Makes the virtual environment with pandas and matplotlib that tests and demo run the agents' code in, unless it is there.
 *
 * @returns {Promise<string>} The path of its Python.
 * @throws An Error that says what is missing where this machine cannot have it.
 */
export function ensureTestPython() {
  const { home } = testPythonPaths();
  return ensureVirtualEnvironment({ name: "Python", home, requirements, fromSource: ["odfpy"], needs: pythonNeeds });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  say(await ensureTestPython());
}
