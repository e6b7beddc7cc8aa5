import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { AgentError } from "../../src/agents/base/errors.ts";
import type { Interpreter, InterpreterOptions, KernelName } from "../../src/agents/ports/interpreter.ts";
import type { CellOutput, CellStatus } from "../../src/agents/protocol/cell-output.ts";
import { type Cluster, connectToCluster } from "../../src/agents/remote/cluster.ts";
import { clusterAddress } from "../../src/agents/remote/cluster-address.ts";
import {
  type RemoteInterpreterProviderParts,
  createRemoteInterpreterProvider,
} from "../../src/agents/remote/remote-interpreter-provider.ts";
import { type CuttableWire, openWire } from "../../src/agents/testing/cuttable-wire.ts";
import { FakeGateway } from "../../src/agents/testing/fake-gateway.ts";
import { type FakeKernelOptions, startFakeKernel } from "../../src/agents/testing/fake-kernel.ts";
import { programDirectory, testPython } from "./test-python.ts";

const signal = new AbortController().signal;
let blobs: Map<string, Buffer>;
let gateway: FakeGateway;
let wire: CuttableWire;
let folder: string;
let clusters: Cluster[];
let placed: { readonly files: readonly string[]; readonly spread: boolean }[];

beforeEach(async () => {
  blobs = new Map();
  clusters = [];
  folder = mkdtempSync(join(tmpdir(), "byzer-remote-"));
  ["work", "output"].forEach((name) => mkdirSync(join(folder, name)));
  placed = [];
  const kernel: FakeKernelOptions = {
    python: testPython(),
    program: programDirectory,
    blobs,
    inlineBytes: 2000,
    onPlace: ({ files, spread = false }) => placed.push({ files: files.map(({ path }) => path), spread }),
  };
  gateway = new FakeGateway({ token: "t", blobs, makes: { kernel: (_create, say) => startFakeKernel(kernel, say) } });
  await gateway.listen();
  wire = await openWire(gateway.port);
});

afterEach(async () => {
  await Promise.all(clusters.map((cluster) => cluster.close()));
  [...gateway.children.keys()].forEach((name) => gateway.end(name, "ended", "The test is over."));
  await wire.close();
  await gateway.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Connects as a window that the gateway knows. */
async function connect(): Promise<Cluster> {
  const serve = `http://127.0.0.1:${wire.port}`;
  const connected = await connectToCluster(
    {
      address: clusterAddress("http://127.0.0.1:1", serve),
      isServeGiven: true,
      rayToken: async () => null,
      admissions: { get: async () => ({ token: "t", serve }), set: async () => undefined },
      package: async () => ({ name: "x.zip", version: "1", content: async () => Buffer.alloc(0) }),
    },
    signal,
  );
  clusters.push(connected);
  return connected;
}

interface Started {
  readonly interpreter: Interpreter;
  readonly cluster: Cluster;
  readonly kernels: readonly KernelName[];
  readonly run: (code: string, limits?: CellLimits) => Promise<Cell>;
}

interface CellLimits {
  readonly timeLimitMs?: number;
  readonly signal?: AbortSignal;
  /** Called with the first output, when the cell is surely on its way. */
  readonly started?: () => void;
}

interface Cell {
  readonly status: CellStatus;
  readonly outputs: readonly CellOutput[];
  readonly text: string;
}

let cells = 0;

async function start(
  options: Partial<InterpreterOptions> = {},
  parts: Partial<RemoteInterpreterProviderParts> = {},
): Promise<Started> {
  const connected = await connect();
  const kernels: KernelName[] = [];
  const provider = createRemoteInterpreterProvider({
    cluster: async () => connected,
    resources: () => ({ cpus: 1, memoryBytes: 0 }),
    ...parts,
  });
  const interpreter = await provider.start(
    {
      title: "t",
      workingDirectory: join(folder, "work"),
      outputDirectory: join(folder, "output"),
      memoryLimitBytes: 0,
      onKernel: (kernel) => kernels.push(kernel),
      ...options,
    },
    signal,
  );
  return {
    interpreter,
    cluster: connected,
    kernels,
    run: async (code, limits: CellLimits = {}) => {
      const outputs: CellOutput[] = [];
      const request = { cellId: `c${(cells += 1)}`, code, timeLimitMs: limits.timeLimitMs ?? 0 };
      const result = await interpreter.run(
        { ...request, onOutput: (output) => outputs.push(output) === 1 && limits.started?.() },
        limits.signal ?? signal,
      );
      const text = outputs.map((output) => ("text" in output ? output.text : "")).join("");
      return { status: result.status, outputs, text };
    },
  };
}

describe("cells on a cluster", () => {
  test("keep their variables, show values, tables, pictures and errors", async () => {
    const { interpreter, run } = await start();
    expect(interpreter.info).toMatchObject({ place: "cluster", node: "node-1", sandbox: { mode: "off" } });
    expect((await run("kept = 41")).outputs).toEqual([]);
    expect((await run("kept + 1")).outputs).toEqual([{ type: "value", text: "42" }]);
    const drawn = await run("import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()");
    const [picture] = drawn.outputs;
    expect(picture).toMatchObject({ type: "image", mime: "image/png" });
    const file = picture?.type === "image" ? picture.file : "";
    expect(
      readFileSync(join(folder, "output", file))
        .subarray(1, 4)
        .toString(),
    ).toBe("PNG");
    expect((await run("1/0")).outputs).toMatchObject([{ type: "error", name: "ZeroDivisionError" }]);
    expect((await interpreter.inspect("open('x', 'w')")).effects).toMatchObject([{ kind: "write-file" }]);
    await interpreter.close();
    await vi.waitFor(() => expect(gateway.children.size).toBe(0));
  });

  test("a picture that travels by its hash is there before it is told, and what follows waits", async () => {
    const { run } = await start();
    const seen: boolean[] = [];
    const { outputs, text } = await run(
      "import matplotlib.pyplot as plt\nfor n in range(3):\n    plt.plot(range(n + 2)); plt.show(); print(n)",
    );
    for (const output of outputs) {
      if (output.type === "image") {
        seen.push(existsSync(join(folder, "output", output.file)));
      }
    }
    expect(seen).toEqual([true, true, true]);
    expect(text).toBe("0\n1\n2\n");
    expect(outputs.map(({ type }) => type)).toEqual(["image", "text", "image", "text", "image", "text"]);
  });

  test("are interrupted, stopped by their limit, and told when their Python ends", async () => {
    const { interpreter, run } = await start();
    const stopping = new AbortController();
    await run("kept = 1\nimport time");
    const limits = { signal: stopping.signal, started: () => stopping.abort() };
    expect((await run("print('on')\ntime.sleep(60)", limits)).status).toBe("interrupted");
    expect((await run("time.sleep(60)", { timeLimitMs: 300 })).status).toBe("timeout");
    expect((await run("kept")).text).toBe("1");
    const ended = await run("import os\nos._exit(7)");
    expect(ended.status).toBe("exited");
    expect(ended.outputs.at(-1)).toMatchObject({ type: "error", message: expect.stringContaining("exit code 7") });
    expect(await interpreter.closed).toContain("exit code 7");
    await expect(run("1")).rejects.toSatisfy((error) => AgentError.is(error, "python.closed"));
  });
});

describe("files", () => {
  test("of the session and of its folder are there, as they are called here; each content is sent once", async () => {
    const inside = join(folder, "work", "data", "sales é.csv");
    mkdirSync(join(folder, "work", "data"));
    writeFileSync(inside, "a\n1\n2\n");
    writeFileSync(join(folder, "outside.csv"), "a\n3\n");
    const files = [inside, join(folder, "outside.csv")];
    const { interpreter, run } = await start({ files: () => files });

    expect((await run(`print(open(${JSON.stringify(inside)}).read())`)).text).toBe("a\n1\n2\n\n");
    expect((await run("print(open('data/sales é.csv').read())")).text).toBe("a\n1\n2\n\n");
    expect((await run(`path = ${JSON.stringify(files[1])}\nprint(open(path).read())`)).text).toBe("a\n3\n\n");
    expect(gateway.brought).toHaveLength(2);
    const { effects } = await interpreter.inspect(`open(${JSON.stringify(files[1])})`);
    expect(effects).toMatchObject([{ kind: "read-file", detail: files[1] }]);

    writeFileSync(inside, "a\n1\n2\n9\n");
    expect((await run("print(open('data/sales é.csv').read())")).text).toBe("a\n1\n2\n9\n\n");
    expect(gateway.brought).toHaveLength(3);
  });

  test("that code names below the folder are brought, others are the cluster's own", async () => {
    mkdirSync(join(folder, "work", "parts"));
    ["1.csv", "2.csv", "3.txt"].forEach((name) => writeFileSync(join(folder, "work", "parts", name), name));
    writeFileSync(join(folder, "work", "one.txt"), "one");
    const { run } = await start();
    expect((await run("print(open('one.txt').read())")).text).toBe("one\n");
    const all = await run("import glob\nfor p in sorted(glob.glob('parts/*.csv')):\n    print(open(p).read())");
    expect(all.text).toBe("1.csv\n2.csv\n");
    const outside = join(folder, "secret.txt");
    writeFileSync(outside, "never sent");
    const missing = await run(`open(${JSON.stringify(`${outside}x`)})`);
    expect(missing.outputs).toMatchObject([{ type: "error", name: "FileNotFoundError" }]);
    await run(`open(${JSON.stringify(outside)}).read()`);
    expect([...blobs.values()].map(String)).not.toContain("never sent");
  });

  test("that cells write there come into the folder here, and what may not is told", async () => {
    writeFileSync(join(folder, "work", "mine.csv"), "mine");
    const { run } = await start();
    const writes =
      "open('by region.csv', 'w').write('a')\nfor n in ['mine', 'more']:\n    open(f'{n}.csv', 'w').write(n)";
    expect((await run(writes)).outputs).toMatchObject([
      { brought: [{ path: "by region.csv" }, { path: "more.csv" }], left: [{ path: "mine.csv", why: "exists" }] },
    ]);
    expect(readFileSync(join(folder, "work", "by region.csv"), "utf8")).toBe("a");
    expect(readFileSync(join(folder, "work", "mine.csv"), "utf8")).toBe("mine");
    const ended = await run("open('last.txt', 'w').write('words')\nimport os\nos._exit(7)");
    expect(ended.outputs.at(-1)).toMatchObject({ type: "files", brought: [{ path: "last.txt" }], lost: false });
    expect(readFileSync(join(folder, "work", "last.txt"), "utf8")).toBe("words");
  });

  test("that are written while the link is cut come when it is back", async () => {
    const { cluster: connected, run } = await start();
    const started = Promise.withResolvers<void>();
    const code =
      "import time\nprint('on', flush=True)\ntime.sleep(0.8)\nopen('cut.csv', 'w').write('a')\ntime.sleep(0.5)";
    const running = run(code, { started: started.resolve });
    await started.promise;
    wire.cut();
    await vi.waitFor(() => expect(connected.link.state.phase).toBe("reconnecting"));
    await new Promise((resolve) => setTimeout(resolve, 2000));
    expect(existsSync(join(folder, "work", "cut.csv"))).toBe(false);
    wire.heal();
    expect((await running).outputs.at(-1)).toMatchObject({ type: "files", brought: [{ path: "cut.csv" }] });
    expect(readFileSync(join(folder, "work", "cut.csv"), "utf8")).toBe("a");
  });

  test("that were written while no window was there come with the next one, by the yes of then", async () => {
    writeFileSync(join(folder, "work", "named.csv"), "old");
    const first = await start();
    const [kernel] = first.kernels;
    const started = Promise.withResolvers<void>();
    const code =
      "import time\nprint('on', flush=True)\ntime.sleep(0.5)\nopen('named.csv', 'w').write('new')\nlater = 1";
    const unheard = first.run(code, { started: started.resolve });
    await started.promise;
    await first.interpreter.leave?.();
    await first.cluster.close();
    expect((await unheard).outputs.filter(({ type }) => type === "files")).toEqual([]);

    const second = await start(kernel === undefined ? {} : { kernel });
    const { outputs } = await second.run("later");
    expect(outputs).toMatchObject([
      { type: "files", brought: [{ path: "named.csv" }] },
      { type: "value", text: "1" },
    ]);
    expect(readFileSync(join(folder, "work", "named.csv"), "utf8")).toBe("new");
    expect((await second.run("later")).outputs).toHaveLength(1);
  });

  test("a reading call is tried there", async () => {
    const path = join(folder, "table.csv");
    writeFileSync(path, "a,b\n1,2\n3,4\n");
    const { interpreter } = await start();
    const trial = { path, pandas: "pd.read_csv(path)", standardLibrary: null, summed: [true, true], limitS: 30 };
    expect(await interpreter.checkReading(trial, signal)).toMatchObject({ status: "read", rows: 2, sums: [4, 6] });
  });

  test("what the cluster has lost since is sent again", async () => {
    const path = join(folder, "work", "x.txt");
    writeFileSync(path, "x");
    const { run } = await start();
    await run("open('x.txt').read()");
    const again = await start();
    const { gateway: store } = again.cluster;
    const bring = store.bring.bind(store);
    vi.spyOn(store, "bring").mockImplementationOnce(async (...request) => {
      const sha256 = await bring(...request);
      blobs.clear();
      return sha256;
    });
    expect((await again.run("print(open('x.txt').read())")).text).toBe("x\n");
  });
});

describe("a link that is cut while a cell runs", () => {
  test("costs nothing: outputs come later, each once", async () => {
    const { cluster: connected, run } = await start();
    const started = Promise.withResolvers<void>();
    const code = "import time\nfor n in range(30):\n    print(n, flush=True)\n    time.sleep(0.1)\n'end'";
    const running = run(code, { started: started.resolve });
    await started.promise;
    wire.cut();
    await vi.waitFor(() => expect(connected.link.state.phase).toBe("reconnecting"));
    await new Promise((resolve) => setTimeout(resolve, 1000));
    wire.heal();
    const { status, outputs, text } = await running;
    expect(status).toBe("ok");
    expect(outputs.at(-1)).toEqual({ type: "value", text: "'end'" });
    expect(text).toBe(`${Array.from({ length: 30 }, (_, n) => `${n}\n`).join("")}'end'`);
  });

  test("a cell that could not hear of the interrupt is not killed for it", async () => {
    const { cluster: connected, run } = await start();
    const stopping = new AbortController();
    const started = Promise.withResolvers<void>();
    const code = "kept = 5\nimport time\nprint('on')\ntime.sleep(60)";
    const running = run(code, { signal: stopping.signal, started: started.resolve });
    await started.promise;
    wire.cut();
    await vi.waitFor(() => expect(connected.link.state.phase).toBe("reconnecting"));
    stopping.abort();
    await new Promise((resolve) => setTimeout(resolve, 3000));
    wire.heal();
    expect((await running).status).toBe("interrupted");
    expect((await run("kept")).text).toBe("5");
  });
});

describe("a kernel outlives its window", () => {
  test("and is found again with its variables; the cell that runs goes on to its end", async () => {
    const first = await start();
    await first.run("kept = 'still here'");
    const [kernel] = first.kernels;
    const started = Promise.withResolvers<void>();
    const code = "import time\nprint('on')\ntime.sleep(1.5)\nlater = kept + '!'";
    const unheard = first.run(code, { started: started.resolve });
    await started.promise;
    await first.interpreter.leave?.();
    await first.cluster.close();

    const second = await start(kernel === undefined ? {} : { kernel });
    expect(second.interpreter.info.isResumed).toBe(true);
    expect(second.kernels).toEqual([]);
    expect((await second.run("later")).text).toBe("'still here!'");
    expect((await second.interpreter.inspect("open('x')")).effects).toHaveLength(1);
    expect(gateway.children.size).toBe(1);
    expect((await unheard).status).toBe("exited");
  });

  test("where it has gone, another one is made, and says that it has none of its variables", async () => {
    const { interpreter, kernels } = await start({ kernel: { cluster: "http://127.0.0.1:1", name: "kernel-gone" } });
    expect(interpreter.info.isResumed).toBeUndefined();
    expect(kernels).toHaveLength(1);
  });

  test("another window that takes over is told to the first", async () => {
    const first = await start();
    await first.run("kept = 1");
    const [kernel] = first.kernels;
    const second = await start(kernel === undefined ? {} : { kernel });
    expect(await first.interpreter.closed).toContain("Another window");
    expect((await second.run("kept")).text).toBe("1");
  });

  test("one that the cluster has lost is told as lost", async () => {
    const { interpreter, run, kernels } = await start();
    const started = Promise.withResolvers<void>();
    const running = run("import time\nprint('on')\ntime.sleep(60)", { started: started.resolve });
    await started.promise;
    gateway.end(kernels[0]?.name ?? "", "lost", "Its node has gone.");
    const { status, outputs } = await running;
    expect(status).toBe("exited");
    expect(outputs.at(-1)).toMatchObject({ message: expect.stringContaining("Its node has gone.") });
    expect(await interpreter.closed).toContain("Its variables are lost");
  });
});

test("a cluster without room is waited for, and a start that is given up leaves nothing behind", async () => {
  gateway.hasRoom = false;
  const waits: string[] = [];
  const connected = await connect();
  const provider = createRemoteInterpreterProvider({
    cluster: async () => connected,
    resources: () => ({ cpus: 64, memoryBytes: 0 }),
  });
  const giving = new AbortController();
  const starting = provider.start(
    {
      title: "t",
      workingDirectory: folder,
      outputDirectory: folder,
      memoryLimitBytes: 0,
      onWaiting: (reason) => waits.push(reason),
    },
    giving.signal,
  );
  starting.catch(() => undefined);
  await vi.waitFor(() => expect(waits).toEqual(["No node has 16 GB free."]));
  giving.abort();
  await expect(starting).rejects.toMatchObject({ name: "AbortError" });
  await vi.waitFor(() => expect(gateway.frames.at(-1)).toMatchObject({ t: "close", end: true }));
});

test("from the first cell on that uses Ray or Dask, what cells read is to lie on all nodes", async () => {
  writeFileSync(join(folder, "work", "a.csv"), "1");
  writeFileSync(join(folder, "work", "b.csv"), "2");
  const { run, interpreter } = await start({ files: () => [join(folder, "work", "a.csv")] });
  expect(interpreter.info.memoryBytes).toBeGreaterThan(0);
  await run("x = 1");
  await run("try:\n    import dask.dataframe as dd\nexcept ImportError:\n    pass");
  await run("print(open('b.csv').read())");
  expect(placed).toEqual([
    { files: ["a.csv"], spread: false },
    { files: [], spread: true },
    { files: ["b.csv"], spread: true },
  ]);
});
