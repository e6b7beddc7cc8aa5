import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { repositoryRoot } from "./editor/editor-paths.mjs";
import { say } from "./editor/process.mjs";
import { ensureSystemPackages, pythonNeeds, sparkNeeds } from "./editor/system-packages.mjs";
import { ensureVirtualEnvironment } from "./virtual-environment.mjs";

/** pyspark is published as source alone, whose build copies files; the others speak to a Spark Connect server. */
const requirements = ["pyspark", "pandas", "pyarrow", "grpcio-status", "zstandard"];

/**
 * Makes the Python that tests run Spark in, unless it is there: half a gigabyte, some minutes.
 *
 * @returns {Promise<string>} The path of its Python.
 * @throws An Error that says what is missing where this machine cannot have it.
 */
export async function ensureSpark() {
  if (process.platform === "linux") {
    await ensureSystemPackages(sparkNeeds);
  }
  const home = join(repositoryRoot, ".cache", "spark");
  return ensureVirtualEnvironment({ name: "Spark", home, requirements, fromSource: ["pyspark"], needs: pythonNeeds });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  say(await ensureSpark());
}
