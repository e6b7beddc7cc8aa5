import { expect, test } from "vitest";
import { AgentError } from "../base/errors.ts";
import type { ClusterState, ConnectStep } from "../protocol/cluster-state.ts";
import type { Cluster } from "./cluster.ts";
import type { LinkState } from "./cluster-link.ts";
import type { GatewayStatus } from "./gateway.ts";
import { KeptCluster } from "./kept-cluster.ts";

const address = "http://cluster.example:8265";
const server = { version: "1", ray: "2.58.0", python: "3.11.0" };
const node = { id: "a", address: "10.0.0.1", isHead: true, cpus: 4, gpus: 1, memoryBytes: 100, resources: { big: 1 } };
const status: GatewayStatus = {
  nodes: [node, { ...node, id: "b", isHead: false, resources: {} }],
  available: { CPU: 5, GPU: 2, memory: 150 },
  server,
  children: [],
};
const up: ClusterState = {
  status: "up",
  address,
  machines: [
    { cpus: 4, gpus: 1, memoryBytes: 100, custom: { big: 1 } },
    { cpus: 4, gpus: 1, memoryBytes: 100, custom: {} },
  ],
  cpus: 8,
  gpus: 2,
  memoryBytes: 200,
  free: { cpus: 5, gpus: 2, memoryBytes: 150 },
  custom: ["big"],
  children: 0,
};
const never = new AbortController().signal;

/** A cluster whose link is moved by the test. */
function fakeCluster() {
  const listeners = new Set<(state: LinkState) => void>();
  let state: LinkState = { phase: "up", server };
  const about = { status, closed: 0 };
  const parts = {
    address: { dashboard: address, serve: address },
    link: {
      get state() {
        return state;
      },
      onState: (listener: (now: LinkState) => void) => listeners.add(listener),
    },
    gateway: { status: () => Promise.resolve(about.status) },
    close: async () => {
      about.closed += 1;
      move({ phase: "down", problem: null });
    },
  };
  const move = (now: LinkState): void => {
    state = now;
    listeners.forEach((listener) => listener(now));
  };
  // Only what is kept of a cluster is asked of this one.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return { cluster: parts as unknown as Cluster, move, about };
}

function kept(connect: (onStep: (step: ConnectStep) => void, signal: AbortSignal) => Promise<Cluster>) {
  const states: ClusterState[] = [];
  return { states, cluster: new KeptCluster({ address, connect, onState: (state) => states.push(state) }) };
}

test("those who need it at the same time share one connection, and what it does is said", async () => {
  const { cluster } = fakeCluster();
  let made = 0;
  const it = kept(async (onStep) => {
    made += 1;
    onStep("linking");
    return cluster;
  });
  const [first, second] = await Promise.all([it.cluster.connected(never), it.cluster.connected(never)]);
  expect(first).toBe(second);
  expect(await it.cluster.connected(never)).toBe(first);
  expect(made).toBe(1);
  expect(it.states).toEqual([
    { status: "connecting", address, step: "looking" },
    { status: "connecting", address, step: "linking" },
    up,
  ]);
});

test("what fails is said with its problem, and is tried again by whoever comes next", async () => {
  const { cluster } = fakeCluster();
  const problem = new AgentError("remote.token-wrong", { address }, "No.");
  let tries = 0;
  const it = kept(() => {
    tries += 1;
    return tries === 1 ? Promise.reject(problem) : Promise.resolve(cluster);
  });
  await expect(it.cluster.connected(never)).rejects.toBe(problem);
  expect(it.cluster.state).toEqual({
    status: "failed",
    address,
    problem: { code: "remote.token-wrong", message: "No.", details: { address } },
  });
  await it.cluster.connected(never);
  expect(it.cluster.state).toEqual(up);
});

test("a cut link is the same cluster, and its state is asked for anew when it stands again", async () => {
  const { cluster, move, about } = fakeCluster();
  const it = kept(() => Promise.resolve(cluster));
  const connected = await it.cluster.connected(never);
  move({ phase: "reconnecting", since: 5, attempts: 0, reason: "nothing came" });
  expect(it.cluster.state).toEqual({ status: "reconnecting", address, since: 5, reason: "nothing came" });
  expect(await it.cluster.connected(never)).toBe(connected);
  about.status = { ...status, nodes: [node] };
  move({ phase: "up", server });
  expect(it.cluster.state).toEqual(up);
  await expect.poll(() => it.cluster.state).toMatchObject({ status: "up", machines: [{ cpus: 4 }], cpus: 4 });
});

test("a link that is lost for good is said, and the next who needs it connects anew", async () => {
  const first = fakeCluster();
  const second = fakeCluster();
  const all = [first, second];
  const it = kept(() => Promise.resolve(all.shift()?.cluster ?? Promise.reject(new Error("too often"))));
  await it.cluster.connected(never);
  first.move({ phase: "down", problem: new AgentError("remote.refused", { address, why: "token" }, "Gone.") });
  expect(it.cluster.state).toMatchObject({ status: "failed", problem: { code: "remote.refused" } });
  expect(it.cluster.there).toBeNull();
  expect(await it.cluster.connected(never)).toBe(second.cluster);
  first.move({ phase: "reconnecting", since: 1, attempts: 0, reason: "of the old link" });
  expect(it.cluster.state).toEqual(up);
});

test("leaving ends the link, or the making of one", async () => {
  const { cluster, about } = fakeCluster();
  const it = kept(() => Promise.resolve(cluster));
  await it.cluster.connected(never);
  await it.cluster.leave();
  expect(about.closed).toBe(1);
  expect(it.cluster.state).toEqual({ status: "off", address });

  const slow = kept(
    (_onStep, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(new Error("given up")));
      }),
  );
  const waiting = expect(slow.cluster.connected(never)).rejects.toThrow("given up");
  await slow.cluster.leave();
  await waiting;
  expect(slow.cluster.state).toEqual({ status: "off", address });
});

test("who gives up waiting does not end the connection for others", async () => {
  const { cluster } = fakeCluster();
  const made = Promise.withResolvers<Cluster>();
  const it = kept(() => made.promise);
  const stop = new AbortController();
  const impatient = it.cluster.connected(stop.signal);
  const patient = it.cluster.connected(never);
  stop.abort();
  await expect(impatient).rejects.toThrow(/abort/u);
  made.resolve(cluster);
  expect(await patient).toBe(cluster);
});

test("a cluster that does not say what runs there is not connected", async () => {
  const { cluster, about } = fakeCluster();
  const broken = { ...cluster, gateway: { status: () => Promise.reject(new Error("no status")) } };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as above
  const it = kept(() => Promise.resolve(broken as unknown as Cluster));
  await expect(it.cluster.connected(never)).rejects.toThrow("no status");
  expect(about.closed).toBe(1);
  expect(it.cluster.current).toBeUndefined();
});
