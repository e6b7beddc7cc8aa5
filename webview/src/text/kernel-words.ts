import type { ClusterState } from "../../../src/agents/protocol/cluster-state.ts";
import type { ClusterPlace, KernelState } from "../../../src/agents/protocol/run-place.ts";
import type { Strings } from "../strings/en.ts";
import type { Format } from "./format.ts";
import { gigabytes } from "./place-form.ts";

/** What there is to say about a Python on a cluster that does not simply run. */
export type KernelTrouble = keyof Strings["kernelPhases"];

/** How a Python on a cluster is; `null` where it runs, or will with the next code. */
export function kernelTrouble(
  cluster: ClusterState | undefined,
  kernel: KernelState | undefined,
): KernelTrouble | null {
  const phase = kernel?.phase ?? "none";
  if (cluster?.status === "connecting" && (phase === "starting" || phase === "none")) {
    return "connecting";
  }

  if (phase === "running" || phase === "none") {
    return cluster?.status === "up" || cluster?.status === "reconnecting" ? null : "off";
  }

  return phase;
}

/** What is known of a Python on a cluster. */
export interface KernelFacts {
  readonly place: ClusterPlace;
  readonly kernel: KernelState | undefined;
  readonly trouble: KernelTrouble | null;
  /** Of the cluster; empty where there is none. */
  readonly address: string;
}

/** What its chip says, and then the lines that say more; those may be empty. */
export function describeKernel(
  { place, kernel, trouble, address }: KernelFacts,
  strings: Strings,
  format: Format,
): readonly string[] {
  const node = kernel?.node ?? "";
  const facts = trouble === null ? [describeSizeShort(place, strings, format), node] : [strings.kernelPhases[trouble]];
  return [
    joined([strings.cluster, ...facts]),
    address === "" ? "" : strings.clusterAt(address),
    joined([describeSize(place, strings, format), node]),
    kernel?.python ?? "",
    strings.kernelAdvice[trouble ?? ""] ?? "",
    kernel?.detail ?? "",
  ];
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(" · ");
}

/** All that a place gives, such as `4 CPUs, 16 GB, 1 GPU, fast=1`. */
export function describeSize(place: ClusterPlace, strings: Strings, format: Format): string {
  const { cpus, gpus, memoryBytes, custom } = place;
  return [
    strings.cpus(format.number(cpus), cpus),
    ...(memoryBytes > 0 ? [strings.gigabytes(format.number(gigabytes(memoryBytes)))] : []),
    ...(gpus > 0 ? [strings.gpus(format.number(gpus), gpus)] : []),
    ...Object.entries(custom).map(([name, count]) => `${name}=${format.number(count)}`),
  ].join(strings.listSeparator);
}

/** What matters most of it, in a word or two. */
function describeSizeShort({ cpus, memoryBytes }: ClusterPlace, strings: Strings, format: Format): string {
  return memoryBytes > 0
    ? strings.gigabytes(format.number(gigabytes(memoryBytes)))
    : strings.cpus(format.number(cpus), cpus);
}
