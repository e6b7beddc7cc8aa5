import { AgentError } from "../base/errors.ts";
import { retrievalAgent } from "../catalog/retrieval-agent.ts";
import type { Run } from "../core/run.ts";
import type { ChatModel, ModelMessage } from "../ports/chat-model.ts";
import type { ReadPassage } from "../protocol/citation.ts";
import { readSearchFilesCall } from "../tools/search-files.ts";
import { type AnswerBlock, type AnswerDraft, writeAnswer } from "./answer-stream.ts";
import { askMessages, closingAdvice, furtherPassages, uncitedAdvice } from "./ask-prompt.ts";
import { type PassageFinder, smallScope } from "./find-passages.ts";
import { isOverviewQuestion, overviewOf } from "./overview.ts";
import type { NamedPassage, PassageShelf } from "./passage-shelf.ts";
import { otherWords } from "./plan-questions.ts";
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
  question: string,
  role: "comment" | "answer",
): Promise<QuestionOutcome> {
  return await new Question(parts, question, role).answer();
}

class Question {
  readonly #parts: QuestionParts;
  readonly #question: string;
  readonly #role: "comment" | "answer";
  #told = new ToldPassages();
  /** Every search of this question, in words; empty for a call that could not be read. */
  readonly #tried: string[] = [];
  #hasSearchedItself = false;
  #wasEmpty = false;
  #wasClosed = false;
  #wasUncited = false;

  constructor(parts: QuestionParts, question: string, role: "comment" | "answer") {
    this.#parts = parts;
    this.#question = question;
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
    const second = await this.#converse({ passages, outline: first.outline, isWhole: false, isSecondTry: true });
    return second.kind === "words" ? second : { ...second, nearest };
  }

  /** The whole text where it is small; its beginnings and headings where the question is about it as a whole; else what a search finds. */
  async #gather(): Promise<Gathered> {
    const { finder } = this.#parts;
    const isOverview = isOverviewQuestion(this.#question);
    const reading = await finder.read(isOverview ? overviewCharacters : smallScope);
    const length = reading.passages.reduce((sum, { text }) => sum + weightOf(text), 0);
    if (reading.isWhole && length <= smallScope) {
      return { passages: this.#note(reading.passages, "whole"), outline: [], isWhole: true };
    }

    if (isOverview) {
      const { passages, outline } = overviewOf(reading.passages);
      // A summary may be wanted of one matter only.
      const found = (await this.#search()).slice(0, besideOverview);
      const all = [...passages, ...found.filter((passage) => !passages.some((other) => isSame(passage, other)))];
      return { passages: this.#note(all, "search"), outline, isWhole: false };
    }

    return { passages: this.#note(await this.#search(), "search"), outline: [], isWhole: false };
  }

  async #search(words = this.#question): Promise<readonly NamedPassage[]> {
    this.#tried.push(words);
    return await this.#parts.finder.search(this.#question, words);
  }

  get #searchesLeft(): number {
    return Math.max(0, mostSearches - this.#tried.length);
  }

  /** Numbers passages and shows what is read; what all sub-questions read whole is shown once. */
  #note(found: readonly NamedPassage[], how: "search" | "whole", query = this.#question): readonly ReadPassage[] {
    const isShown = how === "whole" && found.every((passage) => this.#parts.shelf.has(passage));
    const passages = this.#parts.shelf.add(found);
    if (!isShown && passages.length > 0) {
      const agent = retrievalAgent.name;
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
      return await this.#converse({ passages: few.slice(0, fewPassages), outline: [], isWhole: false });
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
      maySearch: mayEverSearch,
      outline: gathered.outline,
      isWhole: gathered.isWhole,
      isSecondTry: gathered.isSecondTry === true,
      passages: this.#told.tell(gathered.passages),
    });
    for (;;) {
      run.signal.throwIfAborted();
      run.emit({ type: "progress", agent: retrievalAgent.name, activity: "answering", detail: "" });
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
    this.#tried.push("");
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
    const tried = this.#tried.filter(Boolean);
    const most = this.#searchesLeft;
    const queries = await otherWords(run, { model, question: this.#question, tried, most, found: excerpts });
    const lists: NamedPassage[][] = [];
    for (const words of queries) {
      // One index answers one search after the other.
      // oxlint-disable-next-line no-await-in-loop
      lists.push([...(await this.#search(words))]);
    }

    const fresh = inTurns(lists).filter((passage) => !isAmong(passage, before));
    const chosen = [...new Map(fresh.map((passage) => [`${passage.file} ${passage.start}`, passage])).values()];
    return this.#note(chosen.slice(0, 10), "search", queries.join(" · "));
  }
}

function isAmong(passage: NamedPassage, read: readonly ReadPassage[]): boolean {
  return read.some(
    ({ path, start, page, place }) =>
      path === passage.file && start === passage.start && page === passage.page && place === passage.place,
  );
}

function isSame(one: NamedPassage, other: NamedPassage): boolean {
  return one.file === other.file && one.start === other.start && one.place === other.place;
}

/** Characters of a text; those that are a word or half a one to a model count twice. */
function weightOf(text: string): number {
  return (
    text.length + (text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu)?.length ?? 0)
  );
}

/** The first of each list, then the second of each, and so on. */
function inTurns<T>(lists: readonly (readonly T[])[]): readonly T[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_item, rank) => lists.flatMap((list) => list.slice(rank, rank + 1))).flat();
}
