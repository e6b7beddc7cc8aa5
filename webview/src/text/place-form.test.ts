import { expect, test } from "vitest";
import type { ClusterState } from "../../../src/agents/protocol/cluster-state.ts";
import { usualClusterPlace } from "../../../src/agents/protocol/run-place.ts";
import { type PlaceFields, isTooMuch, placeFields, readPlaceForm } from "./place-form.ts";

const usual: PlaceFields = { cpus: "1", memory: "", gpus: "0", custom: "" };
const big = { ...usualClusterPlace, cpus: 4, gpus: 1, memoryBytes: 16 * 2 ** 30, custom: { fast: 1, ssd: 0.5 } };

test("a form says what was chosen, and reads as the same again", () => {
  expect(placeFields(usualClusterPlace)).toEqual(usual);
  expect(placeFields(big)).toEqual({ cpus: "4", memory: "16", gpus: "1", custom: "fast=1, ssd=0.5" });
  expect([usualClusterPlace, big].map((place) => readPlaceForm(placeFields(place)))).toEqual([
    { place: usualClusterPlace },
    { place: big },
  ]);
});

test.each<[Partial<PlaceFields>, object]>([
  [{ cpus: " 0,5 " }, { cpus: 0.5 }],
  [{ memory: "1.5" }, { memoryBytes: 1.5 * 2 ** 30 }],
  [{ memory: "16 GB" }, { memoryBytes: 2 ** 34 }],
  [{ memory: "0" }, { memoryBytes: 0 }],
  [{ gpus: "" }, { gpus: 0 }],
  [{ custom: "fast = 2，ssd:1" }, { custom: { fast: 2, ssd: 1 } }],
  [{ custom: " , " }, { custom: {} }],
])("%j is understood", (fields, expected) => {
  expect(readPlaceForm({ ...usual, ...fields })).toMatchObject({ place: expected });
});

test.each<[Partial<PlaceFields>, keyof PlaceFields]>([
  [{ cpus: "" }, "cpus"],
  [{ cpus: "-1" }, "cpus"],
  [{ cpus: "1e9" }, "cpus"],
  [{ memory: "much" }, "memory"],
  [{ memory: "16 MB" }, "memory"],
  [{ gpus: "one" }, "gpus"],
  [{ custom: "fast" }, "custom"],
  [{ custom: "fast=" }, "custom"],
  [{ custom: "fast=x" }, "custom"],
  [{ custom: "=1" }, "custom"],
])("%j makes no sense in %s", (fields, wrong) => {
  expect(readPlaceForm({ ...usual, ...fields })).toEqual({ wrong });
});

test("what no machine of a cluster has is too much; of one that is not connected to nothing is known", () => {
  const up: ClusterState = {
    status: "up",
    address: "http://head:8265",
    machines: [
      { cpus: 8, gpus: 0, memoryBytes: 2 ** 33, custom: { fast: 1 } },
      { cpus: 4, gpus: 0, memoryBytes: 2 ** 33, custom: {} },
    ],
    cpus: 12,
    gpus: 0,
    memoryBytes: 2 ** 34,
    free: { cpus: 1, gpus: 0, memoryBytes: 2 ** 30 },
    custom: ["fast"],
    children: 0,
  };
  expect(
    [
      { ...usualClusterPlace, cpus: 8, memoryBytes: 2 ** 33, custom: { fast: 1, "node:10.0.0.1": 0.1 } },
      { ...usualClusterPlace, cpus: 12 },
      { ...usualClusterPlace, custom: { fast: 2 } },
      { ...usualClusterPlace, gpus: 1 },
      { ...usualClusterPlace, memoryBytes: 2 ** 35 },
      { ...usualClusterPlace, custom: { ssd: 1 } },
      { ...usualClusterPlace, custom: { ssd: 0 } },
    ].map((place) => isTooMuch(place, up)),
  ).toEqual([false, true, true, true, true, true, false]);
  expect(isTooMuch({ ...usualClusterPlace, cpus: 99 }, { status: "off", address: "a" })).toBe(false);
});
