import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { repositoryRoot } from "./editor/editor-paths.mjs";
import { say } from "./editor/process.mjs";
import { ensureSystemPackages, hostNeeds, pythonNeeds } from "./editor/system-packages.mjs";
import { ensureVirtualEnvironment } from "./virtual-environment.mjs";

/** The Ray that the cluster's side is tested with, what cells import there, and what tests it. */
const requirements = [
  "ray[default,serve]==2.58.0",
  // Serve of this version imports it and does not declare it.
  "jinja2",
  "pandas",
  "matplotlib",
  // Spreads tables over a cluster.
  "dask[dataframe]==2026.8.0",
  "pytest",
  "pytest-asyncio",
  "mypy",
];

/**
 * Makes the Python that clusters of the tests run on, unless it is there: 0.6 GB, two minutes. What joins their hosts comes
 * from the system.
 *
 * @returns {Promise<string>} The path of its Python.
 * @throws An Error that says what is missing where this machine cannot have it.
 */
export async function ensureRay() {
  if (process.platform === "linux") {
    await ensureSystemPackages(hostNeeds);
  }
  const home = join(repositoryRoot, ".cache", "ray");
  return ensureVirtualEnvironment({ name: "Ray", home, requirements, needs: pythonNeeds });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  say(await ensureRay());
}
