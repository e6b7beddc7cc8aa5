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
export const wasmPageBytes = 65_536;

/**
 * Starts a program of ours that imports nothing.
 *
 * @returns What it exports, as its text (`*.wat`) says.
 * @throws Error where it is none, or where WebAssembly has not what it uses, such as SIMD
 */
export function startWasm(program: Uint8Array): object {
  return new WebAssembly.Instance(new WebAssembly.Module(program)).exports;
}
