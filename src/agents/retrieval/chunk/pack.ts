import type { Atoms } from "./atoms.ts";

/** Bounds of a passage, in weight (see {@link Atoms}). */
export interface PackLimits {
  /** No passage but a last one weighs more. */
  readonly most: number;
  /** Share of `most` below which a passage is not ended, however good the place. */
  readonly least: number;
}

/** A last passage may weigh this much more than `most`, so that no crumb is left over. */
const lastMayExceed = 1.12;
/** What a full passage is worth against a better place to cut. */
const fullness = 4;

/**
 * Joins pieces to passages: each ends at the best place among those that leave it full enough.
 *
 * @returns the index of the first piece of each passage
 */
export function pack({ strengths, weights }: Atoms, { most, least }: PackLimits): readonly number[] {
  const count = strengths.length;
  const firsts: number[] = [];
  let first = 0;
  while (first < count) {
    firsts.push(first);
    const base = weights[first] ?? 0;
    if ((weights[count] ?? 0) - base <= most * lastMayExceed) {
      break;
    }
    let best = first + 1;
    let bestScore = -1;
    for (let next = first + 1; next < count; next += 1) {
      const weight = (weights[next] ?? 0) - base;
      if (weight > most) {
        break;
      }
      const score = (strengths[next] ?? 0) + (fullness * weight) / most;
      if ((weight >= most * least || bestScore < 0) && score >= bestScore) {
        best = next;
        bestScore = score;
      }
    }
    first = best;
  }
  return firsts;
}
