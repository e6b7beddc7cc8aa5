import type { PassageScope } from "../../ports/passage-index.ts";
import { type CorpusModel, vectorText } from "./corpus-vectors.ts";
import { numberOf } from "./corpus-rows.ts";
import { scopeSql, statementValues } from "./scope-sql.ts";
import type { Queries, Row } from "./shared-database.ts";

/** A question that vectors are compared with. */
export interface VectorQuestion {
  /** The schemas of the corpus and of the server's vectors, quoted. */
  readonly schema: string;
  readonly vectorSchema: string;
  readonly model: CorpusModel;
  readonly vector: Float32Array;
}

/** A passage and the cosine of the angle between its vector and that of a question. */
export interface PassageCosine {
  readonly passage: number;
  readonly score: number;
}

/** One that was looked for among all of them, and where it stands. */
export interface NearPassage extends PassageCosine {
  readonly path: string;
  readonly start: number;
}

/** How the cosines of all vectors with a question are spread. */
export interface CosineSpread {
  readonly mean: number;
  readonly deviation: number;
}

/** So many vectors tell how cosines with a question are spread. */
const sampledVectors = 4000;

/** The closest passages, best first; of equal ones, by path and place. Without a scope they are looked for among the vectors alone, where an index can help. */
export async function nearestPassages(
  database: Queries,
  question: VectorQuestion,
  within: readonly PassageScope[],
  most: number,
): Promise<readonly NearPassage[]> {
  const { schema, model, vector } = question;
  const values = statementValues();
  const distance = distanceSql(question, values.add(vectorText(vector)));
  const scope = scopeSql(within, values);
  const limit = values.add(most);
  const rows = await database.query(
    scope === null
      ? `SELECT passage.id, file.path, passage.start, 1 - near.distance AS cosine FROM (
           SELECT hash, ${distance} AS distance FROM ${schema}.embedding AS embedding
           WHERE model = ${model.id} ORDER BY distance LIMIT ${limit}) AS near
         JOIN ${schema}.passage AS passage ON passage.hash = near.hash
         JOIN ${schema}.file AS file ON file.id = passage.file
         ORDER BY near.distance, file.path, passage.start LIMIT ${limit}`
      : `SELECT passage.id, file.path, passage.start, 1 - (${distance}) AS cosine FROM ${joinedSql(question)}
         JOIN ${schema}.file AS file ON file.id = passage.file
         WHERE ${scope} ORDER BY cosine DESC, file.path, passage.start LIMIT ${limit}`,
    values.list,
  );
  return rows.map((row) => ({ ...passageCosine(row), path: String(row["path"]), start: numberOf(row, "start") }));
}

/** The cosines of some passages, of those that have a vector. */
export async function cosinesOf(
  database: Queries,
  question: VectorQuestion,
  passages: readonly number[],
): Promise<readonly PassageCosine[]> {
  const rows = await database.query(
    `SELECT passage.id, 1 - (${distanceSql(question, "$1")}) AS cosine
     FROM ${joinedSql(question)} WHERE passage.id = ANY($2::bigint[])`,
    [vectorText(question.vector), passages],
  );
  return rows.map(passageCosine);
}

/** Tells the spread from a sample where there are many. @param count how many vectors there are */
export async function cosineSpread(database: Queries, question: VectorQuestion, count: number): Promise<CosineSpread> {
  const percent = count <= sampledVectors ? 100 : (100 * sampledVectors) / count;
  const distance = distanceSql(question, "$1");
  const [row] = await database.query(
    `SELECT avg(1 - (${distance})) AS mean, coalesce(stddev_pop(${distance}), 0) AS deviation
     FROM ${question.schema}.embedding AS embedding TABLESAMPLE SYSTEM (${percent}) WHERE model = ${question.model.id}`,
    [vectorText(question.vector)],
  );
  return { mean: numberOf(row, "mean"), deviation: numberOf(row, "deviation") };
}

function distanceSql({ vectorSchema, model }: VectorQuestion, value: string): string {
  const type = `${vectorSchema}.halfvec(${model.dimensions})`;
  return `embedding.vector::${type} OPERATOR(${vectorSchema}.<=>) ${value}::${type}`;
}

function joinedSql({ schema, model }: VectorQuestion): string {
  return `${schema}.passage AS passage JOIN ${schema}.embedding AS embedding
    ON embedding.model = ${model.id} AND embedding.hash = passage.hash`;
}

function passageCosine(row: Row): PassageCosine {
  return { passage: numberOf(row, "id"), score: numberOf(row, "cosine") };
}
