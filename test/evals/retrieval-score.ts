function discounted(scores: readonly number[]): number {
  return scores.slice(0, 10).reduce((total, score, rank) => total + score / Math.log2(rank + 2), 0);
}

/** Normalised discounted cumulative gain of the first ten documents: 1 when the best stand first. */
export function gain(found: readonly string[], relevant: ReadonlyMap<string, number>): number {
  const ideal = discounted([...relevant.values()].toSorted((left, right) => right - left));
  return ideal === 0 ? 0 : discounted(found.map((document) => relevant.get(document) ?? 0)) / ideal;
}

/** Share of the relevant documents among the first `count`. */
export function recall(found: readonly string[], relevant: ReadonlyMap<string, number>, count: number): number {
  const wanted = [...relevant].filter(([, score]) => score > 0).map(([document]) => document);
  const first = new Set(found.slice(0, count));
  return wanted.length === 0 ? 0 : wanted.filter((document) => first.has(document)).length / wanted.length;
}

type Span = readonly [start: number, end: number];

function union(spans: readonly Span[]): readonly Span[] {
  const joined: [number, number][] = [];
  for (const [start, end] of spans.toSorted((left, right) => left[0] - right[0])) {
    const last = joined.at(-1);
    if (last !== undefined && start <= last[1]) {
      last[1] = Math.max(last[1], end);
    } else {
      joined.push([start, end]);
    }
  }
  return joined;
}

const lengthOf = (spans: readonly Span[]): number => spans.reduce((sum, [start, end]) => sum + end - start, 0);

/**
 * How well stretches of text cover those that answer: `recall` is the covered share of the answer, `precision` the share
 * of what was found that is answer.
 *
 * @param otherLength of what was found in other documents
 */
export function coverage(
  found: readonly Span[],
  wanted: readonly Span[],
  otherLength: number,
): { readonly recall: number; readonly precision: number } {
  const joined = union(found);
  const answer = union(wanted);
  const covered = answer.flatMap(([start, end]) =>
    joined.map(([from, to]) => Math.max(0, Math.min(end, to) - Math.max(start, from))),
  );
  const hit = covered.reduce((sum, length) => sum + length, 0);
  const all = lengthOf(found) + otherLength;
  return { recall: hit / Math.max(1, lengthOf(answer)), precision: all === 0 ? 0 : hit / all };
}
