/** A term with the passages that have it. */
export interface TermPassages {
  /** What having the term is worth, above 0. */
  readonly rarity: number;
  /** The numbers of the passages, rising. */
  readonly passages: Uint32Array;
}

/** How many passages are chosen. */
export interface ChoiceSize {
  /** So many, where there are. */
  readonly least: number;
  /** More than `least` only as long as they are worth as much as the last of these. */
  readonly most: number;
}

/** Of the rarities of all terms together: sums are whole numbers up to this. */
const mostSteps = 2000;
/** Set in the sum of a passage with more than one term. */
const severalBit = 0x8000;

/** The sum of each passage, by its number; zeros between questions. */
let sums = new Uint16Array(1 << 10);

function makeRoom(lists: readonly Uint32Array[]): void {
  const highest = lists.reduce((most, passages) => Math.max(most, passages.at(-1) ?? 0), 0);
  if (highest >= sums.length) {
    sums = new Uint16Array(Math.ceil(highest * 1.25) + 1);
  }
}

/** Sums what terms are worth. @returns the passages that have more than one */
function sumUp(lists: readonly Uint32Array[], steps: readonly number[]): readonly number[] {
  const several: number[] = [];
  lists.forEach((passages, list) => {
    const step = steps[list] ?? 0;
    const { length } = passages;
    for (let at = 0; at < length; at += 1) {
      const passage = passages[at] ?? 0;
      const before = sums[passage] ?? 0;
      if (before === 0) {
        sums[passage] = step;
      } else {
        if (before < severalBit) {
          several.push(passage);
        }
        sums[passage] = (before + step) | severalBit;
      }
    }
  });
  return several;
}

/** The lowest sum of the best. @param counts of passages by their sums */
function lowestOf(counts: Uint32Array, least: number): number {
  let sum = counts.length - 1;
  for (let left = least - (counts[sum] ?? 0); left > 0 && sum > 0; left -= counts[sum] ?? 0) {
    sum -= 1;
  }
  return sum;
}

/**
 * The passages that have the rarest of the terms together.
 *
 * @param within by number, 1 for the passages that may be chosen; `null` where all may
 * @returns by their numbers, the sum of the rarities of the terms that each has, rounded
 */
export function choosePassages(
  terms: readonly TermPassages[],
  { least, most }: ChoiceSize,
  within: Uint8Array | null,
): ReadonlyMap<number, number> {
  const all = terms.reduce((sum, { rarity }) => sum + rarity, 0);
  const steps = terms.map(({ rarity }) => Math.max(1, Math.round((rarity / all) * mostSteps)));
  const lists = terms.map(({ passages }) =>
    within === null ? passages : passages.filter((passage) => within[passage] === 1),
  );
  makeRoom(lists);
  const several = sumUp(lists, steps);
  const counts = new Uint32Array(mostSteps + terms.length + 1);
  for (const passage of several) {
    const sum = (sums[passage] ?? 0) - severalBit;
    counts[sum] = (counts[sum] ?? 0) + 1;
  }
  // Passages with one term alone, where those with more do not leave them behind.
  const alone = lists.flatMap((passages, list) => {
    const step = steps[list] ?? 0;
    if (step < lowestOf(counts, least)) {
      return [];
    }
    const some = Array.from(passages.filter((passage) => sums[passage] === step).subarray(0, most));
    counts[step] = (counts[step] ?? 0) + some.length;
    return some;
  });
  const lowest = lowestOf(counts, least);
  const sumOf = (passage: number): number => (sums[passage] ?? 0) & ~severalBit;
  const better = several.filter((passage) => sumOf(passage) > lowest);
  better.push(...alone.filter((passage) => sumOf(passage) > lowest));
  const last = several.filter((passage) => sumOf(passage) === lowest);
  last.push(...alone.filter((passage) => sumOf(passage) === lowest));
  const chosen = [...better, ...last.slice(0, Math.max(0, most - better.length))];
  const worth = new Map(chosen.map((passage) => [passage, (sumOf(passage) / mostSteps) * all]));
  sums.fill(0);
  return worth;
}
