import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, matchesGlob, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { repositoryRoot } from "./editor/editor-paths.mjs";
import { mustRun, say } from "./editor/process.mjs";
import { toolPath } from "./tool.mjs";

const ignoreFile = ".vscodeignore";

/**
 * Packs what `npm run build` made into one universal VSIX.
 *
 * @param {string} [path] Where it goes. Default: `byzer-agent.vsix` beside package.json.
 * @returns {Promise<string>} Its path.
 */
export async function packageVsix(path = join(repositoryRoot, "byzer-agent.vsix")) {
  const flags = ["--no-dependencies", "--allow-missing-repository", "--no-rewrite-relative-links"];
  const folder = mkdtempSync(join(tmpdir(), "byzer-package-"));
  try {
    copyCandidates(folder);
    const args = [toolPath("@vscode/vsce", "vsce"), "package", ...flags, "--out", resolve(path)];
    await mustRun(process.execPath, args, { cwd: folder });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return path;
}

/**
 * Copies what may go into the package to a folder of its own. vsce compares every file under its folder with every line
 * of `.vscodeignore`, which takes a minute where caches of Python and editor lie beside.
 *
 * @param {string} folder
 */
function copyCandidates(folder) {
  const allowed = readFileSync(join(repositoryRoot, ignoreFile), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("!"))
    .map((line) => line.slice(1).trim().split("/")[0] ?? "");
  const isAllowed = (/** @type {string} */ name) => allowed.some((pattern) => matchesGlob(name, pattern));
  for (const name of [ignoreFile, ...readdirSync(repositoryRoot).filter(isAllowed)]) {
    cpSync(join(repositoryRoot, name), join(folder, name), { recursive: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  say(await packageVsix());
}
