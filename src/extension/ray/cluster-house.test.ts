import { beforeEach, expect, test, vi } from "vitest";
import type { LogOutputChannel } from "vscode";
import { AgentError } from "../../agents/base/errors.ts";
import type { ClusterState } from "../../agents/protocol/cluster-state.ts";
import type { ClusterParts } from "../../agents/remote/cluster.ts";
import type { ClusterHouseParts } from "./cluster-house.ts";
import { ClusterHouse } from "./cluster-house.ts";

/** What the person sees and answers, and what the cluster does. */
const world = vi.hoisted(() => ({
  isTrusted: true,
  /** What is answered to modal questions; each question is kept. */
  yes: true,
  questions: [] as string[],
  /** Tokens that the person enters, one after the other; then the box is left. */
  tokens: [] as string[],
  token: null as string | null,
  connects: [] as string[],
  ended: [] as string[],
  isBroken: false,
}));

vi.mock("vscode", async () => {
  const { FakeEventEmitter: EventEmitter } = await import("../testing/fake-event-emitter.ts");
  class CancellationError extends Error {}
  const nothing = { dispose: () => undefined };
  return {
    EventEmitter,
    CancellationError,
    ProgressLocation: { Notification: 15 },
    QuickPickItemKind: { Separator: -1 },
    Uri: { joinPath: () => ({ fsPath: "/dist/ray" }) },
    env: { language: "en" },
    l10n: { t: (text: string) => text },
    commands: { executeCommand: () => Promise.resolve() },
    workspace: {
      get isTrusted() {
        return world.isTrusted;
      },
      getConfiguration: () => ({ get: (_name: string, usual: unknown) => usual }),
    },
    window: {
      state: { focused: true },
      onDidChangeWindowState: () => nothing,
      withProgress: (_options: object, work: (progress: object, token: object) => unknown) =>
        work({ report: () => undefined }, { onCancellationRequested: () => nothing }),
      showInputBox: () => Promise.resolve(world.tokens.shift()),
      showInformationMessage: () => Promise.resolve(undefined),
      showWarningMessage: (question: string, _options: object, yes: string) => {
        world.questions.push(question);
        return Promise.resolve(world.yes ? yes : undefined);
      },
    },
  };
});

vi.mock("../../agents/remote/local-cluster.ts", () => ({
  localClusterFolder: "/nowhere",
  findLocalCluster: () => Promise.resolve(undefined),
  knownAddress: (_folder: string, address: object) => Promise.resolve({ address, token: null }),
}));

vi.mock("../../agents/remote/cluster.ts", () => ({
  connectToCluster: async ({ address, rayToken }: ClusterParts) => {
    world.connects.push(address.dashboard);
    const details = { address: address.dashboard };
    const given = await rayToken();
    if (world.isBroken) {
      throw new AgentError("remote.unreachable", { ...details, reason: "off" }, "Nothing answers.");
    }
    if (world.token !== given) {
      throw new AgentError(given === null ? "remote.token-missing" : "remote.token-wrong", details, "No.");
    }
    const status = { nodes: [], available: {}, children: [], server: { version: "1", ray: "2", python: "3" } };
    return {
      address,
      link: { state: { phase: "up" }, onState: () => () => undefined },
      gateway: {
        status: () => Promise.resolve(status),
        endChild: (kind: string, name: string) => Promise.resolve(world.ended.push(`${kind} ${name}`)),
      },
      close: () => Promise.resolve(),
    };
  },
}));

beforeEach(() => {
  Object.assign(world, { isTrusted: true, yes: true, token: null, isBroken: false });
  [world.questions, world.tokens, world.connects, world.ended].forEach((list) => list.splice(0));
});

function memory() {
  const kept = new Map<string, unknown>();
  return {
    kept,
    get: (key: string, usual?: unknown) => kept.get(key) ?? usual,
    update: (key: string, value: unknown) => Promise.resolve(kept.set(key, value)),
    store: (key: string, value: string) => Promise.resolve(kept.set(key, value)),
    delete: (key: string) => Promise.resolve(kept.delete(key)),
  };
}

function house() {
  const [workspaceState, globalState, secrets] = [memory(), memory(), memory()];
  const states: ClusterState["status"][] = [];
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- no more of it is used
  const log = {
    debug: () => undefined,
    warn: (text: string) => expect.unreachable(text),
  } as unknown as LogOutputChannel;
  const context = { workspaceState, globalState, secrets, extensionUri: {}, globalStorageUri: {} };
  const parts = { context, log, endpoints: {}, onState: ({ status }: ClusterState) => states.push(status) };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as above
  const made = new ClusterHouse(parts as unknown as ClusterHouseParts);
  return { made, states, workspaceState, secrets };
}

const address = "http://10.0.0.4:8265";

test("the first connection to a cluster says what that means, once, and names it for the workspace", async () => {
  const { made, states, workspaceState } = house();
  await made.connect("10.0.0.4");
  expect(world.questions).toEqual(["Connect to the Ray cluster at {0}?"]);
  expect(workspaceState.kept.get("byzer.cluster")).toBe(address);
  expect(states).toEqual(["connecting", "up"]);
  await made.disconnect();
  await made.connect(address);
  expect(world.questions).toHaveLength(1);
  await made.close();
});

test("without the person's yes nothing is contacted or kept", async () => {
  const { made, workspaceState, states } = house();
  world.yes = false;
  await expect(made.connect(address)).rejects.toThrow();
  expect(world.connects).toEqual([]);
  expect(workspaceState.kept.size).toBe(0);
  expect(states).toEqual([]);
  await made.close();
});

test("the token is asked for as long as it is wrong, and kept as a secret", async () => {
  const { made, secrets, workspaceState } = house();
  world.token = "right";
  world.tokens.push("wrong", " right ");
  await made.connect(address);
  expect(world.connects).toHaveLength(3);
  expect([...secrets.kept]).toEqual([[`byzer.ray-token:${address}`, "right"]]);
  expect(JSON.stringify([...workspaceState.kept])).not.toContain("right");
  await made.close();
});

test("who leaves the box for the token is where they were before", async () => {
  const { made, states, workspaceState } = house();
  world.token = "right";
  await expect(made.connect(address)).rejects.toThrow();
  expect(states.at(-1)).toBe("none");
  expect(workspaceState.kept.get("byzer.cluster")).toBeUndefined();
  await expect(made.connected(new AbortController().signal)).rejects.toMatchObject({ code: "remote.none-named" });
  await made.close();
});

test("a cluster that was named stays so where it cannot be reached", async () => {
  const { made, states, workspaceState } = house();
  await made.connect(address);
  await made.disconnect();
  world.isBroken = true;
  await expect(made.connected(new AbortController().signal)).rejects.toMatchObject({ code: "remote.unreachable" });
  expect(states.at(-1)).toBe("failed");
  expect(workspaceState.kept.get("byzer.cluster")).toBe(address);
  await made.close();
});

test("what is to end while nothing is connected ends at the next connection to that cluster", async () => {
  const { made } = house();
  await made.connect(address);
  await made.disconnect();
  await made.end("kernel", "k1");
  await made.end("kernel", "k2", "http://other:8265");
  expect(world.ended).toEqual([]);
  await made.connected(new AbortController().signal);
  await expect.poll(() => world.ended).toEqual(["kernel k1"]);
  await made.close();
});

test("no cluster is connected to from a workspace that is not trusted", async () => {
  const { made } = house();
  world.isTrusted = false;
  await expect(made.connect(address)).rejects.toMatchObject({ code: "remote.untrusted" });
  await expect(made.connected(new AbortController().signal)).rejects.toMatchObject({ code: "remote.untrusted" });
  expect(world.connects).toEqual([]);
  await made.close();
});
