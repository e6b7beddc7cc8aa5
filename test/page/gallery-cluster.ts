import type { ClusterState } from "../../src/agents/protocol/cluster-state.ts";
import type { Push } from "../../src/agents/protocol/page.ts";
import { type ClusterPlace, type KernelState, usualClusterPlace } from "../../src/agents/protocol/run-place.ts";
import type { SessionScript } from "./fixtures.ts";
import { type GalleryState, select, start, state, titled } from "./gallery-state.ts";

const address = "http://10.0.0.4:8265";
const gigabyte = 2 ** 30;

/** A cluster of three machines. */
export const clusterUp: ClusterState = {
  status: "up",
  address,
  machines: [
    { cpus: 16, gpus: 2, memoryBytes: 64 * gigabyte, custom: { fast_disk: 1 } },
    { cpus: 16, gpus: 0, memoryBytes: 64 * gigabyte, custom: { "team-a": 4 } },
    { cpus: 16, gpus: 0, memoryBytes: 64 * gigabyte, custom: {} },
  ],
  cpus: 48,
  gpus: 2,
  memoryBytes: 192 * gigabyte,
  free: { cpus: 43.5, gpus: 1, memoryBytes: 120.4 * gigabyte },
  custom: ["fast_disk", "team-a"],
  children: 2,
};
export const clusterCut: ClusterState = {
  status: "reconnecting",
  address,
  since: 0,
  reason: "nothing came from it for 2.7 seconds",
};
/** As a person chose it. */
export const bigPlace: ClusterPlace = { ...usualClusterPlace, cpus: 4, memoryBytes: 16 * gigabyte };

/** What is told of the cluster and of the Python there. */
export function clusterPushes(cluster: ClusterState, kernel?: KernelState): readonly Push[] {
  const ready = { status: "ready" as const, label: "Python 3.11.7 · pandas · matplotlib", advice: "" };
  return [
    { kind: "cluster", state: cluster, last: bigPlace },
    { kind: "python", state: kernel === undefined ? ready : { ...ready, kernel } },
  ];
}

/** A Python that runs there. */
export const kernelRuns: KernelState = {
  phase: "running",
  node: "10.0.0.6",
  python: "Python 3.11.7 · pandas · matplotlib",
  detail: "",
};

/** A session that runs there. */
export const moved = (place: ClusterPlace = bigPlace): SessionScript => titled().add({ type: "place-choose", place });

/** A cell that wrote files there, of which not all are here. */
function wrote(script: SessionScript): SessionScript {
  const path = "a folder with a rather long name/2024/图 表 of sums by region and quarter.parquet";
  return script.ask("Save sums by region as by_region.csv").add(
    select,
    {
      ...start,
      cellId: "w1",
      code: 'df.groupby("region").sum().to_csv("by_region.csv")',
      effects: [{ kind: "write-file", detail: "by_region.csv", line: 1 }],
    },
    { type: "cell-run", cellId: "w1" },
    {
      type: "cell-output",
      cellId: "w1",
      output: {
        type: "files",
        node: "10.0.0.6",
        folder: "/tmp/ray/session_2026-11-23/byzer/5f0c/kernel/sales-1/work",
        brought: [
          { path: "by_region.csv", sizeBytes: 2048 },
          { path: "图/图 表.png", sizeBytes: 90_000 },
        ],
        left: [
          { path, sizeBytes: 812_000_000, why: "size" },
          { path: "sales.csv", sizeBytes: 4096, why: "exists" },
        ],
        deleted: ["old.csv"],
        more: 0,
        complete: true,
        lost: false,
      },
    },
    { type: "cell-end", cellId: "w1", status: "ok", durationMs: 840 },
  );
}

/** A cell that runs. */
export function running(script: SessionScript): SessionScript {
  return script.ask("Sum up the deaths").add(
    select,
    {
      ...start,
      cellId: "c1",
      code: "import pandas as pd\ndf = pd.read_csv('disasters.csv')\ndf.groupby('Year').Deaths.sum()\n",
      effects: [],
    },
    { type: "approval-request", cellId: "c1", sandbox: "off" },
    { type: "approval-answer", cellId: "c1", decision: "once", how: "person", code: null },
    { type: "cell-run", cellId: "c1" },
    { type: "cell-output", cellId: "c1", output: { type: "text", stream: "stdout", text: "step 1\n" } },
  );
}

async function openMenu(page: Parameters<NonNullable<GalleryState["act"]>>[0]): Promise<void> {
  await page.locator(".python-pick").click();
}

async function openForm(page: Parameters<NonNullable<GalleryState["act"]>>[0]): Promise<void> {
  await openMenu(page);
  await page.getByRole("menuitem", { name: /Change size|更改规格/u }).click();
}

const cut: KernelState = { ...kernelRuns, phase: "reconnecting", detail: "nothing came from it for 2.7 seconds" };
const waiting: KernelState = { phase: "waiting", detail: "1 CPU, 16 GB: no machine has as much free." };

/** Code on a cluster. */
export const clusterStates: readonly GalleryState[] = [
  state("cluster-menu-none", titled(), { more: clusterPushes({ status: "none" }), act: openMenu }),
  state("cluster-menu-here", titled(), { more: clusterPushes(clusterUp), act: openMenu }),
  state("cluster-running", running(moved()), { more: clusterPushes(clusterUp, kernelRuns) }),
  state("cluster-menu-there", moved(), { more: clusterPushes(clusterUp, kernelRuns), act: openMenu }),
  state("cluster-cut", running(moved()), { more: clusterPushes(clusterCut, cut) }),
  state("cluster-wrote", wrote(moved()), { more: clusterPushes(clusterUp, kernelRuns) }),
  state("cluster-wrote-zh", wrote(moved()), { more: clusterPushes(clusterUp, kernelRuns), locale: "zh-cn" }),
  state("cluster-cut-zh", running(moved()), { more: clusterPushes(clusterCut, cut), locale: "zh-cn" }),
  state(
    "cluster-waiting",
    moved()
      .ask("Sum up")
      .add({ type: "progress", agent: "python_interpreter", activity: "starting-python", detail: "" }),
    {
      more: clusterPushes(clusterUp, waiting),
    },
  ),
  state("cluster-limited", moved(), {
    more: clusterPushes(clusterUp, {
      ...kernelRuns,
      python: "Python 3.11.7",
      detail: "Not installed on the cluster: pandas, matplotlib. Answers are limited.",
    }),
  }),
  state("cluster-off", moved(), { more: clusterPushes({ status: "off", address }, { phase: "none", detail: "" }) }),
  state("cluster-ended", moved(), {
    more: clusterPushes(clusterUp, { phase: "ended", detail: "This session's Python on the cluster was ended." }),
  }),
  state("cluster-form", titled(), { more: clusterPushes(clusterUp), act: openForm }),
  state("cluster-form-zh", moved({ ...bigPlace, gpus: 1, custom: { fast_disk: 1 } }), {
    more: clusterPushes(clusterUp, kernelRuns),
    locale: "zh-cn",
    act: openForm,
  }),
  state("cluster-form-wrong", titled(), {
    more: clusterPushes(clusterUp),
    async act(page) {
      await openForm(page);
      await page.getByRole("textbox", { name: "CPUs" }).fill("64");
      await page.getByRole("textbox", { name: "Resources" }).fill("a resource with a rather long name that nobody has");
      await page.getByRole("button", { name: "Run there" }).click();
    },
  }),
  state("cluster-form-off", titled(), { more: clusterPushes({ status: "off", address }), act: openForm }),
];
