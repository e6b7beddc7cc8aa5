import type { ReadPassage } from "../protocol/citation.ts";

/** The passages that one conversation with a model is told, numbered from 1 in the order in which it sees them. */
export class ToldPassages {
  readonly #told: ReadPassage[] = [];
  /** The passages by their numbers of the turn. */
  readonly #numbers: number[] = [];

  /** Everything told so far, by the numbers that the model knows. */
  get all(): readonly ReadPassage[] {
    return this.#told;
  }

  /** Numbers passages as the model is told them. One that it was told before keeps its number. */
  tell(passages: readonly ReadPassage[]): readonly ReadPassage[] {
    return passages.map((passage) => {
      const known = this.#numbers.indexOf(passage.number);
      const told = { ...passage, number: known < 0 ? this.#told.length + 1 : known + 1 };
      if (known < 0) {
        this.#told.push(told);
        this.#numbers.push(passage.number);
      }

      return told;
    });
  }

  /** The number that a passage has in the turn. */
  turnNumber(told: number): number {
    return this.#numbers[told - 1] ?? told;
  }
}
