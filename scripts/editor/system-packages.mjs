import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { findChromium } from "./editor-paths.mjs";
import { mustRun, say } from "./process.mjs";

/**
 * Something that must be on the machine and comes from its package manager.
 *
 * @typedef {object} SystemNeed
 * @property {string} what What it is, for a person.
 * @property {readonly string[]} packages Debian's packages that bring it.
 * @property {() => boolean} isPresent Whether the machine has it now.
 * @property {boolean} [optional] Where it is missing and cannot be installed, say so and go on.
 */

/**
 * @param {readonly string[]} names
 * @returns {boolean} Whether one of the commands is on the PATH.
 */
function hasCommand(...names) {
  const folders = (process.env["PATH"] ?? "").split(":");
  return names.some((name) => folders.some((folder) => folder !== "" && existsSync(`${folder}/${name}`)));
}

/** What building and showing the editor takes. @type {readonly SystemNeed[]} */
export const editorNeeds = [
  {
    what: "a C++ compiler and make",
    packages: ["build-essential"],
    isPresent: () => hasCommand("c++", "g++", "clang++") && hasCommand("make"),
  },
  { what: "python3 (node-gyp runs on it)", packages: ["python3"], isPresent: () => hasCommand("python3") },
  {
    what: "Chromium (or name one with BYZER_CHROMIUM)",
    packages: ["chromium"],
    isPresent: () => existsSync(findChromium() ?? ""),
  },
  {
    what: "a font with Chinese glyphs",
    packages: ["fonts-noto-cjk"],
    isPresent: () => spawnSync("fc-list", [":lang=zh"], { encoding: "utf8" }).stdout?.trim().length > 0,
    optional: true,
  },
];

/** What a virtual environment of the tests takes. @type {readonly SystemNeed[]} */
export const pythonNeeds = [
  {
    what: "python3 with the modules venv and ensurepip",
    packages: ["python3", "python3-venv"],
    isPresent: () => spawnSync("python3", ["-c", "import venv, ensurepip"]).status === 0,
  },
];

/**
 * Makes sure of what the machine itself must have: installs it with apt-get where this is Debian or Ubuntu and the
 * user is root.
 *
 * @param {readonly SystemNeed[]} needs
 * @throws An Error that names what is missing and the packages that bring it.
 */
export async function ensureSystemPackages(needs) {
  const missing = needs.filter((need) => !need.isPresent());
  if (missing.length === 0) {
    return;
  }
  const packages = [...new Set(missing.flatMap((need) => need.packages))];
  if (hasCommand("apt-get") && process.getuid?.() === 0) {
    say(`Installing Debian packages: ${packages.join(" ")}`);
    await aptInstall(packages);
  }
  const still = missing.filter((need) => !need.isPresent());
  for (const need of still.filter(({ optional }) => optional)) {
    say(`Going on without ${need.what} (Debian: ${need.packages.join(" ")}).`);
  }
  const required = still.filter(({ optional }) => optional !== true);
  if (required.length > 0) {
    const names = [...new Set(required.flatMap((need) => need.packages))].join(" ");
    throw new Error(
      `Missing: ${required.map(({ what }) => what).join("; ")}. On Debian or Ubuntu: sudo apt-get install ${names}`,
    );
  }
}

/** @param {readonly string[]} packages */
async function aptInstall(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const options = ["-y", "-q", "-o", "DPkg::Lock::Timeout=300"];
  await mustRun("apt-get", ["update", ...options], { env });
  await mustRun("apt-get", ["install", "--no-install-recommends", ...options, ...packages], { env });
}
