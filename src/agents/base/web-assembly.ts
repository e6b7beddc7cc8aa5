/** What is used of WebAssembly, which Node has and its types leave out. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
};

/** A memory of WebAssembly: its buffer is another one after it has grown. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** Bytes of a page, in which memories grow. */
const pageBytes = 65_536;

/** By at least so many bytes. @throws RangeError where there is no memory left */
export function growMemory(memory: WasmMemory, bytes: number): void {
  memory.grow(Math.ceil(bytes / pageBytes));
}

/** A memory of WebAssembly, seen as bytes and as whole numbers of 32 bits. */
export class MemoryView {
  readonly #memory: WasmMemory;
  /** Another one after {@link makeRoomUpTo}. */
  bytes: Buffer;
  /** As {@link bytes}. */
  numbers: Int32Array;

  constructor(memory: WasmMemory) {
    this.#memory = memory;
    this.bytes = Buffer.from(memory.buffer);
    this.numbers = new Int32Array(memory.buffer);
  }

  /** Makes sure that bytes can be written up to an end. */
  makeRoomUpTo(end: number): void {
    const lacking = end - this.bytes.length;
    if (lacking > 0) {
      growMemory(this.#memory, lacking);
      this.bytes = Buffer.from(this.#memory.buffer);
      this.numbers = new Int32Array(this.#memory.buffer);
    }
  }
}

/**
 * Starts a program of ours that imports nothing.
 *
 * @returns What it exports, as its text (`*.wat`) says.
 * @throws Error where it is none, or where WebAssembly has not what it uses, such as SIMD
 */
export function startWasm(program: Uint8Array): object {
  return new WebAssembly.Instance(new WebAssembly.Module(program)).exports;
}
