import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "./editor/editor-paths.mjs";
import { say } from "./editor/process.mjs";
import { findApartness } from "./ray/apart.mjs";
import { setUp } from "./setup.mjs";
import { ensureRay } from "./setup-ray.mjs";
import { report, timed } from "./test-report.mjs";
import { countOne, runPytest, runVitest } from "./test-runs.mjs";

/**
 * Tests what runs on Ray clusters, on this machine alone: makes everything they need, runs them, takes it away again,
 * also when it is killed.
 *
 *     npm run test:ray [-- PART… | FILE…]
 *
 * @typedef {object} Bed Where tests run.
 * @property {string} python Has Ray.
 * @property {readonly string[]} prefix Goes before a command.
 * @property {NodeJS.ProcessEnv} env Added to the environment of tests.
 * @property {AbortSignal} signal Ends them.
 */

/** Projects of vitest. */
const onClusters = ["ray", "ray-waits", "ray-editor"];
/** What they stand on is gone. */
const mostFailures = 3;

/** @type {Readonly<Record<string, (bed: Bed, files: readonly string[]) => Promise<import("./test-runs.mjs").PartResult>>>} */
const parts = {
  "ray-build": () => countOne(process.execPath, ["scripts/build.mjs"]),
  "ray-types": checkTypes,
  "ray-python": ({ python, ...bed }) => runPytest(python, ["test/ray/python"], bed),
  ray: (bed, files) => runVitest(files.length === 0 ? ["ray"] : onClusters, { ...bed, files, mostFailures }),
  "ray-waits": (bed) => runVitest(onClusters.slice(1), { ...bed, mostFailures }),
};

/**
 * @param {Bed} bed
 * @returns {Promise<import("./test-runs.mjs").PartResult>}
 */
async function checkTypes({ python }) {
  const mypy = ["-m", "mypy", "--strict", "--no-error-summary", "--python-version", "3.11"];
  const ours = await countOne(python, [...mypy, "src/python/byzer_ray"]);
  const env = { MYPYPATH: join(repositoryRoot, "src", "python") };
  const tests = await countOne(python, [...mypy, "."], { cwd: join(repositoryRoot, "test", "ray", "python"), env });
  return {
    passed: ours.passed + tests.passed,
    failed: ours.failed + tests.failed,
    skipped: 0,
    output: `${ours.output}${tests.output}`,
  };
}

/**
 * Makes a folder that is removed, and ends what has it as `TMPDIR`, when this process ends, however that comes about.
 *
 * @returns {{ folder: string, tidied: () => Promise<void> }}
 */
function makeFolder() {
  // Not below /tmp, of which every host of a test has its own; short, since paths of sockets have at most 107 bytes.
  const folder = mkdtempSync("/var/tmp/byzer-");
  const tidy = spawn(process.execPath, [join(repositoryRoot, "scripts", "ray", "tidy.mjs"), folder], {
    stdio: ["pipe", "ignore", "inherit"],
    detached: true,
  });
  return {
    folder,
    tidied: () =>
      new Promise((resolve) => {
        tidy.on("exit", () => resolve());
        tidy.stdin.end();
      }),
  };
}

/**
 * Whoever started this may be killed without a word. Where npm did, its end is the end of this, too.
 *
 * @param {AbortController} ending
 */
function endWithStarter(ending) {
  for (const name of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(name, () => ending.abort());
  }
  if (process.env["npm_lifecycle_event"] !== undefined) {
    const first = ancestors();
    setInterval(() => ancestors() !== first && ending.abort(), 500).unref();
  }
}

/** @returns {string} The processes between this one and npm. */
function ancestors() {
  try {
    return `${process.ppid} ${/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${process.ppid}/status`, "utf8"))?.[1]}`;
  } catch {
    return "";
  }
}

/**
 * @param {readonly string[]} names Parts or files; all where none is named.
 * @param {AbortSignal} signal
 * @returns {Promise<boolean>}
 */
async function test(names, signal) {
  const files = names.filter((name) => parts[name] === undefined);
  const asked = new Set(names.map((name) => (parts[name] ? name : "ray")));
  const outcomes = [await timed("ray-set-up", makeReady)];
  if (outcomes[0]?.failed === 0) {
    const { prefix, oneHost } = findApartness();
    if (oneHost !== null) {
      say(`All hosts of the test clusters are this machine: ${oneHost}. What needs a link that is cut is left out.`);
    }
    const { folder, tidied } = makeFolder();
    const env = { TMPDIR: folder, BYZER_RAY_ONE_HOST: oneHost ?? "" };
    const bed = { python: await ensureRay(), prefix, env, signal };
    const run = async (/** @type {string} */ name) => (signal.aborted ? broken : (parts[name]?.(bed, files) ?? broken));
    for (const lanes of stepsOn(oneHost === null)) {
      const chosen = lanes.map((lane) => lane.filter((name) => names.length === 0 || asked.has(name)));
      // oxlint-disable-next-line no-await-in-loop -- one step after the other
      outcomes.push(...(await Promise.all(chosen.map((lane) => runLane(lane, run)))).flat());
    }
    await tidied();
  }
  return report(outcomes);
}

/**
 * What stands alone, then what waits much of the time, side by side.
 *
 * @param {boolean} isApart Two clusters can stand at a time.
 * @returns {readonly (readonly (readonly string[])[])[]} Steps of lanes of parts.
 */
function stepsOn(isApart) {
  const python = ["ray-types", "ray-python"];
  return [[["ray-build"]], isApart ? [[...python, "ray-waits"], ["ray"]] : [python, ["ray", "ray-waits"]]];
}

/** @returns {Promise<import("./test-runs.mjs").PartResult>} */
async function makeReady() {
  await Promise.all([ensureRay(), setUp()]);
  return { passed: 0, failed: 0, skipped: 0, output: "" };
}

/**
 * @param {readonly string[]} lane Parts.
 * @param {(name: string) => Promise<import("./test-runs.mjs").PartResult>} run
 * @returns {Promise<readonly import("./test-report.mjs").Outcome[]>}
 */
async function runLane(lane, run) {
  const outcomes = [];
  for (const name of lane) {
    // oxlint-disable-next-line no-await-in-loop -- one part at a time
    outcomes.push(await timed(name, () => run(name)));
  }
  return outcomes;
}

const broken = { passed: 0, failed: 1, skipped: 0, output: "It was ended before." };
const ending = new AbortController();
endWithStarter(ending);
process.exitCode = (await test(process.argv.slice(2), ending.signal)) ? 0 : 1;
