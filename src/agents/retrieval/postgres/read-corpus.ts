import type { Passage, PassageReading, ReadPassages } from "../../ports/passage-index.ts";
import { spreadPlaces } from "../search/spread-places.ts";
import { numberOf, passageColumns, storedChunk } from "./corpus-rows.ts";
import { scopeSql, statementValues } from "./scope-sql.ts";
import type { Queries, Row } from "./shared-database.ts";

type Reading = Pick<PassageReading, "within" | "mostCharacters" | "spread">;

/** The passages of a scope from its beginning on, or from all over it, with the sums of the whole scope. */
export async function readCorpus(database: Queries, schema: string, reading: Reading): Promise<ReadPassages> {
  const sums = await sumsOf(database, schema, reading.within);
  const { spread } = reading;
  const rows =
    spread === undefined
      ? await fromBeginning(database, schema, reading)
      : await fromAllOver(database, schema, { ...reading, spread });
  const passages: readonly Passage[] = rows.map((row) => ({ ...storedChunk(row).passage, score: 0 }));
  const total = (name: string): number => numberOf(sums, name);
  return { passages, count: total("passages"), characters: total("characters"), files: total("files") };
}

/** What is known of whole files need not be counted. */
async function sumsOf(database: Queries, schema: string, within: PassageReading["within"]): Promise<Row | undefined> {
  const values = statementValues();
  const scope = scopeSql(within, values) ?? "true";
  const [sums] = await database.query(
    within.some(({ lines }) => lines !== undefined)
      ? `SELECT count(DISTINCT file.id) AS files, count(*) AS passages,
           coalesce(sum(length(passage.text)), 0) AS characters
         FROM ${schema}.passage AS passage JOIN ${schema}.file AS file ON file.id = passage.file WHERE ${scope}`
      : `SELECT count(*) FILTER (WHERE file.chunks > 0) AS files, coalesce(sum(file.chunks), 0) AS passages,
           coalesce(sum(file.characters), 0) AS characters
         FROM ${schema}.file AS file WHERE ${scope}`,
    values.list,
  );
  return sums;
}

async function fromBeginning(
  database: Queries,
  schema: string,
  { within, mostCharacters }: Reading,
): Promise<readonly Row[]> {
  const values = statementValues();
  const scope = scopeSql(within, values) ?? "true";
  return await database.query(
    `SELECT * FROM (
       SELECT ${passageColumns}, sum(length(passage.text)) OVER (ORDER BY file.path, passage.start, passage.id) AS so_far
       FROM ${schema}.passage AS passage JOIN ${schema}.file AS file ON file.id = passage.file WHERE ${scope}) AS given
     WHERE so_far <= ${values.add(mostCharacters)}::bigint ORDER BY path, start, id`,
    values.list,
  );
}

async function fromAllOver(
  database: Queries,
  schema: string,
  { within, mostCharacters, spread }: Reading & { readonly spread: number },
): Promise<readonly Row[]> {
  const ofFiles = statementValues();
  const scope = scopeSql(
    within.map(({ path }) => ({ path })),
    ofFiles,
  );
  const files = await database.query(
    `SELECT file.id, file.chunks FROM ${schema}.file AS file
     WHERE ${scope ?? "true"} AND file.chunks > 0 ORDER BY file.path`,
    ofFiles.list,
  );
  const counted = files.map((row) => ({ id: numberOf(row, "id"), chunks: numberOf(row, "chunks") }));
  const places = spreadPlaces(counted, spread);
  const values = statementValues();
  return await database.query(
    `SELECT * FROM (
       SELECT ${passageColumns}, sum(length(passage.text)) OVER (ORDER BY wanted.place) AS so_far, wanted.place AS turn
       FROM unnest(${values.add(places.map(({ file }) => file))}::bigint[], ${values.add(places.map(({ at }) => at))}::integer[])
         WITH ORDINALITY AS wanted (file, at, place)
       CROSS JOIN LATERAL (SELECT * FROM ${schema}.passage AS other WHERE other.file = wanted.file
         ORDER BY other.start, other.id LIMIT 1 OFFSET wanted.at) AS passage
       JOIN ${schema}.file AS file ON file.id = passage.file) AS given
     WHERE so_far <= ${values.add(mostCharacters)}::bigint ORDER BY turn`,
    values.list,
  );
}
