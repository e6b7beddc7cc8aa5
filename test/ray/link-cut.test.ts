import { setTimeout as pause } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { sharedCluster } from "./shared-cluster.ts";
import { type TestWindow, openWindow } from "./test-window.ts";

const cluster = sharedCluster();
/** The person is told by then, milliseconds. */
const toldWithinMs = 3000;

/** Prints each number once and writes down that it has, for as long as the link is cut and longer. */
const counting = (seconds: number): string => `
import time
counted = globals().get("counted", [])
for number in range(${seconds * 10}):
    counted.append(number)
    print(number, flush=True)
    time.sleep(0.1)
`;

test.for([
  { seconds: 10, longer: 14 },
  { seconds: 120, longer: 124 },
])(
  "a link that is cut for $seconds s is said to be within 3 s, and nothing is lost or run twice",
  async ({ seconds, longer }, { skip }) => {
    const { uncuttable } = cluster.network;
    skip(uncuttable !== null, `A link has to be cut: ${uncuttable}`);
    const window = await openWindow(cluster);
    const [counter, other] = await Promise.all([window.python(), window.python()]);
    await other.run("kept = 41");
    const begun = Promise.withResolvers<void>();
    const counted = counter.run(counting(longer), { started: begun.resolve });
    await begun.promise;

    const cutAt = cut();
    const asked = other.run("kept += 1\nprint(kept)");
    await pause(seconds * 1000);
    expect(told(window, "reconnecting", cutAt)).toBeLessThanOrEqual(toldWithinMs);
    expect(window.cluster.link.state.phase).toBe("reconnecting");
    cluster.network.heal("window");

    expect(await asked).toMatchObject({ status: "ok", text: "42\n" });
    const all = Array.from({ length: longer * 10 }, (_, number) => number);
    expect(await counted).toMatchObject({ status: "ok", text: all.map((number) => `${number}\n`).join("") });
    expect((await counter.run("print(len(counted), counted == sorted(set(counted)))")).text).toBe(
      `${longer * 10} True\n`,
    );
    expect((await other.run("print(kept)")).text).toBe("42\n");
    await Promise.all([counter.interpreter.close(), other.interpreter.close()]);
  },
);

function cut(): number {
  onTestFinished(() => cluster.network.heal("window"));
  cluster.network.cut("window");
  return performance.now();
}

/** @returns After how many milliseconds the person was told that the link is in a phase. */
function told({ states }: TestWindow, phase: string, since: number): number {
  const state = states.find((each) => each.phase === phase && each.at >= since);
  return state === undefined ? Number.POSITIVE_INFINITY : state.at - since;
}
