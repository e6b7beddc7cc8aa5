/** How good it is to begin a passage at a line; the passage begins there rather than a little later when it is higher. */
export const strength = { none: 0, sentence: 1, line: 2, paragraph: 4, block: 6, heading: 8 } as const;

/** Where a text may be cut, and what its lines stand under. */
export interface LineBreaks {
  /** For each line one of {@link strength}: of a cut before it. */
  readonly strengths: Uint8Array;
  /** What a line stands under; empty where nothing. */
  placeOf(line: number): string;
}
