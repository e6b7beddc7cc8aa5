import { type CorpusState, corpusState, isSearchable } from "./corpus-schema.ts";
import { isMissing } from "./database-errors.ts";
import type { Queries } from "./shared-database.ts";

/** For so long it is not looked at again what a corpus has. */
const stateMs = 10_000;

/** Works on a corpus as it is: one that others make, remove and make anew at any time. */
export class CorpusLook {
  readonly #database: Queries;
  readonly #corpus: string;
  #known: { readonly state: CorpusState; readonly atMs: number } | null = null;

  constructor(database: Queries, corpus: string) {
    this.#database = database;
    this.#corpus = corpus;
  }

  /** Looks at the corpus again the next time. */
  forget(): void {
    this.#known = null;
  }

  /** Looks at the corpus now. @throws AgentError `index.*` */
  async again(): Promise<CorpusState> {
    return await corpusState(this.#database, this.#corpus);
  }

  /**
   * Does some work where there are tables. @returns `nothing` where there are none
   *
   * @throws AgentError `index.*`; what the work throws
   */
  async whereThere<T>(nothing: T, work: (state: CorpusState) => Promise<T>): Promise<T> {
    const known = this.#known !== null && performance.now() - this.#known.atMs < stateMs ? this.#known : null;
    const state = known?.state ?? (await this.again());
    if (!isSearchable(state, this.#corpus)) {
      return nothing;
    }
    this.#known = known ?? { state, atMs: performance.now() };
    try {
      return await work(state);
    } catch (error) {
      if (!isMissing(error)) {
        throw error;
      }
      // Somebody removed it, or made it anew, since it was looked at.
      this.forget();
      return known === null ? nothing : await this.whereThere(nothing, work);
    }
  }
}
