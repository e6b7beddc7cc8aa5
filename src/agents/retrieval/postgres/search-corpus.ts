import type { Passage, PassageScope } from "../../ports/passage-index.ts";
import type { StoredChunk } from "../index/passage-store.ts";
import { comparedText, hasWords, literalParts, rankLiterally } from "../search/literal-query.ts";
import { type RankedChunk, rankPassages } from "../search/rank-passages.ts";
import type { CountedTerm } from "../search/rarity.ts";
import { candidateCount, type SearchRequest } from "../search/search-passages.ts";
import { fuseScores } from "../vectors/fuse-scores.ts";
import { queryTerms } from "../../words/query-terms.ts";
import { candidateQuery, mostRanked } from "./candidate-query.ts";
import { cosinesOf, cosineSpread, type NearPassage, nearestPassages, type VectorQuestion } from "./compare-vectors.ts";
import { passageColumns, storedChunk } from "./corpus-rows.ts";
import { type CorpusTerms, countMatches } from "./corpus-terms.ts";
import { lexemeQuery } from "./lexemes.ts";
import { scopeSql, statementValues } from "./scope-sql.ts";
import type { Queries } from "./shared-database.ts";

/** A corpus that is searched. */
export interface SearchedCorpus {
  readonly database: Queries;
  /** Quoted. */
  readonly schema: string;
  readonly terms: CorpusTerms;
}

/** Finds passages for a question or for words, best first. A query without letters and digits is looked for as it is. */
export async function searchCorpus(corpus: SearchedCorpus, request: SearchRequest): Promise<readonly Passage[]> {
  const ranked = await rankedChunks(corpus, request);
  return ranked
    .slice(0, request.top)
    .map(({ chunk, score }) => ({ ...chunk.passage, score: Math.round(score * 10_000) / 10_000 }));
}

/** A question as a model sees it, of which the corpus has so many vectors. */
export interface CorpusMeaning extends Omit<VectorQuestion, "schema"> {
  readonly count: number;
}

/** Finds passages by words and meaning, best first. */
export async function searchByMeaning(
  corpus: SearchedCorpus,
  request: SearchRequest,
  meaning: CorpusMeaning,
): Promise<readonly Passage[]> {
  const { database, schema } = corpus;
  const { top, within } = request;
  const question = { ...meaning, schema };
  const [ranked, best, spread] = await Promise.all([
    rankedChunks(corpus, request),
    nearestPassages(database, question, within, Math.max(candidateCount, top * 2)),
    cosineSpread(database, question, meaning.count),
  ]);
  const known = new Map(ranked.map(({ chunk }) => [chunk.id, chunk]));
  const found = await cosinesOf(database, question, Array.from(known.keys()));
  const cosines = new Map([...found, ...best].map(({ passage, score }) => [passage, score]));
  const order = placesInOrder([
    ...ranked.map(({ chunk: { id, passage } }) => ({ id, ...passage })),
    ...best.map(placed),
  ]);
  const text = ranked.map(({ chunk, score }) => ({ passage: order.numberOf(chunk.id), score }));
  const scoreOf = (passage: number): number | null => cosines.get(order.idOf(passage)) ?? null;
  const near = best.map(({ passage, score }) => ({ passage: order.numberOf(passage), score }));
  const vectors = { ...spread, count: meaning.count, best: near, scoreOf };
  const fused = fuseScores({ text, vectors })
    .slice(0, top)
    .map((one) => ({ ...one, passage: order.idOf(one.passage) }));
  const further = fused.map(({ passage }) => passage).filter((id) => !known.has(id));
  for (const chunk of await chunksOf(corpus, further)) {
    known.set(chunk.id, chunk);
  }
  return fused.flatMap(({ passage, score, text: words, vector: cosine }) => {
    const chunk = known.get(passage);
    const scores = { text: rounded(words), vector: rounded(cosine), reranked: null };
    return chunk === undefined ? [] : [{ ...chunk.passage, score: rounded(score) ?? 0, scores }];
  });
}

/** A passage and where it stands. */
interface PlacedPassage {
  readonly id: number;
  readonly path: string;
  readonly start: number;
}

function placed({ passage, path, start }: NearPassage): PlacedPassage {
  return { id: passage, path, start };
}

/** Passages that are equal otherwise come by path and place: numbers of rows tell only who was the first to write. */
function byPlace(left: Omit<PlacedPassage, "id">, right: Omit<PlacedPassage, "id">): number {
  return left.path === right.path ? left.start - right.start : left.path < right.path ? -1 : 1;
}

/** Numbers for passages that grow with path and place. */
interface PlaceOrder {
  readonly numberOf: (id: number) => number;
  readonly idOf: (number: number) => number;
}

function placesInOrder(passages: readonly PlacedPassage[]): PlaceOrder {
  const places = new Map(passages.map((one) => [one.id, one]));
  const ids = Array.from(places.values())
    .toSorted(byPlace)
    .map(({ id }) => id);
  const numbers = new Map(ids.map((id, at) => [id, at]));
  return { numberOf: (id) => numbers.get(id) ?? -1, idOf: (number) => ids[number] ?? -1 };
}

function inOrder(ranked: readonly RankedChunk[]): readonly RankedChunk[] {
  return ranked.toSorted((left, right) => right.score - left.score || byPlace(left.chunk.passage, right.chunk.passage));
}

function rounded(score: number | null): number | null {
  return score === null ? null : Math.round(score * 10_000) / 10_000;
}

async function chunksOf({ database, schema }: SearchedCorpus, ids: readonly number[]): Promise<readonly StoredChunk[]> {
  if (ids.length === 0) {
    return [];
  }
  const rows = await database.query(
    `SELECT ${passageColumns} FROM ${schema}.passage AS passage JOIN ${schema}.file AS file ON file.id = passage.file
     WHERE passage.id = ANY($1::bigint[])`,
    [ids],
  );
  return rows.map(storedChunk);
}

/** All passages that were looked at closely, best first: more than `top`, where so many match. */
async function rankedChunks(
  corpus: SearchedCorpus,
  { text, top, within }: SearchRequest,
): Promise<readonly RankedChunk[]> {
  const { database, schema } = corpus;
  if (!hasWords(text)) {
    return await literalChunks(corpus, { text, top, within });
  }
  const { terms, averageLength } = await corpus.terms.count(database, queryTerms(text));
  const match = await matchOf(corpus, terms);
  if (match === null || top < 1) {
    return [];
  }
  const request = { match, terms, within, most: Math.max(candidateCount, top) * 2, ranked: mostRanked + top };
  return inOrder(rankPassages(await candidatesOf(database, schema, request), terms, averageLength));
}

/** The passages in whose text all that a query without letters and digits consists of stands. Reads every text. */
async function literalChunks(
  { database, schema }: SearchedCorpus,
  { text, top, within }: SearchRequest,
): Promise<readonly RankedChunk[]> {
  const parts = literalParts(text);
  if (parts.length === 0 || top < 1) {
    return [];
  }
  const values = statementValues();
  const own = comparedText(parts, "passage.text", "chr");
  const has = parts.map((part) => `position(${values.add(part)}::text in ${own}) > 0`).join(" AND ");
  const rows = await database.query(
    `SELECT ${passageColumns} FROM ${schema}.passage AS passage JOIN ${schema}.file AS file ON file.id = passage.file
     WHERE ${has} AND ${scopeSql(within, values) ?? "true"} ORDER BY file.path, passage.start
     LIMIT ${values.add(mostRanked + top)}`,
    values.list,
  );
  return inOrder(rankLiterally(rows.map(storedChunk), parts));
}

async function matchOf({ database, schema }: SearchedCorpus, terms: readonly CountedTerm[]): Promise<string | null> {
  const question = candidateQuery(terms);
  let step = question.next();
  while (step.done !== true) {
    const { match, most } = step.value;
    // oxlint-disable-next-line no-await-in-loop -- what is counted next depends on it
    const [found = 0] = await countMatches(database, schema, [match], most);
    step = question.next(found);
  }
  return step.value;
}

interface CandidateRequest {
  readonly match: string;
  readonly terms: readonly CountedTerm[];
  readonly within: readonly PassageScope[];
  /** At most so many. */
  readonly most: number;
  /** Of those that match, only so many are compared. */
  readonly ranked: number;
}

/** The passages that match best, judged by how often they have which of the terms. */
async function candidatesOf(
  database: Queries,
  schema: string,
  { match, terms, within, most, ranked }: CandidateRequest,
): Promise<readonly StoredChunk[]> {
  const values = statementValues();
  const query = values.add(match);
  const queries = values.add(terms.map(lexemeQuery));
  const rarities = values.add(terms.map(({ rarity }) => rarity));
  const scope = scopeSql(within, values);
  const rows = await database.query(
    `WITH matching AS (
       SELECT passage.id, passage.file, passage.start, passage.words FROM ${schema}.passage AS passage
       ${scope === null ? "" : `JOIN ${schema}.file AS file ON file.id = passage.file AND ${scope}`}
       WHERE passage.words @@ ${query}::tsquery LIMIT ${values.add(ranked)}),
     best AS (
       SELECT matching.id, (SELECT sum(rarity * ts_rank(matching.words, term::tsquery))
         FROM unnest(${queries}::text[], ${rarities}::float8[]) AS wanted (term, rarity)) AS worth
       FROM matching JOIN ${schema}.file AS file ON file.id = matching.file
       ORDER BY worth DESC, file.path, matching.start LIMIT ${values.add(most)})
     SELECT ${passageColumns} FROM best JOIN ${schema}.passage AS passage ON passage.id = best.id
     JOIN ${schema}.file AS file ON file.id = passage.file ORDER BY best.worth DESC, file.path, passage.start`,
    values.list,
  );
  return rows.map(storedChunk);
}
