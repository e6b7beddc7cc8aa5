import { readFileSync, readdirSync, rmSync } from "node:fs";
import { argv, stdin } from "node:process";
import { setTimeout as pause } from "node:timers/promises";

/**
 * Waits for the end of whoever started it, which its standard input tells, then ends what has been left running, and
 * removes the folder: `node tidy.mjs FOLDER`. What belongs to it has the folder in its environment, as `TMPDIR`.
 */
const [, , folder = ""] = argv;
if (!folder.startsWith("/var/tmp/byzer-")) {
  throw new Error("It removes only folders of tests.");
}
for (const name of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
  process.on(name, () => undefined);
}
for await (const _ of stdin.resume()) {
  // Nothing is said.
}
for (let quiet = 0; quiet < 3;) {
  const left = pidsOf(`TMPDIR=${folder}`);
  left.forEach(kill);
  quiet = left.length === 0 ? quiet + 1 : 0;
  // oxlint-disable-next-line no-await-in-loop -- what dies may have started something
  await pause(100);
}
rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });

/**
 * @param {string} entry Of an environment.
 * @returns {readonly number[]} The processes that have it, but for this one.
 */
function pidsOf(entry) {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid && environmentOf(pid).includes(entry));
}

/**
 * @param {number} pid
 * @returns {readonly string[]}
 */
function environmentOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    return [];
  }
}

/** @param {number} pid */
function kill(pid) {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
