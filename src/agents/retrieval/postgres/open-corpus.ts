import { createHash } from "node:crypto";
import { join } from "node:path";
import { removeDatabase } from "../index/database.ts";
import { noIndex } from "../index/index-status.ts";
import type { OpenIndex } from "../open-index.ts";
import { corpusState, isSearchable, lockCorpus, schemaOf } from "./corpus-schema.ts";
import { corpusSums } from "./corpus-sums.ts";
import { CorpusTerms } from "./corpus-terms.ts";
import { readCorpus } from "./read-corpus.ts";
import { CorpusVectors } from "./corpus-vectors.ts";
import { searchByMeaning, searchCorpus } from "./search-corpus.ts";
import { SeenFiles } from "./seen-files.ts";
import type { SharedDatabase } from "./shared-database.ts";
import { updateCorpus } from "./update-corpus.ts";

/** Which corpus, of which database, as which folder of this machine. */
export interface CorpusOptions {
  readonly database: SharedDatabase;
  readonly corpus: string;
  /** Names the corpus and its server in reports. */
  readonly address: string;
  /** Where this machine keeps what it remembers of the files. */
  readonly folder: string;
  /** Real path of the root. */
  readonly root: string;
}

/** Opens a shared corpus. Nothing is asked of the server before the first order. */
export function openCorpus({ database, corpus, address, folder, root }: CorpusOptions): OpenIndex {
  const schema = schemaOf(corpus);
  const terms = new CorpusTerms(schema);
  const vectors = new CorpusVectors(database, corpus);
  const seenPath = join(
    folder,
    `shared-${createHash("sha256").update(`${address}\n${root}`).digest("hex").slice(0, 24)}.db`,
  );
  let seen: SeenFiles | null = null;
  let last: Promise<unknown> = Promise.resolve();
  let updates = 0;
  const isThere = async (): Promise<boolean> => isSearchable(await corpusState(database, corpus), corpus);
  const forget = (): void => {
    seen?.close();
    seen = null;
  };
  return {
    update: async (order, onProgress, signal) => {
      const before = last;
      updates += 1;
      const own = (async () => {
        await before;
        try {
          seen ??= new SeenFiles(seenPath);
          return await updateCorpus({ database, corpus, seen, address }, { ...order, onProgress }, signal);
        } finally {
          updates -= 1;
        }
      })();
      last = own.catch(() => undefined);
      return await own;
    },
    search: async (order) => {
      const state = await corpusState(database, corpus);
      if (!isSearchable(state, corpus)) {
        return [];
      }
      const searched = { database, schema, terms };
      const model =
        order.embedding === null ? null : await vectors.find(order.embedding.embedder, order.embedding.vector.length);
      return order.embedding === null || model === null || state.vectors === null
        ? await searchCorpus(searched, order)
        : await searchByMeaning(searched, order, {
            model,
            vector: order.embedding.vector,
            vectorSchema: state.vectors.schema,
          });
    },
    vectors: {
      lacking: (request) => vectors.lacking(request),
      keep: (request) => vectors.keep(request),
      count: (embedder) => vectors.count(embedder),
    },
    read: async (order) =>
      (await isThere()) ? await readCorpus(database, schema, order) : { passages: [], characters: 0, files: 0 },
    status: async () => {
      const status = (await isThere()) ? await corpusSums(database, corpus) : noIndex;
      return { ...status, updating: status.updating || updates > 0 };
    },
    remove: async () => {
      await last;
      await database.withConnection(async (connection) => {
        await connection.query("BEGIN");
        await lockCorpus(connection, corpus);
        await connection.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
        await connection.query("COMMIT");
      });
      forget();
      removeDatabase(seenPath);
    },
    close: async () => {
      await last;
      forget();
    },
  };
}
