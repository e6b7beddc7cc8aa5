import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { TestRunFailedError, runTests } from "@vscode/test-electron";
import { build } from "esbuild";
import { repositoryRoot } from "../../scripts/editor/editor-paths.mjs";
import { ensureEditor } from "../../scripts/editor/install.mjs";
import { say } from "../../scripts/editor/process.mjs";

const probeExtension = join(repositoryRoot, "test", "editor", "fixtures", "probe-extension");
const shim = join(repositoryRoot, "scripts", "editor", "code-server-shim.mjs");

/** The suites by the extension that they are about: VS Code Server loads one extension under development at a time. */
const groups = [
  { extension: probeExtension, suites: ["probe"] },
  { extension: repositoryRoot, suites: ["product", "analyze"] },
];

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * Bundles the suites and runs them in an editor: VS Code Server on Linux, desktop VS Code elsewhere or where
 * BYZER_EDITOR=desktop says so (@vscode/test-electron downloads it).
 *
 * @param {readonly string[]} names Suites of test/editor/index.ts; none means all.
 * @returns {Promise<Counts>} A run that broke off counts as one failure.
 * @throws An Error that names a suite which does not exist.
 */
export async function runEditorSuites(names) {
  const known = groups.flatMap(({ suites }) => suites);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Error(`There is no editor suite "${unknown.join('", "')}". There are: ${known.join(", ")}`);
  }
  const bundle = await bundleSuites();
  const total = { passed: 0, failed: 0, skipped: 0 };
  /* oxlint-disable no-await-in-loop -- one editor at a time */
  for (const { extension, suites } of groups) {
    const chosen = suites.filter((name) => names.length === 0 || names.includes(name));
    const counts =
      chosen.length === 0 ? { passed: 0, failed: 0, skipped: 0 } : await runGroup(bundle, extension, chosen);
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
  }
  /* oxlint-enable no-await-in-loop */
  return total;
}

/**
 * @param {string} bundle
 * @param {string} extension
 * @param {readonly string[]} suites
 * @returns {Promise<Counts>}
 */
async function runGroup(bundle, extension, suites) {
  const desktop = process.env["BYZER_EDITOR"] === "desktop" || process.platform !== "linux";
  if (!desktop) {
    await ensureEditor();
  }
  const home = mkdtempSync(join(tmpdir(), "byzer-editor-test-"));
  const results = join(home, "results.json");
  const workspace = mkdtempSync(join(home, "workspace-"));
  writeFileSync(join(workspace, "sales.csv"), "city,sold\nBerlin,3\nHangzhou,5\n");
  try {
    await runTests({
      ...(desktop ? {} : { vscodeExecutablePath: shim }),
      extensionDevelopmentPath: extension,
      extensionTestsPath: bundle,
      extensionTestsEnv: {
        BYZER_EDITOR_RESULTS: results,
        BYZER_EDITOR_SUITES: suites.join(","),
        BYZER_EDITOR_DATA: join(home, "data"),
      },
      launchArgs: [workspace, `--user-data-dir=${join(home, "data")}`, `--extensions-dir=${join(home, "extensions")}`],
    });
    return JSON.parse(readFileSync(results, "utf8"));
  } catch (error) {
    if (!(error instanceof TestRunFailedError)) {
      throw error;
    }
    const counts = existsSync(results)
      ? JSON.parse(readFileSync(results, "utf8"))
      : { passed: 0, failed: 0, skipped: 0 };
    return { ...counts, failed: Math.max(1, counts.failed) };
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** @returns {Promise<string>} The bundle's path. */
async function bundleSuites() {
  const outfile = join(repositoryRoot, "out", "editor", "suite", "index.cjs");
  await build({
    absWorkingDir: repositoryRoot,
    entryPoints: ["test/editor/index.ts"],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    external: ["vscode"],
    sourcemap: "inline",
    logLevel: "warning",
  });
  return outfile;
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { passed, failed, skipped } = await runEditorSuites(process.argv.slice(2));
  const { BYZER_EDITOR_COUNTS: file } = process.env;
  if (file !== undefined) {
    writeFileSync(file, JSON.stringify({ passed, failed, skipped }));
  }
  say(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  process.exitCode = failed > 0 ? 1 : 0;
}
