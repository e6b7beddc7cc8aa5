import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { repositoryRoot } from "./editor/editor-paths.mjs";
import { withInstallLock } from "./editor/install-lock.mjs";
import { say } from "./editor/process.mjs";
import { npm } from "./editor/registries.mjs";

/** What the index is measured against; 210 MB, so it is fetched when a bench asks for it and not by `npm ci`. */
const version = "0.39.0";
const home = join(repositoryRoot, ".cache", "bench-lancedb");

/** The machine as LanceDB names its builds, such as `linux-x64-gnu`. */
function platform() {
  /** @type {{ header?: { glibcVersionRuntime?: string } }} */
  const report = Object(process.platform === "linux" ? process.report.getReport() : {});
  const isGnu = report.header?.glibcVersionRuntime !== undefined;
  const kinds = new Map([
    ["linux", isGnu ? "-gnu" : "-musl"],
    ["win32", "-msvc"],
  ]);
  return `${process.platform}-${process.arch}${kinds.get(process.platform) ?? ""}`;
}

/**
 * Installs LanceDB for the bench, unless it is there. Its build for this machine is named, so that npm fails where there
 * is none; what it would bring beside, for embedding, stays out.
 *
 * @returns {Promise<string>} The path of its module.
 * @throws An Error with the output of npm where it cannot be had.
 */
export async function ensureLanceDb() {
  const wanted = [`@lancedb/lancedb@${version}`, `@lancedb/lancedb-${platform()}@${version}`, "apache-arrow@18.1.0"];
  const stamp = join(home, "stamp.txt");
  const isCurrent = () => existsSync(stamp) && readFileSync(stamp, "utf8") === wanted.join(" ");
  if (!isCurrent()) {
    mkdirSync(home, { recursive: true });
    await withInstallLock(`${home}-lock`, async () => {
      if (!isCurrent()) {
        say(`LanceDB: installing ${wanted.join(" ")}`);
        const options = ["--prefix", home, "--no-save", "--no-audit", "--no-fund", "--omit=optional"];
        await npm(["install", ...options, ...wanted]);
        writeFileSync(stamp, wanted.join(" "));
      }
    });
  }
  return createRequire(join(home, "package.json")).resolve("@lancedb/lancedb");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  say(await ensureLanceDb());
}
