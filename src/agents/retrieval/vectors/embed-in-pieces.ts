import { AgentError } from "../../base/errors.ts";
import type { Embedder } from "../../ports/embedder.ts";
import { textPieces } from "./text-pieces.ts";

/** The shortest window among common models is 256 tokens; dense code has up to 1.4 times as many as are estimated. */
const mostTokens = 180;

/**
 * The embedder, with long passages embedded in pieces: the vector of a passage is the mean direction of those of its
 * pieces. Models with a short window see all of a passage then, and one with a long window is not asked to press many
 * matters into one vector. Never more texts are sent in one call than are asked for in one.
 */
export function embedInPieces(embedder: Embedder): Embedder {
  return {
    ...embedder,
    id: `${embedder.id}\npieces of ${mostTokens}`,
    embed: async (texts, kind, signal) => {
      if (kind === "query") {
        return await embedder.embed(texts, kind, signal);
      }
      const pieces = texts.flatMap((text, at) => textPieces(text, mostTokens).map((piece) => ({ piece, at })));
      const vectors: Float32Array[] = [];
      for (let first = 0; first < pieces.length; first += texts.length) {
        const some = pieces.slice(first, first + texts.length);
        // oxlint-disable-next-line no-await-in-loop -- one call after the other
        vectors.push(...(await embedSome(embedder, { pieces: some, texts: texts.length }, signal)));
      }
      return texts.map((_, at) => meanDirection(vectors.filter((_vector, piece) => pieces[piece]?.at === at)));
    },
  };
}

interface Piece {
  readonly piece: string;
  /** The place of the text that it belongs to. */
  readonly at: number;
}

/**
 * Some of the pieces of so many texts.
 *
 * @throws AgentError `embedding.malformed` with the places of texts, not of pieces: of all texts, where no piece was good
 */
async function embedSome(
  embedder: Embedder,
  { pieces, texts }: { readonly pieces: readonly Piece[]; readonly texts: number },
  signal: AbortSignal,
): Promise<readonly Float32Array[]> {
  try {
    return await embedder.embed(
      pieces.map(({ piece }) => piece),
      "passage",
      signal,
    );
  } catch (error) {
    if (!AgentError.is(error, "embedding.malformed")) {
      throw error;
    }
    const bad = error.details.texts;
    const places = new Set(bad.flatMap((piece) => pieces[piece]?.at ?? []));
    const all = Array.from({ length: texts }, (_, at) => at);
    const details = { ...error.details, texts: bad.length === pieces.length ? all : [...places] };
    throw new AgentError("embedding.malformed", details, error.message, error);
  }
}

/** The sum of the directions, each counted alike. Of one vector: itself. */
function meanDirection(vectors: readonly Float32Array[]): Float32Array {
  const [first = new Float32Array(0), ...others] = vectors;
  if (others.length === 0) {
    return first;
  }
  const sum = new Float32Array(first.length);
  for (const vector of vectors) {
    const length = Math.hypot(...vector);
    vector.forEach((part, at) => {
      sum[at] = (sum[at] ?? 0) + part / length;
    });
  }
  return sum.some((part) => part !== 0) ? sum : first;
}
