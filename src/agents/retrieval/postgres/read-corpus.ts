import type { Passage, PassageReading, ReadPassages } from "../../ports/passage-index.ts";
import { numberOf, passageColumns, storedChunk } from "./corpus-rows.ts";
import { scopeSql, statementValues } from "./scope-sql.ts";
import type { Queries } from "./shared-database.ts";

/** The passages of a scope from its beginning on, up to a number of characters, with the sums of the whole scope. */
export async function readCorpus(
  database: Queries,
  schema: string,
  { within, mostCharacters }: Pick<PassageReading, "within" | "mostCharacters">,
): Promise<ReadPassages> {
  const values = statementValues();
  const scope = scopeSql(within, values) ?? "true";
  const from = `FROM ${schema}.passage AS passage JOIN ${schema}.file AS file ON file.id = passage.file WHERE ${scope}`;
  const [sums] = await database.query(
    `SELECT count(DISTINCT file.id) AS files, count(*) AS passages,
       coalesce(sum(length(passage.text)), 0) AS characters ${from}`,
    values.list,
  );
  const rows = await database.query(
    `SELECT * FROM (
       SELECT ${passageColumns}, sum(length(passage.text)) OVER (ORDER BY file.path, passage.start, passage.id) AS so_far
       ${from}) AS given
     WHERE so_far <= ${values.add(mostCharacters)}::bigint ORDER BY path, start, id`,
    values.list,
  );
  const passages: readonly Passage[] = rows.map((row) => ({ ...storedChunk(row).passage, score: 0 }));
  const total = (name: string): number => numberOf(sums, name);
  return { passages, count: total("passages"), characters: total("characters"), files: total("files") };
}
