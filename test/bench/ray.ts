import { randomBytes, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Interpreter } from "../../src/agents/ports/interpreter.ts";
import { clusterAddress } from "../../src/agents/remote/cluster-address.ts";
import { readClusterPackage } from "../../src/agents/remote/cluster-package.ts";
import { type Admission, type Cluster, connectToCluster } from "../../src/agents/remote/cluster.ts";
import { createRemoteInterpreterProvider } from "../../src/agents/remote/remote-interpreter-provider.ts";
import { startTestInterpreter } from "../process/test-python.ts";
import { type RayCluster, startRayCluster } from "../ray/ray-cluster.ts";
import { type Bench, type BenchFigure, figure, type MissingFigure, ratioFigure, rounds } from "./bench.ts";
import { type RayRivals, startRayRivals } from "./ray-rivals.ts";

const python = resolve(".cache", "ray", "bin", "python");
/** Another network than that of the tests, which may run meanwhile. */
const place = { label: "bzbench", subnet: "198.51.100" };
const node = `${place.subnet}.3`;
/** What is measured lives on a node that is not the head. */
const onNode = { [`node:${node}`]: 0.001 };
const inFlight = 100;
const messagesPerFlood = 2000;
const fileBytes = 100_000_000;
/** Gigabit Ethernet, in Mbit/s. */
const linkSpeed = 1000;
const { signal } = new AbortController();

/**
 * Ours on a cluster of a head and two nodes, each in a network of its own, against plain Ray in the same run, in turns. It
 * needs Linux, root, and the Python of `node scripts/setup-ray.mjs`; what runs on the cluster is that of `dist`, so build
 * first. Three minutes.
 *
 * A message goes to a program of an agent group, which is Node on another node, and is written down on both ways; its rival
 * is a call of an actor on that node by a WebSocket through Serve. A cell is one that was inspected before, as in a session.
 * The plain copy of a file is one over TCP, from a file into a file: no protocol of anybody's takes part, so that it is what
 * the link and the disks give. Ours includes finding the hash. It is taken over a link of a stated speed, and without one:
 * there, a copy is as fast as this machine's memory, and the row tells what ours costs of its processors; what Serve itself
 * takes of that is told by the row after it.
 */
export const rayBench: Bench = {
  name: "ray",
  onRequest: true,
  run: async () => {
    const missing = whatIsMissing();
    if (missing !== undefined) {
      return [{ name: "ray", missing }];
    }
    const folder = mkdtempSync(join(tmpdir(), "byzer-bench-ray-"));
    const rays = await startRayCluster(python, ["n1", "n2"], place);
    try {
      return await measured(rays, folder);
    } finally {
      rays.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    }
  },
};

function whatIsMissing(): string | undefined {
  if (process.platform !== "linux" || process.getuid?.() !== 0) {
    return "hosts with addresses of their own need Linux and root";
  }
  return existsSync(python) ? undefined : "there is no Ray: node scripts/setup-ray.mjs";
}

async function measured(rays: RayCluster, folder: string): Promise<readonly (BenchFigure | MissingFigure)[]> {
  const admissions = new Map<string, Admission>();
  const cluster = await connected(rays, admissions);
  const rivals = await startRayRivals(cluster, rays, node);
  try {
    return [
      ...(await messageFigures(cluster, rivals)),
      await cellFigure(cluster, folder),
      ...(await fileFigures(cluster, { rivals, rays }, join(folder, "data.bin"))),
      await firstCellFigure(rays, admissions, folder),
    ];
  } finally {
    rivals.close();
    await cluster.close();
  }
}

function connected(rays: RayCluster, admissions: Map<string, Admission>): Promise<Cluster> {
  return connectToCluster(
    {
      address: clusterAddress(rays.dashboard),
      rayToken: () => Promise.resolve(rays.token),
      admissions: {
        get: (dashboard) => Promise.resolve(admissions.get(dashboard)),
        set: (dashboard, admission) => {
          if (admission !== undefined) {
            admissions.set(dashboard, admission);
          }
          return Promise.resolve();
        },
      },
      package: () => readClusterPackage(resolve("dist", "ray")),
    },
    signal,
  );
}

/** A group that says what it hears. */
async function openEcho(cluster: Cluster) {
  const bundle = await cluster.gateway.bring(resolve("test", "bench", "ray", "echo-group.mjs"), signal);
  const listening = { heard: (): void => undefined };
  const create = { title: "echo", cpus: 0, memoryBytes: 0, resources: onNode, bundle };
  const channel = cluster.link.open(
    { kind: "group", name: `echo-${randomUUID()}`, create },
    { onBody: () => listening.heard() },
  );
  await channel.opened;
  return { channel, listening };
}

async function messageFigures(cluster: Cluster, rivals: RayRivals): Promise<readonly BenchFigure[]> {
  const { channel, listening } = await openEcho(cluster);
  const answered = (): Promise<void> =>
    new Promise((resolveAnswer) => {
      listening.heard = resolveAnswer;
    });
  const flood = (): Promise<void> =>
    new Promise((resolveFlood) => {
      let sent = 0;
      let heard = 0;
      const send = (): void => channel.post({ line: { number: (sent += 1), text: "What is the mean of column b?" } });
      listening.heard = () => {
        heard += 1;
        if (heard === messagesPerFlood) {
          resolveFlood();
        } else if (sent < messagesPerFlood) {
          send();
        }
      };
      Array.from({ length: inFlight }).forEach(send);
    });
  const sends = await rounds(300, 30, async () => {
    const theirs = await elapsed(() => rivals.call("What is the mean of column b?"));
    const ours = await elapsed(async () => {
      const answer = answered();
      channel.post({ line: { text: "What is the mean of column b?" } });
      await answer;
    });
    return [ours, theirs] as const;
  });
  const floods = await rounds(5, 1, () => elapsed(flood));
  channel.close(true);
  await channel.ended;
  const each = floods.map((durationMs) => durationMs / messagesPerFlood);
  return [
    ratioFigure("ray: a message there and back ÷ a bare actor call through Serve", sends, 3),
    figure(`ray: a message with ${inFlight} in flight (1,000 a second are 1 ms each)`, "ms", each, 1),
  ];
}

async function cellFigure(cluster: Cluster, folder: string): Promise<BenchFigure> {
  const remote = await startRemote(cluster, folder);
  const bare = await startTestInterpreter({ python });
  let number = 0;
  const over = await rounds(300, 30, async () => {
    number += 1;
    const code = `print("row", ${number})`;
    await remote.inspect(code);
    const theirs = await elapsed(() => run(bare.interpreter, code));
    return (await elapsed(() => run(remote, code))) - theirs;
  });
  await remote.close();
  await bare.close();
  return figure("ray: a cell's round trip over the bare interpreter's", "ms", over, 10);
}

function startRemote(cluster: Cluster, folder: string): Promise<Interpreter> {
  const [workingDirectory, outputDirectory] = ["work", "output"].map((name) => join(folder, name));
  if (workingDirectory === undefined || outputDirectory === undefined) {
    throw new TypeError("Two folders are needed.");
  }
  [workingDirectory, outputDirectory].forEach((each) => mkdirSync(each, { recursive: true }));
  const provider = createRemoteInterpreterProvider({
    cluster: () => Promise.resolve(cluster),
    resources: () => ({ cpus: 0, memoryBytes: 0, custom: onNode }),
  });
  return provider.start({ title: "bench", memoryLimitBytes: 0, workingDirectory, outputDirectory }, signal);
}

async function run(interpreter: Interpreter, code: string): Promise<void> {
  const request = { cellId: randomUUID(), code, timeLimitMs: 0, onOutput: () => undefined };
  const { status } = await interpreter.run(request, signal);
  if (status !== "ok") {
    throw new Error(`The cell ended as ${status}.`);
  }
}

async function fileFigures(
  cluster: Cluster,
  { rivals, rays }: { readonly rivals: RayRivals; readonly rays: RayCluster },
  path: string,
): Promise<readonly BenchFigure[]> {
  // Each round has a new content, since one that is there is not sent.
  const round = async () => {
    writeFileSync(path, randomBytes(fileBytes));
    const copy = await elapsed(() => rivals.copy(path));
    const plain = await elapsed(() => rivals.put(path, fileBytes));
    const ours = await elapsed(() => cluster.gateway.bring(path, signal));
    return { copy, plain, ours };
  };
  rays.network.limit("head", linkSpeed);
  const onLink = await rounds(6, 1, round).finally(() => rays.network.limit("head", null));
  const inMemory = await rounds(9, 2, round);
  const against = (trips: typeof onLink, rival: "copy" | "plain") =>
    trips.map(({ ours, [rival]: theirs }) => [ours, theirs] as const);
  return [
    ratioFigure(
      `ray: 100 MB put once ÷ a plain copy over the same link of ${linkSpeed} Mbit/s (50 % of its speed is 2)`,
      against(onLink, "copy"),
      2,
    ),
    ratioFigure("ray: 100 MB put once ÷ a plain copy, both through memory", against(inMemory, "copy"), 4),
    ratioFigure("ray: the same ÷ a plain PUT to a bare Serve application", against(inMemory, "plain"), 2),
  ];
}

/** A window that the gateway knows connects and runs a cell in a Python that is made for it. */
async function firstCellFigure(
  rays: RayCluster,
  admissions: Map<string, Admission>,
  folder: string,
): Promise<BenchFigure> {
  const first = await rounds(4, 0, async () => {
    const start = performance.now();
    const cluster = await connected(rays, admissions);
    const remote = await startRemote(cluster, folder);
    await run(remote, "1");
    const durationS = (performance.now() - start) / 1000;
    await remote.close();
    await cluster.close();
    return durationS;
  });
  return figure("ray: first cell, from connecting to where ours runs", "s", first, 10);
}

async function elapsed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
