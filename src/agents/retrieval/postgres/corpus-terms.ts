import { type CountedTerm, countedTerm } from "../search/rarity.ts";
import type { QueryTerm } from "../../words/query-terms.ts";
import { numberOf } from "./corpus-rows.ts";
import { lexemeQuery } from "./lexemes.ts";
import type { Queries } from "./shared-database.ts";

/** So many passages with a term are counted; how many there are in all is told by how far one had to look for them. */
const sample = 4000;
const mostRemembered = 20_000;

/** Terms with how many passages have them, and the average length of a passage. */
export interface CorpusCounts {
  readonly terms: readonly CountedTerm[];
  /** In characters. */
  readonly averageLength: number;
}

/** Counts terms in a corpus, and remembers the counts until somebody writes. */
export class CorpusTerms {
  readonly #schema: string;
  readonly #counts = new Map<string, number>();
  #changes = "";
  #passages = 0;
  #averageLength = 1;

  /** @param schema quoted */
  constructor(schema: string) {
    this.#schema = schema;
  }

  async count(database: Queries, terms: readonly QueryTerm[]): Promise<CorpusCounts> {
    await this.#refresh(database);
    const unknown = terms.filter(({ match }) => !this.#counts.has(match));
    const found = await countMatches(database, this.#schema, unknown.map(lexemeQuery), sample);
    unknown.forEach(({ match }, at) => this.#counts.set(match, found[at] ?? 0));
    return {
      terms: terms.map((term) => countedTerm(term, this.#counts.get(term.match) ?? 0, this.#passages)),
      averageLength: this.#averageLength,
    };
  }

  async #refresh(database: Queries): Promise<void> {
    const [meta] = await database.query(`SELECT value FROM ${this.#schema}.meta WHERE key = 'changes'`);
    const changes = String(meta?.["value"] ?? "");
    if (changes === this.#changes && this.#counts.size < mostRemembered) {
      return;
    }
    const [sums] = await database.query(
      `SELECT coalesce(sum(chunks), 0) AS passages, coalesce(sum(characters), 0) AS characters FROM ${this.#schema}.file`,
    );
    this.#counts.clear();
    this.#changes = changes;
    this.#passages = numberOf(sums, "passages");
    this.#averageLength = Math.max(1, numberOf(sums, "characters") / Math.max(1, this.#passages));
  }
}

/**
 * How many passages match each query. Exact below `most`, else an estimate: the first to match are counted, and the share
 * of the table that had to be read for them tells the rest.
 */
export async function countMatches(
  database: Queries,
  schema: string,
  queries: readonly string[],
  most: number,
): Promise<readonly number[]> {
  if (queries.length === 0) {
    return [];
  }
  const rows = await database.query(
    `SELECT found.count, found.page,
       pg_relation_size('${schema.replaceAll("'", "''")}.passage') / current_setting('block_size')::bigint AS pages
     FROM unnest($1::text[]) WITH ORDINALITY AS wanted (query, n) CROSS JOIN LATERAL (
       SELECT count(*) AS count, max((place::text::point)[0]) AS page
       FROM (SELECT ctid AS place FROM ${schema}.passage WHERE words @@ query::tsquery LIMIT $2) AS first) AS found
     ORDER BY n`,
    [queries, most],
  );
  return rows.map((row) => {
    const found = numberOf(row, "count");
    const share = (numberOf(row, "page") + 1) / Math.max(1, numberOf(row, "pages"));
    return found < most ? found : Math.round(found / Math.min(1, share));
  });
}
