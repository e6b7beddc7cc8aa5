/** Running state of a 53-bit hash. */
export interface HashState {
  high: number;
  low: number;
}

/* eslint-disable no-bitwise -- a hash is made of bits */

/** Begins a hash. */
export function beginHash(): HashState {
  return { high: 0xdeadbeef, low: 0x41c6ce57 };
}

/** Adds a text, and a mark that parts it from the next. */
export function addToHash(state: HashState, text: string): void {
  let { high, low } = state;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  state.high = Math.imul(high ^ (high >>> 15) ^ 0x1f, 2246822507);
  state.low = Math.imul(low ^ (low >>> 13) ^ 0x1f, 3266489909);
}

/** The hash as an integer from 1 to 2^53 - 1, evenly spread. */
export function endHash(state: HashState): number {
  const high =
    Math.imul(state.high ^ (state.high >>> 16), 2246822507) ^ Math.imul(state.low ^ (state.low >>> 13), 3266489909);
  const low = Math.imul(state.low ^ (state.low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return 4294967296 * (2097151 & low) + (high >>> 0) || 1;
}

/** The hash of one text. */
export function hashText(text: string): number {
  const state = beginHash();
  addToHash(state, text);
  return endHash(state);
}
