import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { repositoryRoot } from "./editor/editor-paths.mjs";
import { withInstallLock } from "./editor/install-lock.mjs";
import { mustRun, say } from "./editor/process.mjs";
import { ensureSystemPackages, pythonNeeds } from "./editor/system-packages.mjs";

/** The Ray that the cluster's side is tested with, what cells import there, and what tests it. */
const requirements = [
  "ray[default,serve]==2.58.0",
  // Serve of this version imports it and does not declare it.
  "jinja2",
  "pandas",
  "matplotlib",
  "pytest",
  "pytest-asyncio",
  "mypy",
];

const home = join(repositoryRoot, ".cache", "ray");
const python = join(home, "bin", "python");
const stamp = join(home, "byzer-stamp.json");

/**
 * Makes the Python that clusters of the tests run on, unless it is there: 0.6 GB, two minutes.
 *
 * @returns {Promise<string>} The path of its Python.
 * @throws An Error that says what is missing where this machine cannot have it.
 */
export async function ensureRay() {
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
  const startedMs = performance.now();
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  say(`Ray: making a virtual environment with ${requirements.join(", ")}`);
  await mustRun("python3", ["-m", "venv", home]);
  const pip = ["-m", "pip", "install", "--disable-pip-version-check", "--quiet", "--only-binary=:all:"];
  await mustRun(python, [...pip, ...requirements]);
  say(`Ray: ready in ${((performance.now() - startedMs) / 1000).toFixed(0)} s (${home})`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  say(await ensureRay());
}
