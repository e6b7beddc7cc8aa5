import { setImmediate } from "node:timers/promises";
import type { Passage } from "../../ports/passage-index.ts";
import type { PassageStore } from "../index/passage-store.ts";
import type { TermCounter } from "../search/rarity.ts";
import { rankedChunks, type SearchRequest } from "../search/search-passages.ts";
import { fuseScores } from "./fuse-scores.ts";
import { createVectorKernel, type VectorKernel } from "./vector-kernel.ts";
import { VectorMatrix } from "./vector-matrix.ts";
import { toWholeNumbers } from "./vector-rows.ts";
import { type KeptVector, type LackingPassage, VectorTable } from "./vector-table.ts";

/** A question as an embedder has it. */
export interface QueryEmbedding {
  /** The id of the embedder. */
  readonly embedder: string;
  readonly vector: Float32Array;
}

/** Asks for passages that have no vector yet. */
export interface LackingRequest {
  readonly embedder: string;
  readonly dimensions: number;
  readonly most: number;
  /** As the last answer said; 0 to begin with. */
  readonly fromFile: number;
}

/** Passages that have no vector. */
export interface LackingAnswer {
  /** Empty when there are none from `fromFile` on. */
  readonly passages: readonly LackingPassage[];
  /** Where to go on. */
  readonly fromFile: number;
}

/** Vectors that were made, one after the other in `vectors`. */
export interface KeepRequest {
  readonly embedder: string;
  readonly dimensions: number;
  readonly passages: readonly Pick<LackingPassage, "id" | "hash">[];
  readonly vectors: Float32Array;
  /** Hashes of texts that the model has no vector for: they are not asked for again while the index is open. */
  readonly refused: readonly string[];
}

/** What an open index does with vectors. */
export interface OpenVectors {
  /** Finds passages by words and meaning; `null` where no vectors of the embedder are kept. */
  search(request: SearchRequest, embedding: QueryEmbedding): readonly Passage[] | null;
  /** Also finds vectors again of texts that were embedded before. */
  lacking(request: LackingRequest): LackingAnswer | Promise<LackingAnswer>;
  /** @returns how many were kept */
  keep(request: KeepRequest): number | Promise<number>;
  /** How many passages have a vector of an embedder. */
  count(embedder: string): number | Promise<number>;
}

/** Files that are looked at in one go. */
const filesAtOnce = 64;

/** Opens the vectors in the database of an index. */
export function openVectors(store: PassageStore, counter: TermCounter, say: (sentence: string) => void): OpenVectors {
  const table = new VectorTable(store);
  const refused = new Map<number, Set<string>>();
  let matrix: VectorMatrix | null = null;
  let kernel: VectorKernel | null = null;
  const matrixOf = (model: { readonly id: number; readonly dimensions: number }): VectorMatrix => {
    if (matrix?.model !== model.id) {
      kernel = createVectorKernel();
      if (kernel.kind === "plain") {
        say(`Vectors are compared without SIMD, which is some ten times slower: ${kernel.reason}`);
      }
      matrix = new VectorMatrix(kernel, table, model);
    }
    return matrix;
  };
  return {
    search: (request, { embedder, vector }) => {
      const model = table.findModel(embedder, vector.length);
      return model === null ? null : hybridSearch({ store, counter, table, matrix: matrixOf(model) }, request, vector);
    },
    lacking: (request) => {
      const model = table.findModel(request.embedder, request.dimensions);
      const texts = refused.get(model?.id ?? 0) ?? new Set();
      const answer = findLacking(store, table, { ...request, model: model?.id ?? 0, refused: texts });
      if (answer.passages.length === 0 && model !== null) {
        // What fails here fails again, and is told, when a question comes.
        warm(store, matrixOf(model)).catch(() => undefined);
      }
      return answer;
    },
    keep: ({ embedder, dimensions, passages, vectors, refused: texts }) =>
      writing(store, () => {
        if (vectors.length !== passages.length * dimensions) {
          throw new RangeError(`${vectors.length} numbers are not ${passages.length} vectors of ${dimensions}`);
        }
        const model = table.useModel({ embedder, dimensions });
        refused.set(model, new Set([...(refused.get(model) ?? []), ...texts]));
        return table.keep(
          model,
          passages.map(({ id, hash }, at) => ({
            passage: id,
            hash,
            row: rowOf(vectors.subarray(at * dimensions, (at + 1) * dimensions)),
          })),
        );
      }),
    count: (embedder) => {
      const model = table.findModel(embedder, null);
      return model === null ? 0 : table.count(model.id);
    },
  };
}

/** What the thread works on in one go. */
const stepMs = 15;

/** Reads the vectors before the first question wants them. */
async function warm(store: PassageStore, matrix: VectorMatrix): Promise<void> {
  while (store.isOpen && !matrix.refresh(stepMs)) {
    // oxlint-disable-next-line no-await-in-loop -- others have their turn
    await setImmediate();
  }
}

function rowOf(vector: Float32Array): Int8Array {
  if (!vector.every((part) => Number.isFinite(part)) || vector.every((part) => part === 0)) {
    throw new RangeError("a vector of zeros or without numbers is not kept");
  }
  const row = new Int8Array(vector.length);
  toWholeNumbers(vector, row);
  return row;
}

/** Within the transaction that is open, else in one of its own. */
function writing<T>(store: PassageStore, work: () => T): T {
  if (store.isWriting) {
    return work();
  }
  store.begin();
  try {
    const result = work();
    store.commit();
    return result;
  } catch (error) {
    store.rollback();
    throw error;
  }
}

interface Finding extends LackingRequest {
  readonly model: number;
  readonly refused: ReadonlySet<string>;
}

function findLacking(store: PassageStore, table: VectorTable, finding: Finding): LackingAnswer {
  const { model, dimensions, most, refused } = finding;
  const retired = model === 0 ? new Map<string, Int8Array>() : table.retired(model, dimensions);
  const passages: LackingPassage[] = [];
  const again: KeptVector[] = [];
  let fromFile = finding.fromFile;
  let files = table.lackingFiles(model, fromFile, filesAtOnce);
  while (files.length > 0 && passages.length < most) {
    for (const file of files) {
      fromFile = file;
      for (const passage of table.lackingPassages(model, file)) {
        const row = retired.get(passage.hash);
        if (row !== undefined) {
          again.push({ passage: passage.id, hash: passage.hash, row: row.slice() });
        } else if (!refused.has(passage.hash)) {
          passages.push(passage);
        }
        if (passages.length >= most) {
          break;
        }
      }
      if (passages.length >= most) {
        break;
      }
      fromFile = file + 1;
    }
    files = passages.length < most ? table.lackingFiles(model, fromFile, filesAtOnce) : [];
  }
  if (again.length > 0) {
    writing(store, () => table.keep(model, again));
  }
  if (passages.length === 0) {
    writing(store, () => table.forgetRetired());
  }
  return { passages, fromFile };
}

interface HybridContext {
  readonly store: PassageStore;
  readonly counter: TermCounter;
  readonly table: VectorTable;
  readonly matrix: VectorMatrix;
}

function hybridSearch(context: HybridContext, request: SearchRequest, vector: Float32Array): readonly Passage[] {
  const { store, counter, table, matrix } = context;
  const chunks = rankedChunks(store, counter, request);
  const known = new Map(chunks.map(({ chunk }) => [chunk.id, chunk]));
  const vectors = matrix.compare(vector, Math.max(50, request.top * 2), table.scope(request.within));
  const text = chunks.map(({ chunk, score }) => ({ passage: chunk.id, score }));
  return fuseScores({ text, vectors })
    .slice(0, request.top)
    .flatMap(({ passage: id, score, text: words, vector: cosine }) => {
      const found = known.get(id) ?? store.passage(id);
      const scores = { text: rounded(words), vector: rounded(cosine), reranked: null };
      return found === null ? [] : [{ ...found.passage, score: rounded(score) ?? 0, scores }];
    });
}

function rounded(score: number | null): number | null {
  return score === null ? null : Math.round(score * 10_000) / 10_000;
}
