import type { KernelFunctions } from "./vector-kernel.ts";

/* oxlint-disable max-params -- the functions of a WebAssembly module take numbers */
/** The functions of the kernel in JavaScript, for where WebAssembly has no SIMD: some ten times slower. */
export function plainKernel(): KernelFunctions {
  let buffer = new ArrayBuffer(0);
  const floats = (at: number, count: number): Float32Array => new Float32Array(buffer, at, count);
  return {
    buffer: () => buffer,
    grow: (bytes) => {
      const larger = new ArrayBuffer(buffer.byteLength + bytes);
      new Uint8Array(larger).set(new Uint8Array(buffer));
      buffer = larger;
    },
    scan: (rows, count, width, query, factors, scores) => {
      const bytes = new Int8Array(buffer, rows, count * width);
      const wanted = new Int16Array(buffer, query, width);
      const weights = floats(factors, count);
      const results = floats(scores, count);
      for (let row = 0; row < count; row += 1) {
        results[row] = product(bytes, row * width, wanted) * (weights[row] ?? 0);
      }
    },
    measure: (rows, count, width, factors) => {
      const bytes = new Int8Array(buffer, rows, count * width);
      const weights = floats(factors, count);
      for (let row = 0; row < count; row += 1) {
        const squares = product(bytes, row * width, bytes.subarray(row * width, (row + 1) * width));
        weights[row] = squares === 0 ? 0 : 1 / Math.sqrt(squares);
      }
    },
  };
}

/* oxlint-enable max-params */

function product(bytes: Int8Array, from: number, wanted: Int16Array | Int8Array): number {
  let sum = 0;
  for (let at = 0; at < wanted.length; at += 1) {
    sum += (bytes[from + at] ?? 0) * (wanted[at] ?? 0);
  }
  return sum;
}
