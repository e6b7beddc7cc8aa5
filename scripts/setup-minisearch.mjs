import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { repositoryRoot } from "./editor/editor-paths.mjs";
import { withInstallLock } from "./editor/install-lock.mjs";
import { say } from "./editor/process.mjs";
import { npm } from "./editor/registries.mjs";

/** What the index is measured against; it is fetched when a bench asks for it and not by `npm ci`. */
const wanted = "minisearch@7.2.0";
const home = join(repositoryRoot, ".cache", "bench-minisearch");

/**
 * Installs MiniSearch for the bench, unless it is there.
 *
 * @returns {Promise<string>} The path of its module.
 * @throws An Error with the output of npm where it cannot be had.
 */
export async function ensureMiniSearch() {
  const stamp = join(home, "stamp.txt");
  const isCurrent = () => existsSync(stamp) && readFileSync(stamp, "utf8") === wanted;
  if (!isCurrent()) {
    mkdirSync(home, { recursive: true });
    await withInstallLock(`${home}-lock`, async () => {
      if (!isCurrent()) {
        say(`MiniSearch: installing ${wanted}`);
        await npm(["install", "--prefix", home, "--no-save", "--no-audit", "--no-fund", wanted]);
        writeFileSync(stamp, wanted);
      }
    });
  }
  return createRequire(join(home, "package.json")).resolve("minisearch");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  say(await ensureMiniSearch());
}
