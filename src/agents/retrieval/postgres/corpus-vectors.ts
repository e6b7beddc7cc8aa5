import { randomUUID } from "node:crypto";
import { AgentError } from "../../base/errors.ts";
import type { KeepRequest, LackingAnswer, LackingRequest } from "../vectors/open-vectors.ts";
import { numberOf } from "./corpus-rows.ts";
import { type CorpusState, corpusState, lockCorpus, schemaOf, type VectorSupport } from "./corpus-schema.ts";
import { meaningText } from "./meaning.ts";
import type { Queries, SharedDatabase } from "./shared-database.ts";

/** A model whose vectors a corpus has. */
export interface CorpusModel {
  readonly id: number;
  readonly dimensions: number;
}

/** Passages are left to whoever asked for them for so long. */
const claim = "2 minutes";
/** How long a number of vectors is taken for right, which only weighs what is found. */
const sizeMs = 10_000;
/** The first version with vectors of half precision. */
const oldestVersion = [0, 7] as const;

/** Vectors of a shared corpus: one for each text, whoever made it, in half precision. */
export class CorpusVectors {
  readonly #database: SharedDatabase;
  readonly #corpus: string;
  readonly #schema: string;
  readonly #owner: string;
  readonly #refused = new Map<string, Set<string>>();
  readonly #sizes = new Map<number, { readonly count: number; readonly atMs: number }>();

  /** @param owner claims passages that are to be embedded */
  constructor(database: SharedDatabase, corpus: string, owner: string = randomUUID()) {
    this.#database = database;
    this.#corpus = corpus;
    this.#owner = owner;
    this.#schema = schemaOf(corpus);
  }

  /** The model, where the corpus has vectors of it. @param dimensions `null` for any */
  async find(state: CorpusState, embedder: string, dimensions: number | null): Promise<CorpusModel | null> {
    if (state.layout === 0 || state.vectors?.hasTable !== true) {
      return null;
    }
    const [row] = await this.#database.query(
      `SELECT id, dimensions FROM ${this.#schema}.model WHERE name = $1 AND coalesce($2::integer, dimensions) = dimensions
       ORDER BY id DESC LIMIT 1`,
      [embedder, dimensions],
    );
    return row === undefined ? null : { id: numberOf(row, "id"), dimensions: numberOf(row, "dimensions") };
  }

  /** How many vectors of a model there are, as it was some seconds ago. */
  async size({ id }: CorpusModel): Promise<number> {
    const known = this.#sizes.get(id);
    if (known !== undefined && performance.now() - known.atMs < sizeMs) {
      return known.count;
    }
    const rows = await this.#database.query(
      `SELECT count(*) AS count FROM ${this.#schema}.embedding WHERE model = $1`,
      [id],
    );
    const count = numberOf(rows[0], "count");
    this.#sizes.set(id, { count, atMs: performance.now() });
    return count;
  }

  /** How many passages have a vector of an embedder. */
  async count(embedder: string): Promise<number> {
    const model = await this.find(await corpusState(this.#database, this.#corpus), embedder, null);
    if (model === null) {
      return 0;
    }
    const [row] = await this.#database.query(
      `SELECT count(*) AS count FROM ${this.#schema}.passage AS passage
       JOIN ${this.#schema}.embedding AS embedding ON embedding.model = $1 AND embedding.hash = passage.hash`,
      [model.id],
    );
    return numberOf(row, "count");
  }

  /**
   * Passages without a vector, which are then claimed: others are given other ones. None to who may not write.
   *
   * @throws AgentError `index.no-vectors`
   */
  async lacking({ embedder, dimensions, most, fromFile: from }: LackingRequest): Promise<LackingAnswer> {
    const state = await corpusState(this.#database, this.#corpus);
    if (state.layout === 0 || !state.isWritable) {
      return { passages: [], fromFile: 0 };
    }
    const model = await this.#use(state, embedder, dimensions);
    const rows = await this.#database.query(
      `WITH lacking AS (
         SELECT DISTINCT ON (passage.hash) passage.id, passage.hash, passage.place, passage.text
         FROM (SELECT * FROM ${this.#schema}.passage AS passage
           WHERE id >= $1 AND encode(hash, 'hex') <> ALL($2::text[])
             AND NOT EXISTS (SELECT 1 FROM ${this.#schema}.embedding WHERE model = $3 AND hash = passage.hash)
             AND NOT EXISTS (SELECT 1 FROM ${this.#schema}.claim
               WHERE model = $3 AND hash = passage.hash AND owner <> $4 AND until > now())
           ORDER BY id LIMIT $5) AS passage
         ORDER BY passage.hash, passage.id),
       claimed AS (
         INSERT INTO ${this.#schema}.claim AS claim (model, hash, owner, until)
         SELECT $3, hash, $4, now() + interval '${claim}' FROM lacking ORDER BY hash
         ON CONFLICT (model, hash) DO UPDATE SET owner = excluded.owner, until = excluded.until
           WHERE claim.owner = excluded.owner OR claim.until <= now()
         RETURNING hash)
       SELECT id, encode(hash, 'hex') AS hash, place, text FROM lacking JOIN claimed USING (hash) ORDER BY id`,
      [from, Array.from(this.#refused.get(embedder) ?? []), model.id, this.#owner, most],
    );
    const passages = rows.map((row) => ({
      id: numberOf(row, "id"),
      hash: String(row["hash"]),
      text: meaningText(String(row["place"]), String(row["text"])),
    }));
    return { passages, fromFile: passages.at(-1)?.id ?? from };
  }

  /** Keeps vectors. @returns how many were kept. @throws AgentError `index.no-vectors` */
  async keep({ embedder, dimensions, passages, vectors, refused }: KeepRequest): Promise<number> {
    if (vectors.length !== passages.length * dimensions) {
      throw new RangeError(`${vectors.length} numbers are not ${passages.length} vectors of ${dimensions}`);
    }
    this.#refused.set(embedder, new Set([...(this.#refused.get(embedder) ?? []), ...refused]));
    const texts = passages.map((_, at) => vectorText(vectors.subarray(at * dimensions, (at + 1) * dimensions)));
    const state = await corpusState(this.#database, this.#corpus);
    const model = await this.#use(state, embedder, dimensions);
    const hashes = passages.map(({ hash }) => hash);
    return await this.#database.withConnection(async (connection) => {
      await connection.query("BEGIN");
      const kept = await connection.query(
        `INSERT INTO ${this.#schema}.embedding (model, hash, vector)
         SELECT DISTINCT ON (h) $1::integer, decode(h, 'hex'), v::${supportOf(state, this.#database).schema}.halfvec
         FROM unnest($2::text[], $3::text[]) AS given (h, v) ORDER BY h
         ON CONFLICT (model, hash) DO NOTHING RETURNING 1`,
        [model.id, hashes, texts],
      );
      await connection.query(
        `DELETE FROM ${this.#schema}.claim WHERE model = $1 AND (until <= now() OR encode(hash, 'hex') = ANY($2::text[]))`,
        [model.id, [...hashes, ...refused]],
      );
      await connection.query("COMMIT");
      return kept.length;
    });
  }

  /** Lets go of what was claimed by owners who are no more. @param owners what their names begin with */
  async release(owners: string): Promise<void> {
    await this.#database.query(`DELETE FROM ${this.#schema}.claim WHERE starts_with(owner, $1)`, [owners]);
  }

  /** The model's number; makes the table and enters the model where they are not there. */
  async #use(state: CorpusState, embedder: string, dimensions: number): Promise<CorpusModel> {
    const support = supportOf(state, this.#database);
    const found = await this.find(state, embedder, dimensions);
    if (found !== null) {
      return found;
    }
    const rows = await this.#database.withConnection(async (connection) => {
      await connection.query("BEGIN");
      await lockCorpus(connection, this.#corpus);
      await makeTable(connection, this.#schema, support);
      const entered = await connection.query(
        `INSERT INTO ${this.#schema}.model (name, dimensions) VALUES ($1, $2)
         ON CONFLICT (name, dimensions) DO UPDATE SET name = excluded.name RETURNING id`,
        [embedder, dimensions],
      );
      await connection.query("COMMIT");
      return entered;
    });
    return { id: numberOf(rows[0], "id"), dimensions };
  }
}

/** The vectors of the server. @throws AgentError `index.no-vectors` */
function supportOf({ vectors }: CorpusState, { who: { server } }: SharedDatabase): VectorSupport {
  const reason =
    vectors === null
      ? "the extension pgvector is not in this database"
      : isTooOld(vectors.version)
        ? `pgvector ${vectors.version} is older than ${oldestVersion.join(".")}`
        : null;
  if (vectors === null || reason !== null) {
    throw new AgentError(
      "index.no-vectors",
      { server, reason: reason ?? "" },
      `The shared index at ${server} keeps no vectors: ${reason}. Its administrator can add them with CREATE EXTENSION vector; until then the search is by words alone.`,
    );
  }
  return vectors;
}

function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major < oldestVersion[0] || (major === oldestVersion[0] && minor < oldestVersion[1]);
}

/** Makes the table of vectors, for those who have the table of passages too. */
async function makeTable(connection: Queries, schema: string, support: VectorSupport): Promise<void> {
  const [there] = await connection.query("SELECT to_regclass($1 || '.embedding') IS NOT NULL AS there", [schema]);
  if (there?.["there"] === true) {
    return;
  }
  await connection.query(
    `CREATE TABLE ${schema}.embedding (
       model integer NOT NULL REFERENCES ${schema}.model ON DELETE CASCADE, hash bytea NOT NULL,
       vector ${support.schema}.halfvec NOT NULL, PRIMARY KEY (model, hash));
     ALTER TABLE ${schema}.embedding ALTER COLUMN vector SET STORAGE MAIN`,
  );
  const grants = await connection.query(
    `SELECT privilege_type AS privilege, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END AS grantee
     FROM pg_class, aclexplode(relacl) WHERE pg_class.oid = to_regclass($1 || '.passage') AND grantee <> relowner
       AND privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')`,
    [schema],
  );
  for (const { privilege, grantee } of grants) {
    // oxlint-disable-next-line no-await-in-loop -- there are few
    await connection.query(`GRANT ${String(privilege)} ON ${schema}.embedding TO ${String(grantee)}`);
  }
}

/** A vector of length 1 as pgvector reads it, which refuses numbers that are none. */
export function vectorText(vector: Float32Array): string {
  const length = Math.hypot(...vector);
  if (!Number.isFinite(length) || length === 0) {
    throw new RangeError("a vector of zeros or without numbers is not kept");
  }
  return `[${Array.from(vector, (part) => (part / length).toPrecision(5)).join(",")}]`;
}
