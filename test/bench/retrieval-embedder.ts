import type { Embedder } from "../../src/agents/ports/embedder.ts";

/** Numbers of a vector of {@link benchEmbedder}. */
export const dimensions = 384;

/** Words thrown into places by what they are: as spread as a model's vectors, at no cost. */
export function embeddingOf(text: string): Float32Array {
  const vector = new Float32Array(dimensions);
  for (const word of text.toLowerCase().match(/[a-z]{3,}/g) ?? ["none"]) {
    let state = 17;
    for (let at = 0; at < word.length; at += 1) {
      state = Math.imul(state, 31) + word.charCodeAt(at);
    }
    for (let part = 0; part < 12; part += 1) {
      state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + part;
      const place = (state >>> 8) % dimensions;
      vector[place] = (vector[place] ?? 0) + (state % 2 === 0 ? 1 : -1);
    }
  }
  vector[0] = (vector[0] ?? 0) + 0.5;
  return vector;
}

/** An embedder that needs no model. */
export const benchEmbedder: Embedder = {
  id: "bench",
  model: "bench",
  place: "here",
  maxBatch: 256,
  embed: (texts) => Promise.resolve(texts.map(embeddingOf)),
};
