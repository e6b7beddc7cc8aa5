import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Runs a script of this folder with the Node that the npm package `node` brings, after installing the npm packages
 * where they are missing or older than `package-lock.json`. Uses nothing but Node 18's own modules:
 *
 *     node scripts/bootstrap.mjs demo.mjs --once
 */
const root = resolve(fileURLToPath(new URL("..", import.meta.url)));
const modules = join(root, "node_modules");
const stamp = join(modules, ".byzer-lock-hash");
const node = join(modules, "node", "bin", process.platform === "win32" ? "node.exe" : "node");

if (!isInstalled()) {
  process.stderr.write("npm: installing the packages of package-lock.json\n");
  const npm = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (npm.status !== 0) {
    process.stderr.write(
      '"npm ci" failed: see above. The npm registry must be reachable, directly or by npm\'s proxy settings.',
    );
    process.exit(1);
  }
  writeFileSync(stamp, lockHash());
}

const [script = "", ...args] = process.argv.slice(2);
const bin = join(modules, ".bin");
const separator = process.platform === "win32" ? ";" : ":";
const child = spawn(node, [join(root, "scripts", script), ...args], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, PATH: `${bin}${separator}${process.env["PATH"] ?? ""}` },
});
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
  process.on(signal, () => child.kill(signal));
}
child.on("exit", (code) => {
  process.exitCode = code ?? 1;
});

/** Whether `node_modules` is what `package-lock.json` asks for; one that npm itself made just now counts. */
function isInstalled() {
  if (!existsSync(node)) {
    return false;
  }
  if (existsSync(stamp)) {
    return readFileSync(stamp, "utf8") === lockHash();
  }
  writeFileSync(stamp, lockHash());
  return true;
}

function lockHash() {
  return createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
}
