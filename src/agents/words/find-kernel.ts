import { MemoryView, startWasm, type WasmMemory } from "../base/web-assembly.ts";
import { findKernelProgram } from "./find-kernel-program.ts";

interface Global {
  readonly value: number;
}

/** What finds words of texts; see `find-kernel.wat`. All places are in bytes of {@link findMemory}. */
interface FindKernel {
  readonly memory: WasmMemory;
  /** Where tables begin, with a byte for each UTF-16 unit. */
  readonly ofWords: Global;
  readonly first: Global;
  readonly second: Global;
  /** From here on a text may stand, and what is found. */
  readonly text: Global;
  // oxlint-disable-next-line max-params -- the functions of a WebAssembly module take numbers
  find(at: number, end: number, longest: number, out: number): number;
}

/** One for each thread. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- assembled from find-kernel.wat
export const findKernel = startWasm(Buffer.from(findKernelProgram, "base64")) as FindKernel;

export const findMemory = new MemoryView(findKernel.memory);
