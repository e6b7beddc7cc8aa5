import { join } from "node:path";
import { AgentError } from "../base/errors.ts";
import { askModel } from "../analysis/ask-model.ts";
import type { Run } from "../core/run.ts";
import type { Passage, PassageIndex } from "../ports/passage-index.ts";
import { problemOf } from "../ports/problem-of.ts";
import type { AskChat, Reranker } from "../ports/reranker.ts";
import { type AskingVoice, fileVoice } from "./asking-voice.ts";
import { languagesOf } from "../words/languages.ts";
import { failureNotice } from "./failure-notice.ts";
import { inTurns } from "./lists-in-turns.ts";
import { type NamedPassage, keyOf } from "./passage-shelf.ts";
import { languagesOfPassages } from "./passage-languages.ts";
import { fewestPassages, spreadOverFiles, withSiblings, withoutCopies, withoutFarOff } from "./sift-passages.ts";
import { type ScopedRoot, type SourceScope, scopedRoots, shownName } from "./source-scope.ts";

/** A scope of no more characters is read whole; Chinese ones count twice. */
const smallScope = 24_000;

const mostPassages = 12;
/** More are read where the same is looked for in other languages. */
const morePerTranslation = 2;
/** So many are asked for, since some say the same. */
const searchedPassages = 24;
/** By so many passages from all over the files their languages are told. */
const sampledPassages = 60;
const sampledCharacters = 120_000;
/** So many are judged by a reranker, and so many of them are read. */
const judgedPassages = 24;
const mostReranked = 8;

/** What finding passages needs. */
export interface FinderParts {
  readonly index: PassageIndex;
  readonly scopes: () => readonly SourceScope[];
  /** `null` where none is set. */
  readonly reranker?: (signal: AbortSignal) => Promise<Reranker | null>;
  /** Who reads; `retrieval_agent` where left out. */
  readonly voice?: AskingVoice;
}

/** Passages from the beginning of all sources on. */
export interface WholeReading {
  readonly passages: readonly NamedPassage[];
  /** Whether these are all. */
  readonly isWhole: boolean;
  readonly files: number;
}

interface Samples {
  readonly passages: readonly Passage[];
  /** Whether all there is may be small enough to be read whole. */
  readonly isSmall: boolean;
}

/** Finds passages within the sources of a session, over all the indexes that they lie in. */
export class PassageFinder {
  readonly #parts: FinderParts;
  readonly #run: Run;
  /** Who reads. */
  readonly voice: AskingVoice;
  #small: Promise<readonly NamedPassage[] | null> | null = null;
  #languages: Promise<readonly string[]> | null = null;
  #sampled: Promise<Samples> | null = null;
  #isSaidUnembedded = false;

  constructor(parts: FinderParts, run: Run) {
    this.#parts = parts;
    this.#run = run;
    this.voice = parts.voice ?? fileVoice;
  }

  /**
   * The best passages for a question, best first.
   *
   * @param searches What is looked for: one or more ways to say it, the best first.
   * @throws AgentError `index.*`
   */
  async search(question: string, searches: readonly string[] = [question]): Promise<readonly NamedPassage[]> {
    const detail = searches.join(" · ");
    this.#run.emit({ type: "progress", agent: this.voice.agent, activity: "searching", detail });
    const reranker = await this.#reranker();
    const lists: (readonly NamedPassage[])[] = [];
    for (const words of searches) {
      // One index answers one search after the other.
      // oxlint-disable-next-line no-await-in-loop
      lists.push(await this.#searchOnce(words, reranker !== null));
    }

    const most = mostPassages + morePerTranslation * (searches.length - 1);
    const found = withoutCopies(eachOnce(inTurns(await this.#inOrder(searches, lists))));
    return reranker === null
      ? spreadOverFiles(found, most)
      : await this.#rerank(reranker, question, found.slice(0, judgedPassages));
  }

  /** What was found in the words of the question comes last, and is little, where no file is in its language. */
  async #inOrder(
    searches: readonly string[],
    lists: readonly (readonly NamedPassage[])[],
  ): Promise<readonly (readonly NamedPassage[])[]> {
    const [own, ...others] = lists;
    const [language] = languagesOf(searches[0] ?? "");
    const isOfFiles = language === undefined || (await this.languages()).includes(language);
    return own === undefined || others.length === 0 || isOfFiles ? lists : [...others, own.slice(0, fewestPassages)];
  }

  async #searchOnce(words: string, isJudged: boolean): Promise<readonly NamedPassage[]> {
    const lists = await Promise.all(
      this.#roots.map(async ({ root, within, scopes }) => {
        const query = { root, text: words, top: searchedPassages, within };
        const found = await this.#parts.index.search(query, this.#run.signal);
        return found.map((passage) => this.#named(passage, root, scopes));
      }),
    );
    await this.#sayUnembedded(lists.flat());
    return inTurns(isJudged ? lists : lists.map((list) => withSiblings(withoutFarOff(list), list)));
  }

  /**
   * The languages that the files are written in, by English name, the one with most of them first; none where all is
   * small enough to be read whole.
   *
   * @throws AgentError `index.*`
   */
  async languages(): Promise<readonly string[]> {
    this.#languages ??= this.#readLanguages();
    return await this.#languages;
  }

  async #readLanguages(): Promise<readonly string[]> {
    return (await this.readSmall()) === null ? languagesOfPassages((await this.#samples()).passages) : [];
  }

  /** All there is, in its order, where it is small enough to be read whole; else `null`. @throws AgentError `index.*` */
  async readSmall(): Promise<readonly NamedPassage[] | null> {
    this.#small ??= this.#readSmall();
    return await this.#small;
  }

  async #readSmall(): Promise<readonly NamedPassage[] | null> {
    // A large scope is put in order only where it has to be.
    if (!(await this.#samples()).isSmall) {
      return null;
    }

    const { passages, isWhole } = await this.read(smallScope);
    const weight = passages.reduce((sum, { text }) => sum + weightOf(text), 0);
    return isWhole && weight <= smallScope ? passages : null;
  }

  /** Passages from all over the scope. */
  #samples(): Promise<Samples> {
    this.#sampled ??= this.#readSamples();
    return this.#sampled;
  }

  async #readSamples(): Promise<Samples> {
    const reading = { mostCharacters: sampledCharacters, spread: sampledPassages };
    const readings = await Promise.all(
      this.#roots.map(({ root, within }) => this.#parts.index.read({ root, within, ...reading }, this.#run.signal)),
    );
    const characters = readings.reduce((sum, read) => sum + read.characters, 0);
    return { passages: readings.flatMap(({ passages }) => passages), isSmall: characters <= smallScope };
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
    const named = this.voice.nameOf?.(passage.path) ?? {
      name: shownName(passage.path, scopes, this.#parts.scopes().length),
    };
    return { ...passage, file: join(folder, ...passage.path.split("/")), ...named };
  }

  /** What a model costs that judges passages counts for the question. */
  readonly #ask: AskChat = async (model, request) => {
    const { text } = await askModel(this.#run, { model, request, agent: this.voice.agent });
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

    this.#run.emit(failureNotice("rerank", problemOf(error)));
  }

  /** Where the model that embeds fails, words alone have found what is found, which is said once. */
  async #sayUnembedded(found: readonly NamedPassage[]): Promise<void> {
    if (this.#isSaidUnembedded || found.some(({ scores }) => typeof scores?.vector === "number")) {
      return;
    }

    const states = await Promise.all(this.#roots.map(({ root }) => this.#parts.index.status(root)));
    const problem = states.flatMap(({ embeddingProblem }) => embeddingProblem ?? []).at(0);
    if (problem !== undefined && !this.#isSaidUnembedded) {
      this.#isSaidUnembedded = true;
      this.#run.emit(failureNotice("embedding", problem));
    }
  }
}

function withJudgement(passage: NamedPassage, reranked: number) {
  const { text = passage.score, vector = null } = passage.scores ?? {};
  return { ...passage, scores: { text, vector, reranked } };
}

function eachOnce(found: readonly NamedPassage[]): readonly NamedPassage[] {
  return [...new Map(found.toReversed().map((passage) => [keyOf(passage), passage])).values()].toReversed();
}

/** Characters of a text; those that are a word or half a one to a model count twice. */
function weightOf(text: string): number {
  return (
    text.length + (text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu)?.length ?? 0)
  );
}
