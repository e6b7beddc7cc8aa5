import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { repositoryRoot } from "./editor/editor-paths.mjs";
import { mustRun, say } from "./editor/process.mjs";
import { toolPath } from "./tool.mjs";

/**
 * Packs what `npm run build` made into one universal VSIX.
 *
 * @param {string} [path] Where it goes. Default: `byzer-agent.vsix` beside package.json.
 * @returns {Promise<string>} Its path.
 */
export async function packageVsix(path = join(repositoryRoot, "byzer-agent.vsix")) {
  const flags = ["--no-dependencies", "--allow-missing-repository", "--no-rewrite-relative-links"];
  await mustRun(process.execPath, [toolPath("@vscode/vsce", "vsce"), "package", ...flags, "--out", path], {
    cwd: repositoryRoot,
  });
  return path;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  say(await packageVsix());
}
