import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { say } from "./process.mjs";

/**
 * Does some work in a cache folder while no other process does: waits for one that is at it, takes over from one that died.
 *
 * @param {string} folder Made where it does not exist.
 * @param {() => Promise<void>} work
 */
export async function withInstallLock(folder, work) {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "install.lock");
  let told = false;
  while (!tryLock(file)) {
    if (!told) {
      say(`Waiting for another installation into ${folder}`);
      told = true;
    }
    // oxlint-disable-next-line no-await-in-loop -- it polls
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  try {
    await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/**
 * @param {string} file
 * @returns {boolean} Whether the lock is ours now.
 */
function tryLock(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch {
    const owner = readOwner(file);
    if (owner !== undefined && !isAlive(owner)) {
      rmSync(file, { force: true });
    }
    return false;
  }
}

/**
 * @param {string} file
 * @returns {number | undefined}
 */
function readOwner(file) {
  try {
    const pid = Number(readFileSync(file, "utf8"));
    return pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param {number} pid
 * @returns {boolean}
 */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
