import { startWasm, type WasmMemory, wasmPageBytes } from "../base/web-assembly.ts";
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

/** The kernel's memory, seen as bytes and as whole numbers of 32 bits. */
interface FindMemory {
  readonly bytes: Buffer;
  readonly numbers: Int32Array;
}

function memoryNow(): FindMemory {
  const { buffer } = findKernel.memory;
  return { bytes: Buffer.from(buffer), numbers: new Int32Array(buffer) };
}

/** Another one after {@link makeRoomToFind}. */
export let findMemory = memoryNow();

/** Makes sure that bytes can be written up to an end. */
export function makeRoomToFind(end: number): void {
  const lacking = end - findMemory.bytes.length;
  if (lacking > 0) {
    findKernel.memory.grow(Math.ceil(lacking / wasmPageBytes));
    findMemory = memoryNow();
  }
}
