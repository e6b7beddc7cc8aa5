import type { NamedPassage } from "./passage-shelf.ts";

/** So many of the best are kept, by words and by meaning, unless they are far behind the first. */
export const fewestPassages = 4;
/** These are kept in any case. */
const surePassages = 2;
/** Measured on prose and code, English and Chinese: nothing that answers lies below these shares of the best score. */
const leastShare = 0.3;
const leastShareOfFew = 0.15;
/** Nor behind a passage that has less than this share of the score before it. */
const leastStep = 0.7;

/** The passages of one search, best first, without those that score so far below the best that they only distract. */
export function withoutFarOff(found: readonly NamedPassage[]): readonly NamedPassage[] {
  const best = found[0]?.score ?? 0;
  const byMeaning = found
    .flatMap(({ scores }) => scores?.vector ?? [])
    .toSorted((a, b) => b - a)
    .at(fewestPassages - 1);
  const drop = found.findIndex(
    ({ score }, rank) => rank >= fewestPassages && score < (found[rank - 1]?.score ?? 0) * leastStep,
  );
  const isNear = (score: number, rank: number): boolean =>
    rank < surePassages ||
    (rank < fewestPassages ? score >= best * leastShareOfFew : score >= best * leastShare && (drop < 0 || rank < drop));
  return found.filter(
    ({ score, scores }, rank) =>
      isNear(score, rank) || (byMeaning !== undefined && (scores?.vector ?? Number.NEGATIVE_INFINITY) >= byMeaning),
  );
}

/** A year, a date or a version in the name of a file or a folder. */
const dated = /(?<!\d)(?:19|20)\d\d(?:[-_.年/]?\d{1,2}){0,2}(?!\d)|\bv\d+(?:[._]\d+)*\b/giu;
const mostSiblings = 2;
/** A sibling matches alike with this share of the score of its kin. */
const siblingShare = 0.5;

/**
 * Adds the best passages of files that are called as those of kept ones but for a date or a version: which of them holds
 * is to be told by reading them.
 *
 * @param kept Some of those that were found.
 * @param found Best first.
 */
export function withSiblings(kept: readonly NamedPassage[], found: readonly NamedPassage[]): readonly NamedPassage[] {
  const files = new Set(kept.map(({ file }) => file));
  const isSibling = ({ file, path, score }: NamedPassage): boolean =>
    !files.has(file) &&
    path.search(dated) >= 0 &&
    kept.some((other) => undated(other.path) === undated(path) && score >= other.score * siblingShare);
  const best = [...Map.groupBy(found.filter(isSibling), ({ file }) => file).values()].flatMap(([first]) => first ?? []);
  const latest = best.toSorted((a, b) => b.path.localeCompare(a.path, "en", { numeric: true })).slice(0, mostSiblings);
  return [...kept, ...latest];
}

function undated(path: string): string {
  return path.replaceAll(dated, "#");
}

/** So many passages of one file are read before others have to wait for those of other files. */
const mostOfFile = 6;

/** The best passages; of more than are wanted, further ones of one file wait behind those of others. */
export function spreadOverFiles(found: readonly NamedPassage[], most: number): readonly NamedPassage[] {
  const counts = new Map<string, number>();
  const further = new Set<NamedPassage>();
  for (const passage of found) {
    const count = (counts.get(passage.file) ?? 0) + 1;
    counts.set(passage.file, count);
    if (count > mostOfFile) {
      further.add(passage);
    }
  }

  const inOrder = [...found.filter((passage) => !further.has(passage)), ...further];
  const chosen = new Set(inOrder.slice(0, most));
  return found.filter((passage) => chosen.has(passage));
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
