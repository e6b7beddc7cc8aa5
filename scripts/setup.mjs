import { fileURLToPath } from "node:url";
import { ensureEditor } from "./editor/install.mjs";
import { editorNeeds, ensureSystemPackages, pythonNeeds } from "./editor/system-packages.mjs";
import { ensureTestPython } from "./setup-python.mjs";

/**
 * Makes everything that tests and demo need beside npm's packages: the Python environment and, on Linux, the editor.
 * What the machine itself lacks comes first and at once, then the two are installed side by side.
 *
 * @throws An Error that names what could not be had.
 */
export async function setUp() {
  const isLinux = process.platform === "linux";
  if (isLinux) {
    await ensureSystemPackages([...editorNeeds, ...pythonNeeds]);
  }
  const results = await Promise.allSettled([ensureTestPython(), ...(isLinux ? [ensureEditor()] : [])]);
  const problems = results.filter(({ status }) => status === "rejected").map((result) => String(Object(result).reason));
  if (problems.length > 0) {
    throw new Error(problems.join("\n"));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await setUp();
}
