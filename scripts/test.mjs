import { say } from "./editor/process.mjs";
import { beginSetUp, setUp } from "./setup.mjs";
import { parts } from "./test-parts.mjs";
import { report, timed } from "./test-report.mjs";

/** @typedef {import("./test-parts.mjs").Part} Part */
/** @typedef {import("./test-report.mjs").Outcome} Outcome */

/**
 * Runs the lanes side by side, each part as soon as what it needs is there: most of them wait much of the time.
 *
 * @param {readonly Part[]} chosen
 * @returns {Promise<readonly Outcome[]>}
 */
async function runAll(chosen) {
  const isSetUp = chosen.some(({ needs }) => needs.some((need) => need !== "build"));
  const steps = isSetUp ? beginSetUp() : undefined;
  /** @type {PromiseWithResolvers<void>} */
  const { promise: built, resolve, reject } = Promise.withResolvers();
  built.catch(() => undefined);
  if (chosen.every(({ name }) => name !== "build")) {
    resolve();
  }
  const lanes = Object.values(Object.groupBy(chosen, ({ lane }) => lane)).map((lane) =>
    runLane(lane, async (part) => {
      await Promise.all(part.needs.map(async (need) => (need === "build" ? built : steps?.[need])));
      const outcome = await timed(part.name, part.run);
      if (part.name === "build") {
        (outcome.failed > 0 ? reject : resolve)();
      }
      return outcome;
    }),
  );
  const settingUp = steps === undefined ? [] : [timed("set-up", () => setUpPart(steps)).then((outcome) => [outcome])];
  const outcomes = await Promise.all([...settingUp, ...lanes]);
  return outcomes.flat().toSorted((one, other) => placeOf(one) - placeOf(other));
}

/**
 * Runs parts one after another, also after one that failed. What has nothing to stand on is left out, and that is said.
 *
 * @param {readonly Part[]} lane
 * @param {(part: Part) => Promise<Outcome>} run Rejects where something that it needs cannot be had.
 * @returns {Promise<readonly Outcome[]>}
 */
async function runLane(lane, run) {
  const outcomes = [];
  for (const part of lane) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one part at a time
      outcomes.push(await run(part));
    } catch {
      say(`Not run, for want of ${part.needs.join(" or ")}: ${part.name}`);
    }
  }
  return outcomes;
}

/**
 * @param {Outcome} outcome
 * @returns {number} What was set up goes before all parts.
 */
function placeOf({ name }) {
  return parts.findIndex((part) => part.name === name);
}

/**
 * @param {ReturnType<typeof beginSetUp>} steps
 * @returns {Promise<import("./test-runs.mjs").PartResult>}
 */
async function setUpPart(steps) {
  await setUp(steps);
  return { passed: 0, failed: 0, skipped: 0, output: "" };
}

/**
 * @param {readonly string[]} names
 * @returns {readonly import("./test-parts.mjs").Part[]}
 */
function choose(names) {
  const unknown = names.filter((name) => parts.every((part) => part.name !== name));
  if (unknown.length > 0) {
    throw new Error(
      `There is no part "${unknown.join('", "')}". There are: ${parts.map(({ name }) => name).join(", ")}`,
    );
  }
  return names.length === 0 ? parts : parts.filter(({ name }) => names.includes(name));
}

process.exitCode = report(await runAll(choose(process.argv.slice(2)))) ? 0 : 1;
