import { AgentError } from "../base/errors.ts";
import type { Run } from "../core/run.ts";
import type { ChatModel, ModelMessage } from "../ports/chat-model.ts";
import type { ReadPassage } from "../protocol/citation.ts";
import { readSearchFilesCall } from "../tools/search-files.ts";
import { type AnswerBlock, type AnswerDraft, writeAnswer } from "./answer-stream.ts";
import { askMessages, closingAdvice, furtherPassages, uncitedAdvice } from "./ask-prompt.ts";
import type { PassageFinder } from "./find-passages.ts";
import { inTurns } from "./lists-in-turns.ts";
import { isOverviewQuestion, overviewOf } from "./overview.ts";
import { type NamedPassage, type PassageShelf, keyOf } from "./passage-shelf.ts";
import { type PlannedQuestion, otherWords } from "./plan-questions.ts";
import { ToldPassages } from "./told-passages.ts";

/** For one question, the first one and those in other words included. */
const mostSearches = 3;
/** Passages of the first try that are read again beside those of a second. */
const oldPassages = 4;
const nearestShown = 3;
/** Found passages that are read beside the beginnings of files. */
const besideOverview = 6;
/** Told to a model that cannot read more. */
const fewPassages = 4;
const overviewCharacters = 600_000;

/** What one question needs. */
export interface QuestionParts {
  readonly run: Run;
  readonly model: ChatModel;
  readonly finder: PassageFinder;
  readonly shelf: PassageShelf;
  readonly instructions: string;
  readonly about: string;
}

/** What came of a question. Words were streamed, and the block is still open. */
export type QuestionOutcome =
  | { readonly kind: "words"; readonly block: AnswerBlock; readonly raw: string; readonly isCited: boolean }
  | { readonly kind: "not-found"; readonly missing: string; readonly nearest: readonly ReadPassage[] };

interface Gathered {
  readonly passages: readonly ReadPassage[];
  readonly outline: readonly string[];
  readonly isWhole: boolean;
  readonly isOverview: boolean;
  readonly isSecondTry?: boolean;
}

/**
 * Answers one question from passages: searches, lets the model answer or search again, and looks once more with other
 * words where it finds no answer.
 *
 * @throws AgentError `index.*`, `model.*`, `run.budget`
 */
export async function answerQuestion(
  parts: QuestionParts,
  planned: PlannedQuestion,
  role: "comment" | "answer",
): Promise<QuestionOutcome> {
  return await new Question(parts, planned, role).answer();
}

class Question {
  readonly #parts: QuestionParts;
  readonly #question: string;
  readonly #translations: readonly string[];
  readonly #role: "comment" | "answer";
  #told = new ToldPassages();
  /** Every search of this question, in words. */
  readonly #tried: string[] = [];
  /** Those in other languages at the same time, and calls that could not be read, each count as they cost. */
  #searches = 0;
  #hasSearchedItself = false;
  #wasEmpty = false;
  #wasClosed = false;
  #wasUncited = false;

  constructor(parts: QuestionParts, planned: PlannedQuestion, role: "comment" | "answer") {
    this.#parts = parts;
    this.#question = planned.question;
    this.#translations = planned.translations;
    this.#role = role;
  }

  async answer(): Promise<QuestionOutcome> {
    const first = await this.#gather();
    const outcome = first.passages.length === 0 ? null : await this.#converseShorter(first);
    // A model that has searched itself has had its second try.
    if (outcome !== null && (outcome.kind === "words" || first.isWhole || this.#hasSearchedItself)) {
      return outcome;
    }

    if (first.isWhole) {
      return { kind: "not-found", missing: "", nearest: [] };
    }

    const found = await this.#searchOtherwise(first.passages);
    const nearest = [...first.passages, ...found].slice(0, nearestShown);
    if (found.length === 0) {
      return outcome ?? { kind: "not-found", missing: "", nearest };
    }

    const passages = [...found, ...first.passages.slice(0, oldPassages)];
    const second = await this.#converse({ ...first, passages, isSecondTry: true });
    return second.kind === "words" ? second : { ...second, nearest };
  }

  /** The whole text where it is small; its beginnings and headings where the question is about it as a whole; else what a search finds. */
  async #gather(): Promise<Gathered> {
    const { finder } = this.#parts;
    const isOverview = isOverviewQuestion(this.#question);
    const small = await finder.readSmall();
    if (small !== null) {
      return { passages: this.#note(small, "whole"), outline: [], isWhole: true, isOverview };
    }

    if (isOverview) {
      const { passages, outline } = overviewOf((await finder.read(overviewCharacters)).passages);
      // A summary may be wanted of one matter only.
      const found = (await this.#searchAtFirst()).slice(0, besideOverview);
      const all = new Map([...passages, ...found].map((passage) => [keyOf(passage), passage]));
      return { passages: this.#note([...all.values()], "search"), outline, isWhole: false, isOverview };
    }

    const found = await this.#searchAtFirst();
    const query = [this.#question, ...this.#translations].join(" · ");
    return { passages: this.#note(found, "search", query), outline: [], isWhole: false, isOverview };
  }

  async #searchAtFirst(): Promise<readonly NamedPassage[]> {
    return await this.#search(this.#question, ...this.#translations);
  }

  /** One search, in one or more languages at the same time. */
  async #search(...searches: readonly string[]): Promise<readonly NamedPassage[]> {
    this.#tried.push(...searches);
    this.#searches += 1;
    return await this.#parts.finder.search(this.#question, searches);
  }

  get #searchesLeft(): number {
    return Math.max(0, mostSearches - this.#searches);
  }

  /** Numbers passages and shows what is read; what all sub-questions read whole is shown once. */
  #note(found: readonly NamedPassage[], how: "search" | "whole", query = this.#question): readonly ReadPassage[] {
    const isShown = how === "whole" && found.every((passage) => this.#parts.shelf.has(passage));
    const passages = this.#parts.shelf.add(found);
    if (!isShown && passages.length > 0) {
      const agent = this.#parts.finder.voice.agent;
      this.#parts.run.emit({ type: "passages", agent, query, how, passages: [...passages] });
    }

    return passages;
  }

  /** Where all of it is too long for the model, it is given the best few passages. */
  async #converseShorter(gathered: Gathered): Promise<QuestionOutcome> {
    try {
      return await this.#converse(gathered);
    } catch (error) {
      if (!AgentError.is(error, "model.too-long") || gathered.passages.length <= fewPassages) {
        throw error;
      }

      const found = await this.#parts.finder.search(this.#question);
      const few = found.length === 0 ? gathered.passages : this.#note(found.slice(0, fewPassages), "search");
      const { isOverview } = gathered;
      return await this.#converse({ passages: few.slice(0, fewPassages), outline: [], isWhole: false, isOverview });
    }
  }

  /** One conversation about the passages: until there is an answer, or none. */
  async #converse(gathered: Gathered): Promise<QuestionOutcome> {
    const { instructions, about, run } = this.#parts;
    const mayEverSearch = !gathered.isWhole && this.#searchesLeft > 0;
    this.#told = new ToldPassages();
    let messages = askMessages({
      instructions,
      about,
      question: this.#question,
      outline: gathered.outline,
      isWhole: gathered.isWhole,
      isSecondTry: gathered.isSecondTry === true,
      isOverview: gathered.isOverview,
      searchesLeft: mayEverSearch ? this.#searchesLeft : 0,
      languages: await this.#parts.finder.languages(),
      passages: this.#told.tell(gathered.passages),
    });
    for (;;) {
      run.signal.throwIfAborted();
      run.emit({ type: "progress", agent: this.#parts.finder.voice.agent, activity: "answering", detail: "" });
      const maySearch = mayEverSearch && this.#searchesLeft > 0;
      // Each draft follows from what was found before.
      // oxlint-disable-next-line no-await-in-loop
      const draft = await this.#write(messages, maySearch);
      if (draft.kind === "not-found") {
        const nearest = gathered.passages.slice(0, nearestShown);
        return { kind: "not-found", missing: draft.missing, nearest };
      }

      if (draft.kind === "words" && (draft.block.citations.length > 0 || this.#wasUncited)) {
        return { kind: "words", block: draft.block, raw: draft.raw, isCited: draft.block.citations.length > 0 };
      }

      // oxlint-disable-next-line no-await-in-loop
      messages = [...messages, ...(await this.#goOn(draft, maySearch))];
    }
  }

  #write(messages: readonly ModelMessage[], maySearch: boolean): Promise<AnswerDraft> {
    const { run, model } = this.#parts;
    const told = this.#told;
    return writeAnswer(run, {
      model,
      messages,
      maySearch,
      question: this.#question,
      role: this.#role,
      passages: () => told.all,
      turnNumber: (number) => told.turnNumber(number),
      voice: this.#parts.finder.voice,
    });
  }

  /** What the model is told before it writes again. */
  async #goOn(
    draft: Exclude<AnswerDraft, { kind: "not-found" }>,
    maySearch: boolean,
  ): Promise<readonly ModelMessage[]> {
    switch (draft.kind) {
      case "search":
        return [
          { role: "assistant", content: draft.raw },
          { role: "user", content: await this.#searchFurther(draft.words, maySearch) },
        ];
      case "call": {
        const { call, raw } = draft;
        if (!maySearch) {
          return [{ role: "user", content: this.#close() }];
        }

        const read = readSearchFilesCall(call);
        const content =
          "query" in read ? await this.#searchFurther(read.query, maySearch) : this.#correct(read.mistake);
        return [
          { role: "assistant", content: raw, toolCalls: [call] },
          { role: "tool", toolCallId: call.id, content },
        ];
      }
      case "empty":
        this.#refuseEmpty();
        return [{ role: "user", content: "Your reply was empty. Answer the question in words." }];
      case "words":
        draft.block.drop();
        this.#wasUncited = true;
        return [
          { role: "assistant", content: draft.raw },
          { role: "user", content: uncitedAdvice },
        ];
    }
  }

  /** A call that cannot be read counts, so that no model calls for ever. */
  #correct(mistake: string): string {
    this.#searches += 1;
    return mistake;
  }

  async #searchFurther(words: string, maySearch: boolean): Promise<string> {
    if (!maySearch) {
      return this.#close();
    }

    this.#hasSearchedItself = true;
    const found = await this.#search(words);
    const fresh = found.filter((passage) => !isAmong(passage, this.#told.all));
    return furtherPassages(this.#told.tell(this.#note(fresh, "search", words)), this.#searchesLeft);
  }

  /**
   * The last thing that a model is told that goes on searching.
   *
   * @throws AgentError `model.malformed` where it was told before.
   */
  #close(): string {
    if (this.#wasClosed) {
      const { name, place } = this.#parts.model;
      const reason = `${name} went on searching and calling tools where only an answer was left to give.`;
      const sentence = `${reason} The passages that were read are shown. Ask again, or try another model.`;
      throw new AgentError("model.malformed", { baseUrl: place, reason }, sentence);
    }

    this.#wasClosed = true;
    return closingAdvice;
  }

  /** @throws AgentError `model.empty` the second time that a model says nothing. */
  #refuseEmpty(): void {
    if (this.#wasEmpty) {
      const { name, place } = this.#parts.model;
      const details = { baseUrl: place, model: name };
      throw new AgentError("model.empty", details, `${name} answered with nothing, twice. Try another model.`);
    }

    this.#wasEmpty = true;
  }

  /** Passages that only other words find. */
  async #searchOtherwise(before: readonly ReadPassage[]): Promise<readonly ReadPassage[]> {
    const { run, model, finder } = this.#parts;
    const found = before.slice(0, nearestShown);
    const excerpts = found.length > 0 ? found : (await finder.read(2_000)).passages.slice(0, nearestShown);
    const languages = await finder.languages();
    const { agent } = finder.voice;
    const request = { model, agent, question: this.#question, tried: this.#tried, most: this.#searchesLeft };
    const queries = await otherWords(run, { ...request, found: excerpts, languages });
    const lists: NamedPassage[][] = [];
    for (const words of queries) {
      // One index answers one search after the other.
      // oxlint-disable-next-line no-await-in-loop
      lists.push([...(await this.#search(words))]);
    }

    const fresh = inTurns(lists).filter((passage) => !isAmong(passage, before));
    const chosen = [...new Map(fresh.map((passage) => [keyOf(passage), passage])).values()];
    return this.#note(chosen.slice(0, 10), "search", queries.join(" · "));
  }
}

function isAmong(passage: NamedPassage, read: readonly ReadPassage[]): boolean {
  return read.some(
    ({ path, start, page, place }) =>
      path === passage.file && start === passage.start && page === passage.page && place === passage.place,
  );
}
