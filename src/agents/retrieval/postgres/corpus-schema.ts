import { AgentError } from "../../base/errors.ts";
import { schemaVersion as wordsVersion } from "../index/database.ts";
import type { SharedDatabase, Queries } from "./shared-database.ts";

/**
 * The steps that lead from one layout of the tables to the next; the first makes them. `@` stands for the schema of the
 * corpus. A step, once released, stays as it is.
 */
const steps: readonly string[] = [
  `CREATE TABLE @.meta (key text PRIMARY KEY, value text NOT NULL);
   CREATE TABLE @.file (
     id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, path text COLLATE "C" NOT NULL, hash text NOT NULL,
     chunks integer NOT NULL DEFAULT 0, characters bigint NOT NULL DEFAULT 0, reason text, left_out text,
     EXCLUDE USING hash (path WITH =));
   CREATE TABLE @.passage (
     id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, file bigint NOT NULL REFERENCES @.file ON DELETE CASCADE,
     start integer NOT NULL, "end" integer NOT NULL, start_line integer NOT NULL, end_line integer NOT NULL,
     page integer, place text NOT NULL, text text NOT NULL, words tsvector NOT NULL, hash bytea NOT NULL)
     WITH (toast_tuple_target = 8160);
   CREATE INDEX ON @.passage (file, start);
   CREATE INDEX ON @.passage USING gin (words);
   CREATE INDEX ON @.passage (hash);
   CREATE TABLE @.model (
     id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, dimensions integer NOT NULL,
     UNIQUE (name, dimensions));
   CREATE TABLE @.claim (
     model integer NOT NULL, hash bytea NOT NULL, owner text NOT NULL, until timestamptz NOT NULL,
     PRIMARY KEY (model, hash))`,
  `ALTER TABLE @.passage ADD COLUMN line_numbers text`,
];

/** What stands in the database, and what this user may do there. */
export interface CorpusState {
  /** How many of the steps were taken; 0 where there are no tables. */
  readonly layout: number;
  /** The version of the words that passages were stored with; `null` in an index without files. */
  readonly words: number | null;
  readonly isWritable: boolean;
  readonly vectors: VectorSupport | null;
}

/** The vectors of this server. */
export interface VectorSupport {
  /** The schema in which the extension is, quoted. */
  readonly schema: string;
  /** The corpus has a table for them, which this user may read. */
  readonly hasTable: boolean;
  readonly version: string;
}

/** A name as PostgreSQL takes it whatever is in it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The schema in which a corpus is kept, quoted. */
export function schemaOf(corpus: string): string {
  return quoted(`byzer_${corpus}`);
}

const stateSql = `
  SELECT to_regclass($1 || '.meta') IS NOT NULL AS has_meta,
    coalesce(has_table_privilege(to_regclass($1 || '.embedding'), 'SELECT'), false) AS has_vectors,
    to_regnamespace($1) IS NOT NULL AS has_schema,
    CASE WHEN to_regclass($1 || '.passage') IS NULL THEN NULL
      ELSE has_table_privilege(to_regclass($1 || '.passage'), 'INSERT') END AS may_insert,
    CASE WHEN to_regnamespace($1) IS NULL THEN has_database_privilege(current_database(), 'CREATE')
      ELSE has_schema_privilege(to_regnamespace($1)::oid, 'CREATE') END AS may_create,
    pg_is_in_recovery() OR current_setting('default_transaction_read_only') = 'on' AS is_copy,
    current_setting('server_encoding') AS encoding,
    (SELECT extversion FROM pg_extension WHERE extname = 'vector') AS vector_version,
    (SELECT nspname FROM pg_extension JOIN pg_namespace AS n ON n.oid = extnamespace WHERE extname = 'vector') AS vector_schema`;

/** Looks at a corpus. @throws AgentError `index.*`, `index.other-version` for tables that a newer program made */
export async function corpusState(database: Queries, corpus: string): Promise<CorpusState> {
  const schema = schemaOf(corpus);
  const [row] = await database.query(stateSql, [schema]);
  if (row?.["encoding"] !== "UTF8") {
    const reason = `the database is encoded in ${String(row?.["encoding"])}, and UTF8 is wanted.`;
    throw new AgentError("index.address", { reason }, `This database cannot hold an index: ${reason}`);
  }
  const meta = row["has_meta"] === true ? await database.query(`SELECT key, value FROM ${schema}.meta`) : [];
  const values = new Map(meta.map(({ key, value }) => [String(key), String(value)]));
  const layout = Number(values.get("layout") ?? 0);
  if (layout > steps.length) {
    throw otherVersion(corpus, layout, steps.length);
  }
  const mayWrite = row["may_insert"] === null ? row["may_create"] === true : row["may_insert"] === true;
  return {
    layout,
    words: values.has("words") ? Number(values.get("words")) : null,
    isWritable: mayWrite && row["is_copy"] !== true,
    vectors:
      typeof row["vector_version"] === "string"
        ? {
            schema: quoted(String(row["vector_schema"])),
            hasTable: row["has_vectors"] === true,
            version: row["vector_version"],
          }
        : null,
  };
}

function otherVersion(corpus: string, found: number, wanted: number): AgentError {
  const message =
    found > wanted
      ? `The shared index "${corpus}" was made by a newer version of this program. Update this one.`
      : `The shared index "${corpus}" was made by an older version of this program. Somebody who may write it has to bring it up to date first.`;
  return new AgentError("index.other-version", { corpus, found, wanted }, message);
}

/** Says whether there are tables to search. @throws AgentError `index.other-version` for older ones */
export function isSearchable({ layout }: CorpusState, corpus: string): boolean {
  if (layout > 0 && layout < steps.length) {
    throw otherVersion(corpus, layout, steps.length);
  }
  return layout > 0;
}

/**
 * Makes a corpus ready to be written: makes its tables, or lifts them to this layout, and empties those whose passages
 * were cut by an older version.
 *
 * @throws AgentError `index.read-only`, `index.denied`, `index.other-version`
 */
export async function prepareCorpus(database: SharedDatabase, corpus: string): Promise<CorpusState> {
  const state = await corpusState(database, corpus);
  if (!state.isWritable) {
    const { server, user } = database.who;
    throw new AgentError(
      "index.read-only",
      { server, user, corpus },
      `"${user}" may search the shared index "${corpus}" at ${server}, and not write it. Somebody who may has to index; searching works.`,
    );
  }
  if (state.words !== null && state.words > wordsVersion) {
    throw otherVersion(corpus, state.words, wordsVersion);
  }
  if (state.layout === steps.length && state.words === wordsVersion) {
    return state;
  }
  return await database.withConnection(async (connection) => {
    await connection.query("BEGIN");
    await lockCorpus(connection, corpus);
    await lift(connection, corpus);
    await connection.query("COMMIT");
    return await corpusState(connection, corpus);
  });
}

/** Takes the right to write a corpus, until the transaction ends; others wait. */
export async function lockCorpus(connection: Queries, corpus: string): Promise<void> {
  await connection.query("SET LOCAL lock_timeout = '60s'");
  await connection.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [schemaOf(corpus)]);
}

async function lift(connection: Queries, corpus: string): Promise<void> {
  const schema = schemaOf(corpus);
  // Somebody else may have done it meanwhile.
  const { layout, words } = await corpusState(connection, corpus);
  const [exists] = await connection.query("SELECT to_regnamespace($1) IS NOT NULL AS there", [schema]);
  if (exists?.["there"] !== true) {
    await connection.query(`CREATE SCHEMA ${schema}`);
  }
  for (const step of steps.slice(layout)) {
    // oxlint-disable-next-line no-await-in-loop -- one step after the other
    await connection.query(step.replaceAll("@", schema));
  }
  if (words !== null && words < wordsVersion) {
    await connection.query(`DELETE FROM ${schema}.file`);
  }
  await setMeta(connection, schema, { layout: String(steps.length), words: String(wordsVersion) });
}

/** Notes facts of a corpus. */
export async function setMeta(
  connection: Queries,
  schema: string,
  facts: { readonly [key: string]: string },
): Promise<void> {
  await connection.query(
    `INSERT INTO ${schema}.meta (key, value) SELECT * FROM unnest($1::text[], $2::text[])
     ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
    [Object.keys(facts), Object.values(facts)],
  );
}
