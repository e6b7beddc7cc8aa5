/** A passage with the score of a search. */
interface Scored {
  readonly passage: number;
  readonly score: number;
}

/** What is fused. */
export interface FusionParts {
  /** What was found by words, best first. */
  readonly text: readonly Scored[];
  /** What was found by meaning, best first, with what is known of all vectors. */
  readonly vectors: {
    readonly best: readonly Scored[];
    readonly count: number;
    readonly mean: number;
    readonly deviation: number;
    scoreOf(passage: number): number | null;
  };
}

/** A passage with its scores; `null` where a search says nothing about it. */
export interface FusedPassage {
  readonly passage: number;
  readonly score: number;
  readonly text: number | null;
  readonly vector: number | null;
}

/** What vectors count beside words, measured on questions in English and Chinese about prose and code. */
const vectorShare = 0.6;
/** Standard deviations above the mean at which a passage counts in full. */
const fullDeviations = 6;
/** So far above what chance gives, in standard deviations, the closest passage lies when the model is fully believed. */
const sureDeviations = 1;

/** The highest of so many independent normal values, on average. Source: Cramér, Mathematical Methods, 28.6. */
function highestByChance(count: number): number {
  const log = Math.log(Math.max(3, count));
  const root = Math.sqrt(2 * log);
  return root - (Math.log(log) + Math.log(4 * Math.PI)) / (2 * root);
}

/**
 * One ranking out of two. Cosines mean something else with every model, so they are counted in standard deviations from
 * the mean of all passages. A model that does not know the language of a question finds nothing that stands out more
 * than chance would have it, and then words alone decide. Passages without a vector, while vectors are being made,
 * stand as the others that words found do on average.
 *
 * Why not reciprocal ranks: they forget how far apart two passages are; with the same model they gave less on every corpus
 * that was tried, and less than words alone where the model did not know the language.
 */
export function fuseScores({ text, vectors }: FusionParts): readonly FusedPassage[] {
  const { best, mean, deviation, count } = vectors;
  const standing = (cosine: number): number => (deviation === 0 ? 0 : Math.max(0, (cosine - mean) / deviation));
  const surplus = standing(best[0]?.score ?? mean) - highestByChance(count);
  const share = (vectorShare / fullDeviations) * Math.min(1, Math.max(0, surplus / sureDeviations));
  const byWords = new Map(text.map(({ passage, score }) => [passage, score]));
  const most = text[0]?.score ?? 1;
  const standings = text
    .map(({ passage }) => vectors.scoreOf(passage))
    .filter((cosine) => cosine !== null)
    .map(standing);
  const usual = standings.reduce((sum, one) => sum + one, 0) / Math.max(1, standings.length);
  const ids = new Set([...byWords.keys(), ...best.map(({ passage }) => passage)]);
  return Array.from(ids, (passage): FusedPassage => {
    const words = byWords.get(passage) ?? null;
    const cosine = vectors.scoreOf(passage);
    const score = (words ?? 0) / most + share * (cosine === null ? usual : standing(cosine));
    return { passage, score, text: words, vector: cosine };
  }).toSorted(
    (left, right) =>
      right.score - left.score || (right.vector ?? 0) - (left.vector ?? 0) || left.passage - right.passage,
  );
}
