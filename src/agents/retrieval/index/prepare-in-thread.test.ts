import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { stampOf } from "../parse/read-file.ts";
import type { FileTask, PreparedItem } from "./prepare-files.ts";
import { createPreparation, preparedItems, type ThreadCare } from "./prepare-in-thread.ts";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "byzer-prepare-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The thread's program, which is lost at a step of its work on a file called `endless.txt`. */
const lostAt = (step: number, meanwhile = ""): string => `
  import { parentPort, workerData } from "node:worker_threads";
  const tasks = [...workerData.tasks];
  const hearing = parentPort.on.bind(parentPort);
  parentPort.on = (name, hear) => hearing(name, (message) => {
    tasks.push(...(Array.isArray(message) ? message : []));
    hear(message);
  });
  const { add } = Atomics;
  let steps = 0;
  Atomics.add = (places, at, by) => {
    const { path, givenUp } = tasks[places[1]];
    steps += path === "endless.txt" && givenUp === undefined ? 1 : 0;
    while (steps >= ${step}) { ${meanwhile} }
    return add(places, at, by);
  };
  await import(${JSON.stringify(new URL("./prepare-worker.ts", import.meta.url).href)});
`;
const takesMemory = "(globalThis.kept ??= []).push(new Array(1e7).fill(0.5));";

const careWith = (program: string, mostMs: number) => (): ThreadCare => ({
  program: new URL(`data:text/javascript,${encodeURIComponent(program)}`),
  lookEveryMs: 10,
  mostMs,
});

function task(path: string, text: string): FileTask {
  writeFileSync(join(folder, path), text);
  const stamp = stampOf(statSync(join(folder, path)));
  return { folder, path, stamp, isSecret: false, knownHash: null };
}

const paragraphs = (word: string, count: number): string =>
  Array.from({ length: count }, (_, at) => `Über ${word} ${at}. ${"Und noch ein Satz. ".repeat(60)}\n\n`).join("");

interface Came {
  readonly path: string;
  readonly reason: string | null;
  readonly passages: number;
}

async function cameOf(tasks: readonly FileTask[], care?: () => ThreadCare): Promise<readonly Came[]> {
  const items: PreparedItem[] = [];
  for await (const batch of preparedItems(tasks, care)) {
    items.push(...batch.items);
  }
  const came: Came[] = [];
  for (const item of items) {
    const last = came.at(-1);
    if (item.type === "file") {
      came.push({ path: item.path, reason: item.reason, passages: 0 });
    } else if (last !== undefined) {
      came[came.length - 1] = { ...last, passages: last.passages + item.count };
    }
  }
  return came;
}

test.each([
  ["takes too long", lostAt(2), 3000, "too-slow"],
  ["takes too much memory", lostAt(2, takesMemory), 60_000, "too-large"],
])("a text that %s is left out, all others are whole", async (_, program, mostMs, reason) => {
  const tasks = [
    task("one.txt", paragraphs("Anfang", 600)),
    task("two.txt", paragraphs("Mitte", 3)),
    task("endless.txt", paragraphs("dritte", 1)),
    task("four.txt", paragraphs("Ende", 400)),
  ];
  const alone = await Promise.all(tasks.map(async (one) => (await cameOf([one]))[0]?.passages));
  const came = await cameOf(tasks, careWith(program, mostMs));
  expect(came).toEqual([
    { path: "one.txt", reason: null, passages: alone[0] },
    { path: "two.txt", reason: null, passages: alone[1] },
    { path: "endless.txt", reason, passages: 0 },
    { path: "four.txt", reason: null, passages: alone[3] },
  ]);
});

test("a text that is given up behind passages that have come already comes again, without any", async () => {
  const tasks = [task("endless.txt", paragraphs("Anfang", 900)), task("two.txt", paragraphs("Ende", 3))];
  const [begun, ...others] = await cameOf(tasks, careWith(lostAt(6), 1500));
  expect(begun).toMatchObject({ path: "endless.txt", reason: null });
  expect(begun?.passages).toBeGreaterThan(0);
  expect(others).toMatchObject([
    { path: "endless.txt", reason: "too-slow", passages: 0 },
    { path: "two.txt", reason: null },
  ]);
});

test("files that are found while others are prepared come behind them, in their order", async () => {
  const preparation = createPreparation();
  const names = Array.from({ length: 150 }, (_, at) => `${at}.txt`);
  const paths: string[] = [];
  try {
    preparation.add(task("first.txt", paragraphs("Anfang", 600)));
    for (const name of names) {
      preparation.add(task(name, name));
      // oxlint-disable-next-line no-await-in-loop -- the thread works meanwhile
      await setImmediate();
    }
    for await (const { items } of preparation.batches()) {
      paths.push(...items.flatMap((item) => (item.type === "file" ? [item.path] : [])));
    }
  } finally {
    await preparation.end();
  }
  expect(paths).toEqual(["first.txt", ...names]);
});
