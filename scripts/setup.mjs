import { fileURLToPath } from "node:url";
import { ensureEditor } from "./editor/install.mjs";
import {
  browserNeeds,
  editorNeeds,
  ensureSystemPackages,
  pythonNeeds,
  refuseUninstallable,
} from "./editor/system-packages.mjs";
import { ensureTestPython } from "./setup-python.mjs";

const machineNeeds = [...editorNeeds, ...browserNeeds, ...pythonNeeds];

/** @typedef {"browser" | "python" | "editor"} SetUpStep */

/**
 * Begins to make everything that tests and demo need beside npm's packages. What the machine itself lacks is installed at
 * once, while the editor is fetched.
 *
 * @returns {Readonly<Record<SetUpStep, Promise<unknown>>>} Each settles when its own is there, or rejects with an Error
 *   that names what could not be had. The editor is for Linux alone, and elsewhere there at once.
 */
export function beginSetUp() {
  const isLinux = process.platform === "linux";
  const machine = isLinux ? machinePackages() : Promise.resolve();
  return {
    browser: machine,
    python: machine.then(ensureTestPython),
    editor: isLinux ? ensureEditor() : Promise.resolve(),
  };
}

/**
 * As {@link beginSetUp}, to its end.
 *
 * @param {Readonly<Record<SetUpStep, Promise<unknown>>>} [steps] What was begun.
 * @throws An Error that names what could not be had.
 */
export async function setUp(steps = beginSetUp()) {
  const results = await Promise.allSettled(Object.values(steps));
  const problems = results
    .filter(({ status }) => status === "rejected")
    .map((result) => messageOf(Object(result).reason));
  if (problems.length > 0) {
    throw new Error([...new Set(problems)].join("\n"));
  }
}

async function machinePackages() {
  refuseUninstallable(machineNeeds);
  await ensureSystemPackages(machineNeeds);
}

/**
 * @param {unknown} reason
 * @returns {string}
 */
function messageOf(reason) {
  return reason instanceof Error ? reason.message : String(reason);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await setUp();
}
