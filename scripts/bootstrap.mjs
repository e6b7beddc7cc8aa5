import { spawn, spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, mkdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Runs a script of this folder with the Node that the npm package `node` brings, after installing the npm packages
 * where they are missing or differ from `package-lock.json`. Uses nothing but Node 18's own modules:
 *
 *     node scripts/bootstrap.mjs demo.mjs --once
 */
const root = resolve(fileURLToPath(new URL("..", import.meta.url)));
const modules = join(root, "node_modules");
const node = join(modules, "node", "bin", process.platform === "win32" ? "node.exe" : "node");

if (!isInstalled()) {
  installPackages();
}

const [script = "", ...args] = process.argv.slice(2);
const child = spawn(node, [join(root, "scripts", script), ...args], {
  cwd: root,
  stdio: "inherit",
  env: {
    ...process.env,
    ...npmCache(),
    PATH: `${join(modules, ".bin")}${delimiter}${process.env["PATH"] ?? ""}`,
  },
});
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
  process.on(signal, () => child.kill(signal));
}
child.on("error", (error) => fail(`${node} could not be started: ${error.message}`));
child.on("exit", (code) => {
  process.exitCode = code ?? 1;
});

function installPackages() {
  process.stderr.write("npm: installing the packages of package-lock.json (takes a minute or two)\n");
  const npm = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
    env: { ...process.env, ...npmCache() },
    shell: process.platform === "win32",
  });
  if (npm.error !== undefined) {
    fail(`npm could not be started (${npm.error.message}). Install npm, which comes with Node.js.`);
  }
  if (npm.status !== 0) {
    fail(
      '"npm ci" failed: see above. It needs the npm registry (directly or by npm\'s proxy settings) and a file system to write to.',
    );
  }
  if (!existsSync(node)) {
    fail(
      `npm has installed the packages but not run the install script of the package "node", so there is no ${node}. Allow install scripts (npm's setting "ignore-scripts") and try again.`,
    );
  }
}

/** Whether `node_modules` is what `package-lock.json` asks for, by npm's own list of what it has installed. */
function isInstalled() {
  const list = join(modules, ".package-lock.json");
  if (!existsSync(node) || !existsSync(list)) {
    return false;
  }
  const wanted = packagesOf(join(root, "package-lock.json"));
  const present = packagesOf(list);
  const isMissing = Object.entries(wanted).some(
    ([path, { optional }]) => path !== "" && optional !== true && present[path] === undefined,
  );
  return !isMissing && Object.entries(present).every(([path, { version }]) => version === wanted[path]?.version);
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean }>} What a lock file lists, by folder.
 */
function packagesOf(file) {
  return JSON.parse(readFileSync(file, "utf8")).packages;
}

/**
 * A cache inside the repository where npm's usual one cannot be written.
 *
 * @returns {NodeJS.ProcessEnv}
 */
function npmCache() {
  const usual = process.env["npm_config_cache"] ?? join(homedir(), ".npm");
  try {
    mkdirSync(usual, { recursive: true });
    accessSync(usual, constants.W_OK);
    return {};
  } catch {
    return { npm_config_cache: join(root, ".cache", "npm") };
  }
}

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
