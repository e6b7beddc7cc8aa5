import { expect, test } from "vitest";
import type { ClusterState } from "../../../src/agents/protocol/cluster-state.ts";
import { type KernelState, usualClusterPlace } from "../../../src/agents/protocol/run-place.ts";
import { stringsFor } from "../strings/strings.ts";
import { createFormat } from "./format.ts";
import { describeKernel, describeSize, kernelTrouble } from "./kernel-words.ts";

const address = "http://head:8265";
const shares = { cpus: 12, gpus: 0, memoryBytes: 2 ** 34 };
const up: ClusterState = {
  status: "up",
  address,
  machines: [{ ...shares, custom: {} }],
  ...shares,
  free: shares,
  custom: [],
  children: 1,
};
const connecting: ClusterState = { status: "connecting", address, step: "linking" };
const cut: ClusterState = { status: "reconnecting", address, since: 1, reason: "r" };

test.each<[ClusterState | undefined, KernelState["phase"] | undefined, string | null]>([
  [up, "running", null],
  [up, "none", null],
  [up, undefined, null],
  [up, "starting", "starting"],
  [up, "waiting", "waiting"],
  [up, "ended", "ended"],
  [up, "failed", "failed"],
  [cut, "reconnecting", "reconnecting"],
  [cut, "none", null],
  [connecting, "starting", "connecting"],
  [connecting, "none", "connecting"],
  [{ status: "off", address }, "none", "off"],
  [{ status: "off", address }, undefined, "off"],
  [{ status: "none" }, "none", "off"],
  [{ status: "failed", address, problem: { code: "x", message: "m", details: {} } }, "failed", "failed"],
  [undefined, undefined, "off"],
])("with the cluster %j, a Python that is %s says %s", (cluster, phase, expected) => {
  expect(kernelTrouble(cluster, phase === undefined ? undefined : { phase, detail: "" })).toBe(expected);
});

const big = { ...usualClusterPlace, cpus: 4, gpus: 1, memoryBytes: 17_179_869_184, custom: { fast: 0.5 } };
const [en, zh] = [stringsFor("en"), stringsFor("zh-cn")];

test("a size is said whole", () => {
  const format = createFormat("en");
  expect([big, usualClusterPlace].map((place) => describeSize(place, en, format))).toEqual([
    "4 CPUs, 16 GB, 1 GPU, fast=0.5",
    "1 CPU",
  ]);
  expect(describeSize(big, zh, createFormat("zh-cn"))).toBe("4 个 CPU、16 GB、1 个 GPU、fast=0.5");
});

test("a chip says where and how big it is, or what is the matter; its tooltip everything", () => {
  const kernel: KernelState = { phase: "running", node: "10.0.0.6", python: "Python 3.11.7 · pandas", detail: "" };
  const format = createFormat("en");
  const say = (facts: Partial<Parameters<typeof describeKernel>[0]>) =>
    describeKernel({ place: big, kernel, trouble: null, address, ...facts }, en, format);
  expect(say({})).toEqual([
    "Cluster · 16 GB · 10.0.0.6",
    "Runs on the cluster at http://head:8265",
    "4 CPUs, 16 GB, 1 GPU, fast=0.5 · 10.0.0.6",
    "Python 3.11.7 · pandas",
    "",
    "",
  ]);
  expect(say({ place: usualClusterPlace, kernel: undefined, address: "" })[0]).toBe("Cluster · 1 CPU");
  const waiting = say({ trouble: "waiting", kernel: { phase: "waiting", detail: "No room." } });
  expect(waiting.filter((line) => line !== "")).toEqual([
    "Cluster · waiting for room",
    "Runs on the cluster at http://head:8265",
    "4 CPUs, 16 GB, 1 GPU, fast=0.5",
    "It starts as soon as the cluster has room for it.",
    "No room.",
  ]);
});
