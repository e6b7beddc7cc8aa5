import type { IndexStatus } from "../../ports/passage-index.ts";
import { shownLeftOut } from "../index/index-status.ts";
import { schemaOf } from "./corpus-schema.ts";
import { numberOf } from "./corpus-rows.ts";
import type { Queries } from "./shared-database.ts";

/** A mark of a running update that is older is of one that was killed. */
const markMs = 60_000;

/** A corpus as it stands, but for its embeddings. */
export async function corpusSums(database: Queries, corpus: string): Promise<IndexStatus> {
  const schema = schemaOf(corpus);
  const [sums] = await database.query(
    `SELECT count(*) FILTER (WHERE chunks > 0) AS files, coalesce(sum(chunks), 0) AS passages,
       count(*) FILTER (WHERE reason IS NOT NULL OR left_out IS NOT NULL) AS left_out,
       (SELECT sum(pg_total_relation_size(oid)) FROM pg_class
        WHERE relnamespace = to_regnamespace($1)::oid AND relkind = 'r') AS bytes,
       (SELECT value FROM ${schema}.meta WHERE key = 'updated') AS updated,
       EXISTS (SELECT 1 FROM ${schema}.meta WHERE key = 'updating'
         AND value::bigint > extract(epoch FROM clock_timestamp()) * 1000 - ${markMs}) AS updating
     FROM ${schema}.file`,
    [schema],
  );
  const leftOut = await database.query(
    `SELECT path, coalesce(reason, left_out) AS why FROM ${schema}.file
     WHERE reason IS NOT NULL OR left_out IS NOT NULL ORDER BY path LIMIT ${shownLeftOut}`,
  );
  const updated = sums?.["updated"];
  return {
    files: numberOf(sums, "files"),
    passages: numberOf(sums, "passages"),
    embedded: 0,
    sizeBytes: numberOf(sums, "bytes"),
    updating: sums?.["updating"] === true,
    updatedMs: typeof updated === "string" ? Number(updated) : null,
    leftOutFiles: numberOf(sums, "left_out"),
    leftOut: leftOut.map((row) => ({ path: String(row["path"]), reason: String(row["why"]) })),
  };
}
