import { expect, test, vi } from "vitest";
import { AgentError, messageOf } from "../../agents/base/errors.ts";
import type { InterpreterOptions, InterpreterProvider } from "../../agents/ports/interpreter.ts";
import type { ClusterState } from "../../agents/protocol/cluster-state.ts";
import { usualClusterPlace } from "../../agents/protocol/run-place.ts";
import type { RemoteInterpreterProviderParts } from "../../agents/remote/remote-interpreter-provider.ts";
import { idleCluster } from "../../agents/testing/cluster-fixture.ts";
import { createFakePython } from "../../agents/testing/fake-interpreter.ts";
import { ClusterPythons } from "./cluster-pythons.ts";

vi.mock("vscode", async () => ({
  EventEmitter: (await import("../testing/fake-event-emitter.ts")).FakeEventEmitter,
  l10n: { t: (text: string) => text },
}));

const options: InterpreterOptions = {
  title: "t",
  sessionId: "s1",
  workingDirectory: "/",
  outputDirectory: "/",
  memoryLimitBytes: 0,
};
const place = { ...usualClusterPlace, cpus: 4, memoryBytes: 2 ** 34, custom: { fast: 1 } };
const up = idleCluster;
const { address } = up;
const { signal } = new AbortController();

/** A cluster whose Pythons a test starts. */
function bed(start?: InterpreterProvider["start"]) {
  const python = createFakePython();
  const parts: RemoteInterpreterProviderParts[] = [];
  const cluster: Record<"state", ClusterState> & Record<"connected" | "functions", unknown> = {
    state: up,
    connected: vi.fn(),
    functions: vi.fn(async () => ({
      createRemoteInterpreterProvider: (given: RemoteInterpreterProviderParts): InterpreterProvider => {
        parts.push(given);
        return {
          start:
            start ??
            (async (asked, own) => {
              const interpreter = await python.start(asked, own);
              return { ...interpreter, info: { ...interpreter.info, place: "cluster", node: "10.0.0.6" } };
            }),
        };
      },
    })),
  };
  const drop = vi.fn();
  const pythons = new ClusterPythons({
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the desk is asked for here
    cluster: cluster as never,
    terminals: { open: vi.fn(), drop },
    idleS: () => 7200,
    packages: () => ["dask[dataframe]"],
    sentenceOf: messageOf,
    log: { warn: vi.fn() },
  });
  const states: string[] = [];
  pythons.onChange((id) => states.push(pythons.stateOf(id).phase));
  return { python, parts, cluster, drop, pythons, states };
}

test("a Python is asked for with what the place says, and told as it starts and runs; one that ends by itself has ended", async () => {
  const { pythons, python, parts, states, drop } = bed();
  expect(pythons.stateOf("s1")).toEqual({ phase: "none", detail: "" });
  await pythons.start("s1", { options, place }, signal);
  const packages = ["dask[dataframe]"];
  expect(parts[0]?.resources()).toEqual({ cpus: 4, gpus: 0, memoryBytes: 2 ** 34, custom: { fast: 1 }, packages });
  expect(parts[0]?.idleS).toBe(7200);
  expect(pythons.stateOf("s1")).toEqual({
    phase: "running",
    node: "10.0.0.6",
    python: "Python 3.11.7 · pandas · matplotlib",
    detail: "",
  });
  python.end();
  await vi.waitFor(() => expect(states).toEqual(["starting", "running", "ended"]));
  expect(drop).not.toHaveBeenCalled();
});

test("one that is closed on purpose leaves nothing, its terminal included", async () => {
  const { pythons, drop } = bed();
  const interpreter = await pythons.start("s1", { options, place }, signal);
  await interpreter.close();
  await vi.waitFor(() => expect(drop).toHaveBeenCalledWith("s1"));
  expect(pythons.stateOf("s1").phase).toBe("none");
});

test("a cut link is told of what it leads to, and a link that is gone leaves nothing to tell", async () => {
  const { pythons, cluster } = bed();
  await pythons.start("s1", { options, place }, signal);
  cluster.state = { status: "reconnecting", address, since: 1, reason: "silence" };
  expect(pythons.stateOf("s1")).toMatchObject({ phase: "reconnecting", node: "10.0.0.6", detail: "silence" });
  expect(pythons.stateOf("other").phase).toBe("none");
  cluster.state = { status: "off", address };
  expect(pythons.stateOf("s1").phase).toBe("none");
});

test("room that is waited for is told here and where it was asked", async () => {
  const { promise: room, resolve } = Promise.withResolvers<void>();
  const python = createFakePython();
  const { pythons, states } = bed(async (asked, own) => {
    asked.onWaiting?.("4 CPUs are not free.");
    await room;
    return python.start(asked, own);
  });
  const onWaiting = vi.fn();
  const starting = pythons.start("s1", { options: { ...options, onWaiting }, place }, signal);
  await vi.waitFor(() => expect(pythons.stateOf("s1")).toEqual({ phase: "waiting", detail: "4 CPUs are not free." }));
  expect(onWaiting).toHaveBeenCalledExactlyOnceWith("4 CPUs are not free.");
  resolve();
  await starting;
  expect(states).toEqual(["starting", "waiting", "running"]);
});

test("a start that fails is told with the reason, one that is given up is not; one that was looked for has ended", async () => {
  const gone = new AgentError("remote.gone", { name: "k", why: "gone", reason: "it is not there" }, "It is gone.");
  const { pythons } = bed(() => Promise.reject(gone));
  await expect(pythons.start("s1", { options, place }, signal)).rejects.toBe(gone);
  expect(pythons.stateOf("s1")).toEqual({ phase: "failed", detail: "It is gone." });
  await expect(pythons.start("s1", { options: { ...options, onlyKnown: true }, place }, signal)).rejects.toBe(gone);
  expect(pythons.stateOf("s1")).toEqual({ phase: "ended", detail: "It is gone." });
  await expect(pythons.start("s1", { options, place }, AbortSignal.abort())).rejects.toBe(gone);
  expect(pythons.stateOf("s1").phase).toBe("none");
});

test("what becomes of an earlier Python of a session is not told of the one that took its place", async () => {
  const { pythons, drop } = bed();
  const first = await pythons.start("s1", { options, place }, signal);
  await pythons.start("s1", { options, place }, signal);
  await first.close();
  await first.closed;
  await Promise.resolve();
  expect(pythons.stateOf("s1").phase).toBe("running");
  expect(drop).not.toHaveBeenCalled();
  pythons.forget("s1");
  expect(pythons.stateOf("s1").phase).toBe("none");
  expect(drop).toHaveBeenCalledWith("s1");
});
