/** The candidate that `name` is most likely a slip of the hand for; `undefined` where none is close. */
export function similarName(name: string, candidates: readonly string[]): string | undefined {
  const wanted = plain(name);
  const most = wanted.length <= 3 ? 1 : wanted.length <= 8 ? 2 : 3;
  const near = candidates
    .filter((candidate) => candidate !== name && Math.abs(candidate.length - name.length) <= most)
    .map((candidate) => ({ candidate, apart: distance(wanted, plain(candidate)) }))
    .filter(({ apart, candidate }) => apart <= most && apart < candidate.length);
  return near.toSorted((one, other) => one.apart - other.apart)[0]?.candidate;
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[-_ ]/gu, "");
}

/** Letters to add, take away, change or swap with their neighbour (optimal string alignment). */
function distance(one: string, other: string): number {
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1];
      const swapped = row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      current[column] = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (before[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [before, last] = [last, current];
  }
  return last[other.length] ?? 0;
}
