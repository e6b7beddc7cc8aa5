import type { ClusterMachine, ClusterState } from "../../../src/agents/protocol/cluster-state.ts";
import type { ClusterPlace } from "../../../src/agents/protocol/run-place.ts";

/** The form that says how much of a cluster a session is given, as it is filled in. */
export interface PlaceFields {
  readonly cpus: string;
  /** In GB; empty: no limit. */
  readonly memory: string;
  readonly gpus: string;
  /** Such as `fast=1, ssd=0.5`. */
  readonly custom: string;
}

/** What is chosen by a form, or the field that makes no sense as it is filled in. */
export type PlaceReading = { readonly place: ClusterPlace } | { readonly wrong: keyof PlaceFields };

/** So many bytes are one GB, as Ray and its command line count. */
export const bytesPerGigabyte = 2 ** 30;

/** The form for what was chosen. */
export function placeFields({ cpus, gpus, memoryBytes, custom }: ClusterPlace): PlaceFields {
  return {
    cpus: String(cpus),
    memory: memoryBytes === 0 ? "" : String(gigabytes(memoryBytes)),
    gpus: String(gpus),
    custom: Object.entries(custom)
      .map(([name, count]) => `${name}=${count}`)
      .join(", "),
  };
}

/** Bytes in GB, with one digit behind the point. */
export function gigabytes(bytes: number): number {
  return Math.round((bytes / bytesPerGigabyte) * 10) / 10;
}

/** Reads a form. */
export function readPlaceForm(fields: PlaceFields): PlaceReading {
  const cpus = amount(fields.cpus);
  const memory = fields.memory.trim() === "" ? 0 : amount(fields.memory.replace(/\s*(?:GB|GiB|G)$/iu, ""));
  const gpus = fields.gpus.trim() === "" ? 0 : amount(fields.gpus);
  const custom = readCustom(fields.custom);
  if (cpus === null) {
    return { wrong: "cpus" };
  }

  if (memory === null) {
    return { wrong: "memory" };
  }

  if (gpus === null) {
    return { wrong: "gpus" };
  }

  return custom === null
    ? { wrong: "custom" }
    : { place: { kind: "cluster", cpus, gpus, memoryBytes: Math.round(memory * bytesPerGigabyte), custom } };
}

/** Whether no machine of a cluster would have what is wanted of one, were it idle; unknown ones might. */
export function isTooMuch(place: ClusterPlace, cluster: ClusterState): boolean {
  return cluster.status === "up" && !cluster.machines.some((machine) => wouldDo(machine, place));
}

function wouldDo(machine: ClusterMachine, { cpus, gpus, memoryBytes, custom }: ClusterPlace): boolean {
  const hasOwn = Object.entries(custom).every(
    // Ray has resources that name a machine, which are not told.
    ([name, wanted]) => name.startsWith("node:") || wanted <= (machine.custom[name] ?? 0),
  );
  return cpus <= machine.cpus && gpus <= machine.gpus && memoryBytes <= machine.memoryBytes && hasOwn;
}

function readCustom(text: string): Readonly<Record<string, number>> | null {
  const parts = text
    .split(/[,，;；\n]/u)
    .map((part) => part.trim())
    .filter((part) => part !== "");
  const entries = parts.map((part) => /^([^\s=＝:]+)\s*[=＝:]\s*(\S+)$/u.exec(part));
  const read = entries.map((found) => [found?.[1] ?? "", amount(found?.[2] ?? "")] as const);
  const amounts = read.flatMap(([name, value]) => (name === "" || value === null ? [] : [[name, value] as const]));
  return amounts.length === parts.length ? Object.fromEntries(amounts) : null;
}

/** A number that is not negative, with a point or a comma; `null` for anything else. */
function amount(text: string): number | null {
  const value = /^\d+(?:[.,]\d+)?$/u.test(text.trim()) ? Number(text.trim().replace(",", ".")) : Number.NaN;
  return Number.isFinite(value) ? value : null;
}
