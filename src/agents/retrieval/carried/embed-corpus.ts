import type { Embedder } from "../../ports/embedder.ts";
import { problemOf } from "../../ports/problem-of.ts";
import { numberOf } from "../postgres/corpus-rows.ts";
import { schemaOf } from "../postgres/corpus-schema.ts";
import type { CorpusVectors } from "../postgres/corpus-vectors.ts";
import type { SharedDatabase } from "../postgres/shared-database.ts";
import { createEmbeddingFiller } from "../vectors/embedding-filler.ts";

/** What is to be embedded, and by whom. */
export interface EmbeddingShare {
  readonly vectors: CorpusVectors;
  readonly embedder: Embedder;
  /** The first passage to look at, by its number. */
  readonly from: number;
  /** About so many at most. */
  readonly most: number;
  readonly onEmbedded: (count: number) => void;
}

/** Why passages stay without vectors. */
export interface EmbeddingTrouble {
  readonly code: string;
  readonly message: string;
}

/** Embeds passages that lack a vector; others take other ones at the same time. @returns what went wrong, or `null` */
export async function embedShare(share: EmbeddingShare, signal: AbortSignal): Promise<EmbeddingTrouble | null> {
  const { vectors, embedder, from, most, onEmbedded } = share;
  let taken = 0;
  const filler = createEmbeddingFiller({
    lacking: async (_database, request) => {
      if (taken >= most) {
        return { passages: [], fromFile: request.fromFile };
      }
      const lacking = await vectors.lacking({ ...request, fromFile: Math.max(from, request.fromFile) });
      taken += lacking.passages.length;
      return lacking;
    },
    keep: async (_database, request) => {
      const kept = await vectors.keep(request);
      onEmbedded(kept);
      return kept;
    },
  });
  filler.use(embedder);
  try {
    await filler.whenFilled("corpus", signal);
    return null;
  } catch (error) {
    signal.throwIfAborted();
    const { code, message } = problemOf(error);
    return { code, message };
  } finally {
    await filler.dispose();
  }
}

/** The number of the first passage of some files. */
export async function firstPassageOf(
  database: SharedDatabase,
  corpus: string,
  paths: readonly string[],
): Promise<number> {
  const schema = schemaOf(corpus);
  const [row] = await database.query(
    `SELECT min(passage.id) AS first FROM ${schema}.passage AS passage
     JOIN ${schema}.file AS file ON file.id = passage.file WHERE file.path = ANY($1::text[])`,
    [paths],
  );
  return numberOf(row, "first");
}
