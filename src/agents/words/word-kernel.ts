import { MemoryView, startWasm, type WasmMemory } from "../base/web-assembly.ts";
import { wordKernelProgram } from "./word-kernel-program.ts";

interface Global {
  readonly value: number;
}

/* oxlint-disable max-params -- the functions of a WebAssembly module take numbers */
/** What finds the terms of words; see `word-kernel.wat`. All places are in bytes of {@link wordMemory}. */
interface WordKernel {
  readonly memory: WasmMemory;
  /** Room for {@link scratchBytes} at the beginning of the memory. */
  readonly scratch: Global;
  /** Where tables begin. */
  readonly slots: Global;
  readonly records: Global;
  readonly longWords: Global;
  readonly lists: Global;
  readonly terms: Global;
  readonly longTerms: Global;
  /** From here on texts may stand, and what is found. */
  readonly text: Global;
  /** Of a word that was not found. */
  readonly from: Global;
  readonly to: Global;
  readonly hash: Global;
  readonly slot: Global;
  find(from: number, to: number): number;
  write(from: number, to: number, passage: number, out: number): number;
}
/* oxlint-enable max-params */

/** More may be read or written behind what is asked for. */
const spareBytes = 64;

/** How much {@link WordKernel.scratch} has room for. */
export const scratchBytes = 1024;

/** One for each thread. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- assembled from word-kernel.wat
export const wordKernel = startWasm(Buffer.from(wordKernelProgram, "base64")) as WordKernel;

export const wordMemory = new MemoryView(wordKernel.memory);

/** Makes sure that bytes can be written up to an end. */
export function makeRoomUpTo(end: number): void {
  wordMemory.makeRoomUpTo(end + spareBytes);
}
