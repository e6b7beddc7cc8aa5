const closers = `["'”’)\\]*_」』）】]*`;
const openers = `["'“‘(\\[*_]*`;
const begins = `${openers}[\\p{Lu}\\p{N}\\p{Lo}]`;
const spacedEnd = new RegExp(`[.!?…]${closers}(?=\\s+${begins})`, "u");
const plainEnd = new RegExp(`[。！？；]+${closers}(?=\\s*\\S)`, "u");
const closed = new RegExp(`[.!?…]${closers}$`, "u");
const closedPlainly = new RegExp(`[。！？；]${closers}$`, "u");
const mayBeEnd = new RegExp(`[.!?…。！？；]${closers}\\s*${openers}$`, "u");

/** From where on a text that may go on is held back: whether a sentence ends there is not known yet. */
export function heldFrom(text: string): number {
  return mayBeEnd.exec(text)?.index ?? text.length;
}

/**
 * Where a sentence ends within a text.
 *
 * @param said What the sentence has said before the text.
 * @returns The place in the text behind the sentence's last sign, or `null`.
 */
export function sentenceEndIn(said: string, text: string): number | null {
  const before = said.trimEnd();
  const spaced = `${said.slice(before.length)}${text}`;
  if ((closed.test(before) && startsSpaced.test(spaced)) || (closedPlainly.test(before) && /\S/u.test(text))) {
    return 0;
  }

  const ends = [spacedEnd, plainEnd].flatMap((end) => {
    const found = end.exec(text);
    return found === null ? [] : [found.index + found[0].length];
  });
  return ends.length === 0 ? null : Math.min(...ends);
}

const startsSpaced = new RegExp(`^\\s+${begins}`, "u");
