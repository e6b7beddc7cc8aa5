import type { Passage } from "../ports/passage-index.ts";
import type { ReadPassage, RememberedTurn } from "../protocol/citation.ts";

/** A passage with the words by which a person knows its file. */
export interface NamedPassage extends Passage {
  /** Absolute. */
  readonly file: string;
  readonly name: string;
  /** Where else the same text stands: names of files. */
  readonly copies?: readonly string[];
  /** The turn that it is of, where it is of no file. */
  readonly turn?: RememberedTurn;
}

/** The passages that were read in a turn: each has one number, under which models are told it. */
export class PassageShelf {
  readonly #passages = new Map<string, ReadPassage>();

  /** Every passage so far, by number. */
  get all(): readonly ReadPassage[] {
    return [...this.#passages.values()];
  }

  /** Numbers passages; one that stands here already keeps its number. */
  add(found: readonly NamedPassage[]): readonly ReadPassage[] {
    return found.map((passage) => {
      const key = keyOf(passage);
      const known = this.#passages.get(key);
      const read = { ...readPassage(passage), number: known?.number ?? this.#passages.size + 1 };
      this.#passages.set(key, known ?? read);
      return read;
    });
  }

  has(passage: NamedPassage): boolean {
    return this.#passages.has(keyOf(passage));
  }
}

/** What tells a passage from all others. */
export function keyOf({ file, start, end, page, place }: Omit<NamedPassage, "name">): string {
  return JSON.stringify([file, start, end, page, place]);
}

function readPassage({ file, name, scores, turn, copies = [], ...rest }: NamedPassage): Omit<ReadPassage, "number"> {
  const { start, end, startLine, endLine, lineNumbers, page, place, score, text } = rest;
  const further = {
    ...(copies.length === 0 ? {} : { copies: [...copies] }),
    ...(turn === undefined ? {} : { turn }),
    ...(lineNumbers === undefined ? {} : { lineNumbers: [...lineNumbers] }),
  };
  const described = { path: file, name, start, end, startLine, endLine, page, place, score, text, ...further };
  return scores === undefined ? described : { ...described, scores: { ...scores } };
}
