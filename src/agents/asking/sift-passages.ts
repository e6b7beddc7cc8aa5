import type { NamedPassage } from "./passage-shelf.ts";

/** So many of the best are kept, by words and by meaning, however far behind the first they are. */
const fewestPassages = 4;
/** Measured on prose and code, English and Chinese: nothing that answers lies below this share of the best score. */
const leastShare = 0.3;

/** The passages of one search, best first, without those that score so far below the best that they only distract. */
export function withoutFarOff(found: readonly NamedPassage[]): readonly NamedPassage[] {
  const best = found[0]?.score ?? 0;
  const byMeaning = found
    .flatMap(({ scores }) => scores?.vector ?? [])
    .toSorted((a, b) => b - a)
    .at(fewestPassages - 1);
  return found.filter(
    ({ score, scores }, rank) =>
      rank < fewestPassages ||
      score >= best * leastShare ||
      (byMeaning !== undefined && (scores?.vector ?? Number.NEGATIVE_INFINITY) >= byMeaning),
  );
}

/** Passages of which no two say the same: the first of them tells where else it stands. */
export function withoutCopies(found: readonly NamedPassage[]): readonly NamedPassage[] {
  const groups = Map.groupBy(found, ({ text }) => comparable(text));
  return [...groups.values()].flatMap(([first, ...others]) => {
    if (first === undefined) {
      return [];
    }

    const copies = [...new Set(others.map(({ name }) => name))];
    return [copies.length === 0 ? first : { ...first, copies }];
  });
}

/** A copy may break its lines elsewhere. */
function comparable(text: string): string {
  return text.toLowerCase().replaceAll(/\s+/gu, " ").trim();
}
