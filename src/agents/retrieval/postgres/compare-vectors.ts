import type { PassageScope } from "../../ports/passage-index.ts";
import type { FusionParts } from "../vectors/fuse-scores.ts";
import { type CorpusModel, vectorText } from "./corpus-vectors.ts";
import { numberOf } from "./corpus-rows.ts";
import { scopeSql, statementValues } from "./scope-sql.ts";
import type { Queries } from "./shared-database.ts";

/** What is compared with a question. */
export interface VectorComparison {
  readonly model: CorpusModel;
  readonly vector: Float32Array;
  readonly within: readonly PassageScope[];
  /** So many of the closest are given. */
  readonly most: number;
  /** Passages whose cosine is wanted in any case. */
  readonly passages: readonly number[];
}

/** So many vectors tell how cosines with a question are spread. */
const sampledVectors = 4000;

/** Compares the vectors of a corpus with a question. @param type `halfvec` with its schema, quoted */
export async function compareVectors(
  database: Queries,
  { schema, vectorSchema }: { readonly schema: string; readonly vectorSchema: string },
  { model, vector, within, most, passages }: VectorComparison,
): Promise<FusionParts["vectors"]> {
  const type = `${vectorSchema}.halfvec(${model.dimensions})`;
  const distance = (value: string): string =>
    `embedding.vector::${type} OPERATOR(${vectorSchema}.<=>) ${value}::${type}`;
  const values = statementValues();
  const question = values.add(vectorText(vector));
  const scope = scopeSql(within, values);
  const joined = `${schema}.passage AS passage JOIN ${schema}.embedding AS embedding
    ON embedding.model = ${model.id} AND embedding.hash = passage.hash`;
  const limit = values.add(most);
  // Without a scope the closest are looked for among the vectors alone, where an index can help.
  const closest =
    scope === null
      ? `SELECT passage.id, 1 - near.distance AS cosine FROM (
           SELECT hash, ${distance(question)} AS distance FROM ${schema}.embedding AS embedding
           WHERE model = ${model.id} ORDER BY distance LIMIT ${limit}) AS near
         JOIN ${schema}.passage AS passage ON passage.hash = near.hash ORDER BY near.distance, passage.id LIMIT ${limit}`
      : `SELECT passage.id, 1 - (${distance(question)}) AS cosine FROM ${joined}
         JOIN ${schema}.file AS file ON file.id = passage.file
         WHERE ${scope} ORDER BY cosine DESC, passage.id LIMIT ${limit}`;
  const best = await database.query(closest, values.list);
  const wanted = await database.query(
    `SELECT passage.id, 1 - (${distance("$1")}) AS cosine FROM ${joined} WHERE passage.id = ANY($2::bigint[])`,
    [vectorText(vector), passages],
  );
  const cosines = new Map([...wanted, ...best].map((row) => [numberOf(row, "id"), numberOf(row, "cosine")]));
  return {
    ...(await spreadOf(database, schema, { model, distance: distance("$1"), vector })),
    best: best.map((row) => ({ passage: numberOf(row, "id"), score: numberOf(row, "cosine") })),
    scoreOf: (passage) => cosines.get(passage) ?? null,
  };
}

interface Spread {
  readonly count: number;
  readonly mean: number;
  readonly deviation: number;
}

/** How the cosines of all vectors with a question are spread, told from a sample where there are many. */
async function spreadOf(
  database: Queries,
  schema: string,
  {
    model,
    distance,
    vector,
  }: { readonly model: CorpusModel; readonly distance: string; readonly vector: Float32Array },
): Promise<Spread> {
  const [size] = await database.query(`SELECT count(*) AS count FROM ${schema}.embedding WHERE model = ${model.id}`);
  const count = numberOf(size, "count");
  const percent = count <= sampledVectors ? 100 : (100 * sampledVectors) / count;
  const [row] = await database.query(
    `SELECT avg(1 - (${distance})) AS mean, coalesce(stddev_pop(${distance}), 0) AS deviation
     FROM ${schema}.embedding AS embedding TABLESAMPLE SYSTEM (${percent}) WHERE model = ${model.id}`,
    [vectorText(vector)],
  );
  return { count, mean: numberOf(row, "mean"), deviation: numberOf(row, "deviation") };
}
