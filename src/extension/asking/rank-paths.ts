/** A file, and its path as a person reads it, with `/` between folders. */
export interface LabelledPath {
  readonly path: string;
  readonly label: string;
}

/**
 * The files in whose label the typed letters stand in that order, best first: in the name before in the folder, at the
 * start of a word before inside it, together before apart; shorter labels first among equals.
 */
export function rankPaths<T extends LabelledPath>(places: readonly T[], typed: string, most: number): readonly T[] {
  const wanted = typed.toLowerCase();
  return places
    .map((place) => ({ place, score: scoreOf(place.label, wanted) }))
    .filter(({ score }) => score > -Infinity)
    .toSorted((a, b) => b.score - a.score || compareLabels(a.place.label, b.place.label))
    .slice(0, most)
    .map(({ place }) => place);
}

function scoreOf(label: string, wanted: string): number {
  if (wanted === "") {
    return 0;
  }

  const name = label.slice(label.lastIndexOf("/") + 1);
  return Math.max(lettersScore(name, wanted) + 100, lettersScore(label, wanted));
}

/** `-Infinity` where a letter is missing. */
function lettersScore(text: string, wanted: string): number {
  const lower = text.toLowerCase();
  const together = lower.indexOf(wanted);
  if (together !== -1) {
    return 50 + (isWordStart(text, together) ? 25 : 0) + (together === 0 ? 10 : 0) - text.length / 100;
  }

  let score = 0;
  let at = -1;
  for (const letter of wanted) {
    const next = lower.indexOf(letter, at + 1);
    if (next === -1) {
      return -Infinity;
    }

    score += (isWordStart(text, next) ? 2 : 0) + (next === at + 1 ? 1 : 0);
    at = next;
  }

  return Math.min(score, 45) - text.length / 100;
}

function isWordStart(text: string, index: number): boolean {
  const [before = "", letter = ""] = [text[index - 1], text[index]];
  return index === 0 || /[\s/_.\-()]/u.test(before) || (/\p{Ll}/u.test(before) && /\p{Lu}/u.test(letter));
}

function compareLabels(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : 1);
}
