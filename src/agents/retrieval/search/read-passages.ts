import type { Passage, PassageReading, ReadPassages } from "../../ports/passage-index.ts";
import type { PassageStore } from "../index/passage-store.ts";

/** The passages of a scope from its beginning on, up to a number of characters, with the sums of the whole scope. */
export function readPassages(
  store: PassageStore,
  { within, mostCharacters }: Pick<PassageReading, "within" | "mostCharacters">,
): ReadPassages {
  const passages: Passage[] = [];
  let left = mostCharacters;
  for (const { passage } of store.passagesOf(within)) {
    left -= passage.text.length;
    if (left < 0) {
      break;
    }
    passages.push({ ...passage, score: 0 });
  }
  const { characters, chunks, files } = store.totalsOf(within);
  return { passages, count: chunks, characters, files };
}
