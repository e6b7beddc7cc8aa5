import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withInstallLock } from "./editor/install-lock.mjs";
import { mustRun, say } from "./editor/process.mjs";
import { pipInstall } from "./editor/registries.mjs";
import { ensureSystemPackages } from "./editor/system-packages.mjs";

/**
 * A virtual environment of Python that a script makes.
 *
 * @typedef {object} VirtualEnvironment
 * @property {string} name For people, such as "Ray".
 * @property {string} home Its folder.
 * @property {readonly string[]} requirements As pip reads them. Ready-made builds only.
 * @property {readonly string[]} [fromSource] Names of those that are published as source alone.
 * @property {readonly import("./editor/system-packages.mjs").SystemNeed[]} needs What the system has to have for it.
 */

/**
 * Where things of a virtual environment are.
 *
 * @param {string} home
 * @returns {{ python: string, bin: string, stamp: string }}
 */
export function environmentPaths(home) {
  const [folder, suffix] = process.platform === "win32" ? ["Scripts", ".exe"] : ["bin", ""];
  const bin = join(home, folder);
  return { bin, python: join(bin, `python${suffix}`), stamp: join(home, "byzer-stamp.json") };
}

/**
 * Makes a virtual environment, unless it is there with the same requirements.
 *
 * @param {VirtualEnvironment} environment
 * @returns {Promise<string>} The path of its Python.
 * @throws An Error that says what is missing where this machine cannot have it.
 */
export async function ensureVirtualEnvironment(environment) {
  const { home, requirements, needs } = environment;
  const { python, stamp } = environmentPaths(home);
  const expected = JSON.stringify(requirements);
  const isCurrent = () => existsSync(stamp) && readFileSync(stamp, "utf8") === expected && existsSync(python);
  if (isCurrent()) {
    return python;
  }
  if (process.platform === "linux") {
    await ensureSystemPackages(needs);
  }
  await withInstallLock(`${home}-lock`, async () => {
    if (!isCurrent()) {
      await install(environment, python);
      writeFileSync(stamp, expected);
    }
  });
  return python;
}

/**
 * @param {VirtualEnvironment} environment
 * @param {string} python
 */
async function install({ name, home, requirements, fromSource = [] }, python) {
  const startedMs = performance.now();
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  say(`${name}: making a virtual environment with ${requirements.join(", ")}`);
  await mustRun(process.platform === "win32" ? "python" : "python3", ["-m", "venv", home]);
  const builds = ["--only-binary=:all:", ...fromSource.map((each) => `--no-binary=${each}`)];
  await pipInstall(python, [...builds, ...requirements]);
  say(`${name}: ready in ${((performance.now() - startedMs) / 1000).toFixed(0)} s (${home})`);
}
