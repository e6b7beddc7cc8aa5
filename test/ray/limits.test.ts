import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { totalmem } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ClusterMachine } from "../../src/agents/remote/cluster-control.ts";
import { sharedCluster } from "./shared-cluster.ts";
import { openWindow } from "./test-window.ts";

const cluster = sharedCluster();
const gigabyte = 2 ** 30;
const onNode = { [`node:${cluster.addressOf("n2")}`]: 0.001 };

test("a cell that wants more memory than its Python was given ends alone, with the reason", async () => {
  const window = await openWindow(cluster);
  const [limited, other] = await Promise.all([
    window.python({ resources: { memoryBytes: gigabyte } }),
    window.python(),
  ]);
  await Promise.all([limited.run("x = 41"), other.run("x = 1")]);
  const cell = await limited.run("y = bytearray(3 * 2**30)");
  expect(cell).toMatchObject({ status: "error", outputs: [{ type: "error", name: "MemoryError" }] });
  expect((await limited.run("print(x + 1)")).text).toBe("42\n");
  expect((await other.run("print(x)")).text).toBe("1\n");
  await Promise.all([limited.interpreter.close(), other.interpreter.close()]);
});

test("a Python that a library ends for want of memory is told to have been held to its limit", async () => {
  const window = await openWindow(cluster);
  const limited = await window.python({ resources: { memoryBytes: gigabyte } });
  const cell = await limited.run("import os\nos._exit(1)");
  const message = expect.stringContaining("exit code 1. Its variables are lost. It was held to 1.0 GB of memory");
  expect(cell).toMatchObject({ status: "exited", outputs: [{ name: "InterpreterExited", message }] });
});

test("packages that cannot be installed are named, with what pip said", async () => {
  const window = await openWindow(cluster);
  const packages = ["no-such @ file:///nowhere/no_such-1.0-py3-none-any.whl"];
  const details = { packages: packages[0], reason: expect.stringMatching(/^ERROR: .*no_such-1\.0/u) };
  await expect(window.python({ resources: { packages } })).rejects.toMatchObject({ code: "remote.packages", details });
});

test("what no node can give is refused with what there is", async () => {
  const window = await openWindow(cluster);
  await expect(window.python({ resources: { cpus: 64 } })).rejects.toMatchObject({ code: "remote.resources" });
});

test("the head alone is known as one, and tells the memory that is looked at before ours is put there", async () => {
  const { cluster: connected } = await openWindow(cluster);
  const heads = async (): Promise<readonly ClusterMachine[]> =>
    (await connected.control.machines(AbortSignal.timeout(20_000))).filter(({ isHead }) => isHead);
  await expect.poll(heads, { timeout: 30_000 }).toMatchObject([{ memory: { totalBytes: totalmem() } }]);
  const [head] = await heads();
  expect(head?.memory?.availableBytes).toBeGreaterThan(0);
  expect(head?.memory?.availableBytes).toBeLessThan(totalmem());
});

test("what waits for room is told as such, and starts when there is some", async () => {
  const window = await openWindow(cluster);
  const mostOfNode = { [`node:${cluster.addressOf("n2")}`]: 0.9 };
  const first = await window.python({ resources: { custom: mostOfNode } });
  const second = window.python({ resources: { custom: mostOfNode } });
  const nodes = async (): Promise<readonly (string | null)[]> => {
    const { children } = await window.cluster.gateway.status(AbortSignal.timeout(20_000));
    return children.filter(({ kind, title }) => kind === "kernel" && title === "births.csv").map(({ node }) => node);
  };
  await expect.poll(nodes, { timeout: 30_000 }).toContain(null);
  await first.interpreter.close();
  const started = await second;
  expect((await started.run("print(1)")).text).toBe("1\n");
  expect(await nodes()).not.toContain(null);
  await started.interpreter.close();
});

test("what waits for room and is given up is not there when there is some", async () => {
  const window = await openWindow(cluster);
  const mostOfNode = { [`node:${cluster.addressOf("n1")}`]: 0.9 };
  const first = await window.python({ resources: { custom: mostOfNode } });
  const names = async (): Promise<readonly string[]> => {
    const { children } = await window.cluster.gateway.status(AbortSignal.timeout(20_000));
    return children.filter(({ kind }) => kind === "kernel").map(({ name }) => name);
  };
  const before = new Set(await names());
  const added = async (): Promise<readonly string[]> => (await names()).filter((name) => !before.has(name));
  const giveUp = new AbortController();
  const second = window.python({ resources: { custom: mostOfNode }, signal: giveUp.signal });
  second.catch(() => undefined);
  await expect.poll(added, { timeout: 30_000 }).toHaveLength(1);
  giveUp.abort(new Error("enough"));
  await expect(second).rejects.toThrow("enough");
  await expect.poll(added, { timeout: 30_000 }).toEqual([]);
  await first.interpreter.close();
});

test("a full object store: Ray goes on on the node's disk, and files, cells and messages of ours go on", async () => {
  const window = await openWindow(cluster);
  const [filling, reading] = await Promise.all([
    window.python({ resources: { custom: onNode } }),
    window.python({ resources: { custom: onNode } }),
  ]);
  // Twice what it holds, of which nothing can be let go: each object is being read.
  const fill = `
import ray, numpy
ray.init(log_to_driver=False)
held = []
for size in [20] * 10 + [300]:
    held.append(ray.get(ray.put(numpy.zeros(size * 2**20, dtype="uint8"))))
print(sum(len(each) for each in held) // 2**20)
`;
  const cell = await filling.run(fill);
  const errors = cell.outputs.filter(({ type }) => type === "error");
  expect({ status: cell.status, errors, text: cell.text.slice(-4) }).toEqual({
    status: "ok",
    errors: [],
    text: "500\n",
  });
  writeFileSync(join(reading.folder, "work", "large.bin"), randomBytes(64 * 2 ** 20));
  expect(await reading.run("print(len(open('large.bin', 'rb').read()))")).toMatchObject({
    status: "ok",
    text: `${64 * 2 ** 20}\n`,
  });
  expect((await filling.run("print(len(held))")).text).toBe("11\n");
  await Promise.all([filling.interpreter.close(), reading.interpreter.close()]);
});
