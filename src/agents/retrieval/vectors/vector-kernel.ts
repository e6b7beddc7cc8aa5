import { readFileSync } from "node:fs";
import { growMemory, startWasm, type WasmMemory } from "../../base/web-assembly.ts";
import { programLocation } from "../worker-location.ts";
import { plainKernel } from "./plain-kernel.ts";

/* oxlint-disable max-params -- the functions of a WebAssembly module take numbers */
/** What compares vectors. All places are in bytes of the buffer; see `vector-kernel.wat`. */
export interface KernelFunctions {
  /** Another one after it has grown. */
  buffer(): ArrayBuffer;
  /** By at least so many bytes. @throws RangeError where there is no memory left */
  grow(bytes: number): void;
  scan(rows: number, count: number, width: number, query: number, factors: number, scores: number): void;
  measure(rows: number, count: number, width: number, factors: number): void;
}
/* oxlint-enable max-params */

/** A kernel, and what it is made of. `reason`: why it is the slower one. */
export type VectorKernel = KernelFunctions &
  ({ readonly kind: "simd" } | { readonly kind: "plain"; readonly reason: string });

type Exports = Pick<KernelFunctions, "scan" | "measure"> & {
  readonly memory: WasmMemory;
};

/**
 * Makes a kernel with an empty memory of its own: the one that the build has assembled, or the same in JavaScript where
 * that is missing or WebAssembly has no SIMD.
 *
 * @param program the assembled kernel; beside the bundle where left out
 */
export function createVectorKernel(program: URL = kernelLocation()): VectorKernel {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- assembled from vector-kernel.wat
    const { memory, scan, measure } = startWasm(readFileSync(program)) as Exports;
    return {
      kind: "simd",
      buffer: () => memory.buffer,
      grow: (bytes) => growMemory(memory, bytes),
      scan,
      measure,
    };
  } catch (error) {
    return { ...plainKernel(), kind: "plain", reason: error instanceof Error ? error.message : String(error) };
  }
}

/** Beside the bundle; when this runs from its source, where the build has put it. */
function kernelLocation(): URL {
  const beside = programLocation("vector-kernel");
  return beside.href.endsWith(".ts")
    ? new URL("../../../dist/vector-kernel.wasm", beside)
    : new URL("./vector-kernel.wasm", beside);
}
