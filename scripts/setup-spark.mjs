import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { repositoryRoot } from "./editor/editor-paths.mjs";
import { withInstallLock } from "./editor/install-lock.mjs";
import { mustRun, say } from "./editor/process.mjs";
import { ensureSystemPackages, pythonNeeds, sparkNeeds } from "./editor/system-packages.mjs";

/** pyspark is published as source alone, whose build copies files; the others speak to a Spark Connect server. */
const requirements = ["pyspark", "pandas", "pyarrow", "grpcio-status", "zstandard"];

const home = join(repositoryRoot, ".cache", "spark");
const [folder, suffix] = process.platform === "win32" ? ["Scripts", ".exe"] : ["bin", ""];
const python = join(home, folder, `python${suffix}`);
const stamp = join(home, "byzer-stamp.json");

/**
 * Makes the Python that tests run Spark in, unless it is there: half a gigabyte, some minutes.
 *
 * @returns {Promise<string>} The path of its Python.
 * @throws An Error that says what is missing where this machine cannot have it.
 */
export async function ensureSpark() {
  const expected = JSON.stringify(requirements);
  const isCurrent = () => existsSync(stamp) && readFileSync(stamp, "utf8") === expected && existsSync(python);
  if (process.platform === "linux") {
    await ensureSystemPackages([...pythonNeeds, ...sparkNeeds]);
  }
  await withInstallLock(`${home}-lock`, async () => {
    if (!isCurrent()) {
      await install();
      writeFileSync(stamp, expected);
    }
  });
  return python;
}

async function install() {
  const startedMs = performance.now();
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  say(`Spark: making a virtual environment with ${requirements.join(", ")}`);
  await mustRun(process.platform === "win32" ? "python" : "python3", ["-m", "venv", home]);
  const pip = ["-m", "pip", "install", "--disable-pip-version-check", "--quiet", "--only-binary=:all:"];
  await mustRun(python, [...pip, "--no-binary=pyspark", ...requirements]);
  say(`Spark: ready in ${((performance.now() - startedMs) / 1000).toFixed(0)} s (${home})`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  say(await ensureSpark());
}
