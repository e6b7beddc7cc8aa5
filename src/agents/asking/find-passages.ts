import { join } from "node:path";
import { AgentError, messageOf } from "../base/errors.ts";
import { askModel } from "../analysis/ask-model.ts";
import type { Run } from "../core/run.ts";
import type { Passage, PassageIndex } from "../ports/passage-index.ts";
import type { AskChat, Reranker } from "../ports/reranker.ts";
import { retrievalAgent } from "../catalog/retrieval-agent.ts";
import type { NamedPassage } from "./passage-shelf.ts";
import { withoutCopies, withoutFarOff } from "./sift-passages.ts";
import { type ScopedRoot, type SourceScope, scopedRoots, shownName } from "./source-scope.ts";

/** A scope of no more characters is read whole; Chinese ones count twice. */
export const smallScope = 24_000;

const mostPassages = 12;
/** So many are asked for, since some say the same. */
const searchedPassages = 16;
/** So many are judged by a reranker, and so many of them are read. */
const judgedPassages = 24;
const mostReranked = 8;
/** Adds to the rank where lists are joined, as usual for reciprocal rank fusion. */
const rankOffset = 60;

/** What finding passages needs. */
export interface FinderParts {
  readonly index: PassageIndex;
  readonly scopes: () => readonly SourceScope[];
  /** `null` where none is set. */
  readonly reranker?: (signal: AbortSignal) => Promise<Reranker | null>;
}

/** Passages from the beginning of all sources on. */
export interface WholeReading {
  readonly passages: readonly NamedPassage[];
  /** Whether these are all. */
  readonly isWhole: boolean;
  readonly files: number;
}

/** Finds passages within the sources of a session, over all the indexes that they lie in. */
export class PassageFinder {
  readonly #parts: FinderParts;
  readonly #run: Run;

  constructor(parts: FinderParts, run: Run) {
    this.#parts = parts;
    this.#run = run;
  }

  /** The best passages for a question, best first. @throws AgentError `index.*` */
  async search(question: string, words = question): Promise<readonly NamedPassage[]> {
    this.#run.emit({ type: "progress", agent: retrievalAgent.name, activity: "searching", detail: words });
    const reranker = await this.#reranker();
    const top = reranker === null ? searchedPassages : judgedPassages;
    const lists = await Promise.all(
      this.#roots.map(async ({ root, within, scopes }) => {
        const found = await this.#parts.index.search({ root, text: words, top, within }, this.#run.signal);
        return found.map((passage) => this.#named(passage, root, scopes));
      }),
    );
    const found = withoutCopies(joined(reranker === null ? lists.map(withoutFarOff) : lists)).slice(0, judgedPassages);
    return reranker === null ? found.slice(0, mostPassages) : await this.#rerank(reranker, question, found);
  }

  /** Reads from the beginning on. @throws AgentError `index.*` */
  async read(mostCharacters: number): Promise<WholeReading> {
    const readings = await Promise.all(
      this.#roots.map(async ({ root, within, scopes }) => {
        const { passages, characters, files } = await this.#parts.index.read(
          { root, within, mostCharacters },
          this.#run.signal,
        );
        return { passages: passages.map((passage) => this.#named(passage, root, scopes)), characters, files };
      }),
    );
    const sum = (pick: (reading: (typeof readings)[number]) => number): number =>
      readings.reduce((total, reading) => total + pick(reading), 0);
    return {
      passages: readings.flatMap(({ passages }) => passages),
      isWhole: sum(({ characters }) => characters) <= mostCharacters,
      files: sum(({ files }) => files),
    };
  }

  get #roots(): readonly ScopedRoot[] {
    return scopedRoots(this.#parts.scopes());
  }

  #named(passage: Passage, root: string, scopes: readonly SourceScope[]): NamedPassage {
    const folder = scopes[0]?.folder ?? root;
    const name = shownName(passage.path, scopes, this.#parts.scopes().length);
    return { ...passage, file: join(folder, ...passage.path.split("/")), name };
  }

  /** What a model costs that judges passages counts for the question. */
  readonly #ask: AskChat = async (model, request) => {
    const { text } = await askModel(this.#run, { model, request, agent: retrievalAgent.name });
    return text;
  };

  async #reranker(): Promise<Reranker | null> {
    try {
      return (await this.#parts.reranker?.(this.#run.signal)) ?? null;
    } catch (error) {
      this.#sayUnjudged(error);
      return null;
    }
  }

  /** A reranker that fails leaves the order of the search, which is said. */
  async #rerank(
    reranker: Reranker,
    question: string,
    found: readonly NamedPassage[],
  ): Promise<readonly NamedPassage[]> {
    if (found.length < 2) {
      return found;
    }

    try {
      const texts = found.map(({ place, text }) => (place === "" ? text : `${place}\n${text}`));
      const judged = await reranker.rerank(question, texts, this.#run.signal, this.#ask);
      return found
        .map((passage, index) => withJudgement(passage, judged[index] ?? 0))
        .toSorted((a, b) => b.scores.reranked - a.scores.reranked)
        .slice(0, mostReranked);
    } catch (error) {
      this.#sayUnjudged(error);
      return found.slice(0, mostPassages);
    }
  }

  /** @throws what ends the run */
  #sayUnjudged(error: unknown): void {
    this.#run.signal.throwIfAborted();
    if (AgentError.is(error, "run.budget")) {
      throw error;
    }

    const reason = messageOf(error);
    const text = `The passages are in the order of the search, because reranking failed: ${reason}`;
    this.#run.emit({ type: "notice", severity: "warning", code: "rerank-failed", text, values: { reason } });
  }
}

function withJudgement(passage: NamedPassage, reranked: number) {
  const { text = passage.score, vector = null } = passage.scores ?? {};
  return { ...passage, scores: { text, vector, reranked } };
}

/** Lists of several indexes as one: scores of different searches say nothing to each other, so ranks count. */
function joined(lists: readonly (readonly NamedPassage[])[]): readonly NamedPassage[] {
  if (lists.length === 1) {
    return lists[0] ?? [];
  }

  return lists
    .flatMap((list) => list.map((passage, rank) => ({ passage, weight: 1 / (rankOffset + rank) })))
    .toSorted((a, b) => b.weight - a.weight)
    .map(({ passage }) => passage);
}
