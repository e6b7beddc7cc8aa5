const wide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u;
/** Words, those that are written together as in `camelCase` each; and what is no letter or digit, one by one. */
const words = /\p{Lu}?[\p{Ll}\p{M}]+|[\p{L}\p{N}\p{M}]+?(?=\p{Lu}\p{Ll}|[^\p{L}\p{N}\p{M}]|$)|[^\s\p{L}\p{N}\p{M}]/gu;
/** A longer word is more than one token: one for so many letters, as measured on prose and code. */
const lettersInToken = 5;

/** About how many tokens an embedding model sees in a text: more in code than in prose of the same length. */
export function embeddingTokens(text: string): number {
  let tokens = 0;
  for (const [part] of text.matchAll(words)) {
    tokens += wide.test(part) ? part.length : Math.max(1, part.length / lettersInToken);
  }
  return Math.round(tokens);
}

/** Where a text is best cut, next best, and at worst. */
const cuts = [/(?<=\n)/u, /(?<=[.!?;]\s)|(?<=[。！？；])/u, /(?<=\s)/u, /(?:)/u] as const;

/** Parts of a text that together are the text, each of at most `most` tokens, cut as coarsely as that allows. */
function partsOf(text: string, most: number, depth = 0): readonly string[] {
  const cut = cuts[depth];
  return cut === undefined || embeddingTokens(text) <= most
    ? [text]
    : text.split(cut).flatMap((part) => partsOf(part, most, depth + 1));
}

/**
 * A text in pieces of about the same length that together are the text, cut at the ends of lines, else of sentences, else
 * of words. One piece where it has at most `most` tokens.
 */
export function textPieces(text: string, most: number): readonly string[] {
  const all = embeddingTokens(text);
  const count = Math.ceil(all / most);
  if (count <= 1) {
    return [text];
  }
  const size = all / count;
  const pieces: string[] = [];
  let piece = "";
  let used = 0;
  for (const part of partsOf(text, size / 2)) {
    const tokens = embeddingTokens(part);
    if (piece !== "" && used + tokens / 2 > size && pieces.length < count - 1) {
      pieces.push(piece);
      piece = "";
      used = 0;
    }
    piece += part;
    used += tokens;
  }
  return [...pieces, piece].filter((one) => one.trim() !== "");
}
