import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { findChromium } from "./editor-paths.mjs";
import { mustRun, runCommand, say } from "./process.mjs";
import { aptPatience } from "./registries.mjs";

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

/** What building and serving the editor takes. @type {readonly SystemNeed[]} */
export const editorNeeds = [
  {
    what: "a C++ compiler and make",
    packages: ["build-essential"],
    isPresent: () => hasCommand("c++", "g++", "clang++") && hasCommand("make"),
  },
  { what: "python3 (node-gyp runs on it)", packages: ["python3"], isPresent: () => hasCommand("python3") },
  {
    what: "a font with Chinese glyphs, for plots",
    packages: ["fonts-noto-cjk"],
    isPresent: () => spawnSync("fc-list", [":lang=zh"], { encoding: "utf8" }).stdout?.trim().length > 0,
    optional: true,
  },
];

/** What a window of the editor without a person takes. @type {readonly SystemNeed[]} */
export const browserNeeds = [
  {
    what: "Chromium (or name one with BYZER_CHROMIUM)",
    packages: ["chromium"],
    isPresent: () => existsSync(findChromium() ?? ""),
  },
];

/** What Spark runs on. @type {readonly SystemNeed[]} */
export const sparkNeeds = [
  { what: "Java, on which Spark runs", packages: ["default-jre-headless"], isPresent: () => hasCommand("java") },
];

/** What joins hosts that are network namespaces. @type {readonly SystemNeed[]} */
export const hostNeeds = [
  { what: "the program ip, which makes network namespaces", packages: ["iproute2"], isPresent: () => hasCommand("ip") },
];

/** What a virtual environment of the tests takes. @type {readonly SystemNeed[]} */
export const pythonNeeds = [
  {
    what: "python3 with the modules venv and ensurepip",
    packages: ["python3", "python3-venv"],
    isPresent: () => spawnSync("python3", ["-c", "import venv, ensurepip"]).status === 0,
  },
  {
    what: "bubblewrap, which holds the code of the agents",
    packages: ["bubblewrap"],
    isPresent: () => hasCommand("bwrap"),
  },
];

/** The installation that goes on; apt-get does one at a time. */
let lastInstallation = Promise.resolve();

/**
 * Makes sure of what the machine itself must have: installs it with apt-get where this is Debian or Ubuntu and the
 * user is root. Calls at the same time work one after another.
 *
 * @param {readonly SystemNeed[]} needs
 * @throws An Error that names what is missing and the packages that bring it.
 */
export function ensureSystemPackages(needs) {
  const installation = lastInstallation.then(() => install(needs));
  lastInstallation = installation.catch(() => undefined);
  return installation;
}

/**
 * Refuses at once where something is missing that {@link ensureSystemPackages} could not install.
 *
 * @param {readonly SystemNeed[]} needs
 * @throws An Error that names what is missing and the packages that bring it.
 */
export function refuseUninstallable(needs) {
  if (!mayInstall()) {
    refuse(needs.filter((need) => need.optional !== true && !need.isPresent()));
  }
}

/** @returns {boolean} Whether this is Debian or Ubuntu, and the user root. */
function mayInstall() {
  return hasCommand("apt-get") && process.getuid?.() === 0;
}

/** @param {readonly SystemNeed[]} needs */
async function install(needs) {
  const missing = needs.filter((need) => !need.isPresent());
  const isRequired = missing.some((need) => need.optional !== true);
  if (missing.length > 0 && mayInstall()) {
    await aptInstall([...new Set(missing.flatMap((need) => need.packages))]).catch((error) => {
      if (isRequired) {
        throw error;
      }
      say(String(error));
    });
  }
  const still = missing.filter((need) => !need.isPresent());
  for (const need of still.filter(({ optional }) => optional)) {
    say(`Going on without ${need.what} (Debian: ${need.packages.join(" ")}).`);
  }
  refuse(still.filter(({ optional }) => optional !== true));
}

/** @param {readonly SystemNeed[]} required */
function refuse(required) {
  if (required.length > 0) {
    const names = [...new Set(required.flatMap((need) => need.packages))].join(" ");
    throw new Error(
      `Missing: ${required.map(({ what }) => what).join("; ")}. On Debian or Ubuntu: sudo apt-get install ${names}`,
    );
  }
}

/** @param {readonly string[]} packages */
async function aptInstall(packages) {
  const startedMs = performance.now();
  say(`System: installing the Debian packages ${packages.join(" ")} (takes minutes where they bring much)`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C.UTF-8" };
  const options = ["-y", "-q", "-o", "DPkg::Lock::Timeout=300", ...aptPatience];
  const update = await runCommand("apt-get", ["update", ...options], { env });
  try {
    await mustRun("apt-get", ["install", "--no-install-recommends", ...options, ...packages], { env });
  } catch (error) {
    // One source that cannot be reached fails the update, and matters only where a package is not found without it.
    throw update.code === 0 ? error : new Error(`"apt-get update" failed:\n${update.output}`, { cause: error });
  }
  say(`System: ready in ${((performance.now() - startedMs) / 1000).toFixed(0)} s`);
}
