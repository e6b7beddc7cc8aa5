import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { repositoryRoot } from "./editor/editor-paths.mjs";
import { withInstallLock } from "./editor/install-lock.mjs";
import { mustRun, say } from "./editor/process.mjs";
import { ensureSystemPackages, pythonNeeds } from "./editor/system-packages.mjs";

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
  const [folder, suffix] = process.platform === "win32" ? ["Scripts", ".exe"] : ["bin", ""];
  const bin = join(home, folder);
  return { home, python: join(bin, `python${suffix}`), bin, stamp: join(home, "byzer-stamp.json") };
}

/**
 * Makes the virtual environment with pandas and matplotlib that tests and demo run the agents' code in, unless it is there.
 *
 * @returns {Promise<string>} The path of its Python.
 * @throws An Error that says what is missing where this machine cannot have it.
 */
export async function ensureTestPython() {
  const { home, python, stamp } = testPythonPaths();
  const expected = JSON.stringify(requirements);
  const isCurrent = () => existsSync(stamp) && readFileSync(stamp, "utf8") === expected && existsSync(python);
  if (isCurrent()) {
    return python;
  }
  if (process.platform === "linux") {
    await ensureSystemPackages(pythonNeeds);
  }
  await withInstallLock(`${home}-lock`, async () => {
    if (!isCurrent()) {
      await install();
      writeFileSync(stamp, expected);
    }
  });
  return python;
}

async function install() {
  const { home, python } = testPythonPaths();
  const startedMs = performance.now();
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  say(`Python: making a virtual environment with ${requirements.join(", ")}`);
  await mustRun(process.platform === "win32" ? "python" : "python3", ["-m", "venv", home]);
  const pip = [
    "-m",
    "pip",
    "install",
    "--disable-pip-version-check",
    "--quiet",
    "--only-binary=:all:",
    "--no-binary=odfpy",
  ];
  await mustRun(python, [...pip, ...requirements]);
  say(`Python: ready in ${((performance.now() - startedMs) / 1000).toFixed(0)} s (${home})`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  say(await ensureTestPython());
}
