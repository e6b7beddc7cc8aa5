/** Rows of the kernel are multiples of this, in bytes. */
const rowStep = 32;

/** The length of a vector as the kernel wants it, in bytes. */
export function rowWidth(dimensions: number): number {
  return Math.ceil(dimensions / rowStep) * rowStep;
}

/** A vector as whole numbers from -127 to 127: its direction, to within half a percent. */
export function toWholeNumbers(vector: ArrayLike<number>, into: Int8Array | Int16Array): void {
  let largest = 0;
  for (let at = 0; at < vector.length; at += 1) {
    largest = Math.max(largest, Math.abs(vector[at] ?? 0));
  }
  for (let at = 0; at < vector.length; at += 1) {
    into[at] = Math.round(((vector[at] ?? 0) / largest) * 127);
  }
}
