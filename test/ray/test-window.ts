import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { onTestFinished } from "vitest";
import type { Interpreter, KernelName } from "../../src/agents/ports/interpreter.ts";
import type { CellOutput, CellStatus } from "../../src/agents/protocol/cell-output.ts";
import { type Admission, type Cluster, type ClusterParts, connectToCluster } from "../../src/agents/remote/cluster.ts";
import { clusterAddress } from "../../src/agents/remote/cluster-address.ts";
import type { LinkState } from "../../src/agents/remote/cluster-link.ts";
import { readClusterPackage } from "../../src/agents/remote/cluster-package.ts";
import {
  type KernelResources,
  createRemoteInterpreterProvider,
} from "../../src/agents/remote/remote-interpreter-provider.ts";
import type { RayCluster } from "./ray-cluster.ts";

/** A window on a cluster, as the editor has one: connected by the product's own code, with no person. */
export interface TestWindow {
  readonly cluster: Cluster;
  /** What the person is told of the link, each with the milliseconds of `performance.now()` at which it came. */
  readonly states: readonly (LinkState & { readonly at: number })[];
  /** Starts a Python there, or finds the one of a name. */
  readonly python: (options?: PythonOptions) => Promise<TestPython>;
  /** Leaves the cluster; what runs there goes on. Done at the end of the test, too. */
  readonly close: () => Promise<void>;
}

export interface PythonOptions {
  readonly resources?: Partial<KernelResources>;
  /** The one that was started before, in whatever window. */
  readonly kernel?: KernelName;
  /** That of a Python which was started before; one of its own where left out. */
  readonly folder?: string;
  /** Gives up waiting for it. */
  readonly signal?: AbortSignal;
  /** Seconds without a window after which it ends by itself. */
  readonly idleS?: number;
}

/** A Python of a window. */
export interface TestPython {
  readonly interpreter: Interpreter;
  /** What a window keeps to find it again. */
  readonly kernel: KernelName;
  /** Holds its `work` and `output` on this machine. */
  readonly folder: string;
  readonly run: (code: string, options?: CellOptions) => Promise<TestCell>;
}

export interface CellOptions {
  readonly signal?: AbortSignal;
  /** Called with the first output, when the cell is surely on its way. */
  readonly started?: () => void;
}

export interface TestCell {
  readonly status: CellStatus;
  /** What it printed, joined. */
  readonly text: string;
  readonly outputs: readonly CellOutput[];
}

export interface WindowOptions {
  /** What this machine is known by, kept by whoever has the window; a machine that is not known where left out. */
  readonly admissions?: Map<string, Admission>;
  readonly parts?: Partial<ClusterParts>;
}

const never = new AbortController().signal;
/** The machine on which the tests run, as one that stays the same. */
const thisMachine = new Map<string, Admission>();
let cells = 0;

/** Opens a window on a cluster, until the end of the test. Ours is put there where it is not. */
export async function openWindow(cluster: RayCluster, options: WindowOptions = {}): Promise<TestWindow> {
  const states: (LinkState & { readonly at: number })[] = [];
  const connected = await connectToCluster(
    partsOf(cluster, options, (state) => states.push({ ...state, at: performance.now() })),
    never,
  );
  const close = (): Promise<void> => connected.close();
  onTestFinished(close);
  return { cluster: connected, states, python: (wanted = {}) => startPython(connected, wanted), close };
}

/** What the product is given to reach a test's cluster. */
export function partsOf(
  { dashboard, token }: RayCluster,
  { admissions = thisMachine, parts = {} }: WindowOptions = {},
  onState: (state: LinkState) => void = () => undefined,
): ClusterParts {
  return {
    address: clusterAddress(dashboard),
    rayToken: async () => token,
    admissions: {
      get: async (name) => admissions.get(name),
      set: async (name, admission) =>
        void (admission === undefined ? admissions.delete(name) : admissions.set(name, admission)),
    },
    package: () => readClusterPackage(resolve("dist", "ray")),
    onState,
    ...parts,
  };
}

async function startPython(
  cluster: Cluster,
  { resources, kernel, folder = newFolder(), signal = never, idleS = 600 }: PythonOptions,
): Promise<TestPython> {
  let found = kernel;
  const provider = createRemoteInterpreterProvider({
    cluster: async () => cluster,
    resources: () => ({ cpus: 0, memoryBytes: 0, ...resources }),
    idleS,
  });
  const interpreter = await provider.start(
    {
      title: "births.csv",
      workingDirectory: join(folder, "work"),
      outputDirectory: join(folder, "output"),
      memoryLimitBytes: 0,
      onKernel: (made) => {
        found = made;
      },
      ...(kernel === undefined ? {} : { kernel }),
    },
    signal,
  );
  if (found === undefined) {
    throw new Error("Nobody was told how the Python is called.");
  }
  return { interpreter, kernel: found, folder, run: (code, options = {}) => runCell(interpreter, code, options) };
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "window-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  ["work", "output"].forEach((name) => mkdirSync(join(folder, name)));
  return folder;
}

async function runCell(interpreter: Interpreter, code: string, { signal, started }: CellOptions): Promise<TestCell> {
  const outputs: CellOutput[] = [];
  cells += 1;
  const onOutput = (output: CellOutput): void => void (outputs.push(output) === 1 && started?.());
  const request = { cellId: `cell-${cells}`, code, timeLimitMs: 0, onOutput };
  const { status } = await interpreter.run(request, signal ?? never);
  return { status, outputs, text: outputs.map((output) => ("text" in output ? output.text : "")).join("") };
}
