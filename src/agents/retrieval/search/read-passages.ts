import type { Passage, PassageReading, ReadPassages } from "../../ports/passage-index.ts";
import type { PassageStore } from "../index/passage-store.ts";
import { scopeCondition } from "../index/scope-condition.ts";
import { spreadPlaces } from "./spread-places.ts";

/** The passages of a scope from its beginning on, or from all over it, with the sums of the whole scope. */
export function readPassages(
  store: PassageStore,
  { within, mostCharacters, spread }: Pick<PassageReading, "within" | "mostCharacters" | "spread">,
): ReadPassages {
  const passages: Passage[] = [];
  let left = mostCharacters;
  for (const passage of spread === undefined ? fromBeginning(store, within) : fromAllOver(store, within, spread)) {
    left -= passage.text.length;
    if (left < 0) {
      break;
    }
    passages.push({ ...passage, score: 0 });
  }
  const { characters, chunks, files } = store.totalsOf(within);
  return { passages, count: chunks, characters, files };
}

function* fromBeginning(store: PassageStore, within: PassageReading["within"]): Generator<Omit<Passage, "score">> {
  for (const { passage } of store.passagesOf(within)) {
    yield passage;
  }
}

function* fromAllOver(
  store: PassageStore,
  within: PassageReading["within"],
  most: number,
): Generator<Omit<Passage, "score">> {
  const { sql, values } = scopeCondition(within.map(({ path }) => ({ path }))) ?? { sql: "1", values: [] };
  const rows = store.prepare(`SELECT id, chunks FROM file WHERE ${sql} AND chunks > 0 ORDER BY path`).all(...values);
  const files = rows.map(({ id, chunks }) => ({ id: Number(id), chunks: Number(chunks) }));
  // Passages are numbered in the order of their file.
  const passageAt = store.prepare("SELECT id FROM chunk WHERE file = ? ORDER BY id LIMIT 1 OFFSET ?");
  for (const { file, at } of spreadPlaces(files, most)) {
    const found = store.passage(Number(passageAt.get(file, at)?.["id"] ?? 0));
    if (found !== null) {
      yield found.passage;
    }
  }
}
