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

/**
 * Makes everything that tests and demo need beside npm's packages: the Python environment and, on Linux, the editor.
 * What the machine itself lacks is installed at once, while the editor is fetched.
 *
 * @throws An Error that names what could not be had.
 */
export async function setUp() {
  const isLinux = process.platform === "linux";
  const needs = [...editorNeeds, ...browserNeeds, ...pythonNeeds];
  if (isLinux) {
    refuseUninstallable(needs);
  }
  const machine = isLinux ? ensureSystemPackages(needs) : Promise.resolve();
  const results = await Promise.allSettled([machine.then(ensureTestPython), ...(isLinux ? [ensureEditor()] : [])]);
  const problems = results
    .filter(({ status }) => status === "rejected")
    .map((result) => messageOf(Object(result).reason));
  if (problems.length > 0) {
    throw new Error([...new Set(problems)].join("\n"));
  }
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
