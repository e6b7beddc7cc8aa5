import type { Citation } from "../../../src/agents/protocol/citation.ts";

/** What an answer cites of one place. */
export interface CitedPlace {
  /** The marks that lead here, rising. */
  readonly numbers: readonly number[];
  readonly citation: Citation;
}

/** What an answer cites of one file. */
export interface CitedFile {
  readonly path: string;
  readonly name: string;
  readonly places: readonly CitedPlace[];
}

/** Citations by file, in the order in which the answer first names them; the same words are told once. */
export function groupCitations(citations: readonly Citation[]): readonly CitedFile[] {
  const files = new Map<string, { path: string; name: string; places: Map<string, CitedPlace> }>();
  for (const citation of citations.toSorted((one, other) => one.number - other.number)) {
    const { path, name, start, end, page, quote, number } = citation;
    const file = files.get(path) ?? { path, name, places: new Map<string, CitedPlace>() };
    const key = JSON.stringify([start, end, page, quote]);
    const known = file.places.get(key);
    file.places.set(
      key,
      known === undefined ? { numbers: [number], citation } : { ...known, numbers: [...known.numbers, number] },
    );
    files.set(path, file);
  }

  return [...files.values()].map(({ path, name, places }) => ({ path, name, places: [...places.values()] }));
}
