import { isJsonObject } from "./lenient-json.ts";

/** Vectors as they came, or a sentence about what came instead. `texts`: the places of those texts that got none. */
export type EmbeddingsRead =
  | { readonly ok: true; readonly vectors: readonly Float32Array[] }
  | { readonly ok: false; readonly reason: string; readonly texts: readonly number[] };

/**
 * Reads the answer to `count` texts: `{data: [{index, embedding}]}` as OpenAI, `{embeddings: […]}` as Ollama and Cohere,
 * or the bare list; a vector as numbers or as base64 of little-endian floats. Nothing but vectors of one length with
 * finite numbers, not all of them zero, is given out.
 */
export function readEmbeddings(value: unknown, count: number): EmbeddingsRead {
  const entries = entriesIn(value);
  const all = Array.from({ length: count }, (_, at) => at);
  if (entries === null) {
    return { ok: false, reason: "the answer has no list of vectors", texts: all };
  }
  if (entries.length !== count) {
    return { ok: false, reason: `${entries.length} vectors came for ${count} texts`, texts: all };
  }
  const vectors = entries.map(vectorOf);
  const troubles = vectors.map(troubleWith);
  const texts = all.filter((at) => troubles[at] !== null);
  const [first] = texts;
  if (first !== undefined) {
    const others = texts.length === 1 ? "" : `, and ${texts.length - 1} more`;
    return { ok: false, reason: `vector ${first + 1} of ${count} ${troubles[first]}${others}`, texts };
  }
  const lengths = new Set(vectors.map((vector) => vector?.length));
  if (lengths.size > 1) {
    return { ok: false, reason: `the vectors have different lengths: ${[...lengths].join(", ")}`, texts: all };
  }
  return { ok: true, vectors: vectors.filter((vector) => vector !== null) };
}

/** The vectors in the order of the texts, not yet looked at. */
function entriesIn(value: unknown): readonly unknown[] | null {
  const list = isJsonObject(value) ? (value["data"] ?? value["embeddings"] ?? value["embedding"]) : value;
  const typed = isJsonObject(list) ? (list["float"] ?? list["base64"]) : list;
  if (!Array.isArray(typed)) {
    return null;
  }
  const entries: readonly unknown[] = typed.every((entry) => typeof entry === "number") ? [typed] : typed;
  const places = new Set(entries.map(placeOf));
  const areNumbered = entries.every((_, at) => places.has(at));
  return areNumbered ? entries.toSorted((left, right) => Number(placeOf(left)) - Number(placeOf(right))) : entries;
}

function placeOf(entry: unknown): unknown {
  return isJsonObject(entry) ? entry["index"] : null;
}

function vectorOf(entry: unknown): Float32Array | null {
  const value = isJsonObject(entry) ? entry["embedding"] : entry;
  if (typeof value === "string") {
    const bytes = Buffer.from(value, "base64");
    return bytes.length % 4 === 0 && bytes.length > 0
      ? Float32Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readFloatLE(at * 4))
      : null;
  }
  if (!Array.isArray(value)) {
    return null;
  }
  // Some servers pack each vector into a list of one.
  const numbers: readonly unknown[] = value.length === 1 && Array.isArray(value[0]) ? value[0] : value;
  return Float32Array.from(numbers, (part) => (typeof part === "number" ? part : Number.NaN));
}

/** Why a vector is none; `null` for one that is good. */
function troubleWith(vector: Float32Array | null): string | null {
  if (vector === null || vector.length === 0) {
    return "is missing";
  }
  if (!vector.every((part) => Number.isFinite(part))) {
    return "has parts that are no numbers";
  }
  return vector.some((part) => part !== 0) ? null : "is all zero";
}
