import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { repositoryRoot } from "./editor/editor-paths.mjs";
import { withInstallLock } from "./editor/install-lock.mjs";
import { say } from "./editor/process.mjs";
import { npm } from "./editor/registries.mjs";

/** What profiles are measured against; 70 MB, so it is fetched when a bench asks for it and not by `npm ci`. */
const wanted = "@duckdb/node-api@1.5.6-r.1";
const home = join(repositoryRoot, ".cache", "bench");

/**
 * Installs DuckDB for the bench, unless it is there.
 *
 * @returns {Promise<string>} The path of its module.
 * @throws An Error with the output of npm where it cannot be had.
 */
export async function ensureDuckDb() {
  const stamp = join(home, "duckdb-stamp.txt");
  const isCurrent = () => existsSync(stamp) && readFileSync(stamp, "utf8") === wanted;
  if (!isCurrent()) {
    mkdirSync(home, { recursive: true });
    await withInstallLock(`${home}-lock`, async () => {
      if (!isCurrent()) {
        say(`DuckDB: installing ${wanted}`);
        await npm(["install", "--prefix", home, "--no-save", "--no-audit", "--no-fund", wanted]);
        writeFileSync(stamp, wanted);
      }
    });
  }
  return createRequire(join(home, "package.json")).resolve("@duckdb/node-api");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  say(await ensureDuckDb());
}
