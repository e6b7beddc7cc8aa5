import { AgentError } from "../base/errors.ts";
import { type Reply, type ReplyContext, answer } from "../core/reply.ts";
import type { ChatModel } from "../ports/chat-model.ts";
import type { Citation, ReadPassage } from "../protocol/citation.ts";
import { type QuestionOutcome, type QuestionParts, answerQuestion } from "./answer-question.ts";
import { type AskingVoice, fileVoice } from "./asking-voice.ts";
import type { AskingWords } from "./asking-words.ts";
import { extractiveAnswer } from "./extractive-answer.ts";
import { type FinderParts, PassageFinder } from "./find-passages.ts";
import { type AnsweredPart, joinAnswers } from "./join-answers.ts";
import { isOverviewQuestion, overviewOf } from "./overview.ts";
import type { PassageShelf } from "./passage-shelf.ts";
import { otherLanguages } from "./passage-languages.ts";
import { type PlannedQuestion, planQuestions } from "./plan-questions.ts";

/** What answering from passages needs. */
export interface AskingParts extends FinderParts {
  /** @throws AgentError `model.missing`: the answer is then made of sentences of the files. */
  readonly model: (signal: AbortSignal) => Promise<ChatModel>;
}

const longestMissing = 400;
const extractiveCharacters = 60_000;

/** One question of a person in the hands of `retrieval_agent`. */
export class Asking {
  readonly #parts: AskingParts;
  readonly #context: ReplyContext;
  readonly #shelf: PassageShelf;
  readonly #finder: PassageFinder;
  readonly #voice: AskingVoice;
  readonly #words: AskingWords;

  constructor(parts: AskingParts, context: ReplyContext, shelf: PassageShelf) {
    this.#parts = parts;
    this.#context = context;
    this.#shelf = shelf;
    this.#finder = new PassageFinder(parts, context.run);
    this.#voice = parts.voice ?? fileVoice;
    this.#words = this.#voice.words(context.message.content);
  }

  /** @throws AgentError `index.*`, `model.*` but `model.missing`, `run.budget` */
  async answer(): Promise<Reply> {
    if (this.#parts.scopes().length === 0) {
      return this.#say(this.#words.nothingAsked);
    }

    const model = await this.#model();
    return model instanceof AgentError ? await this.#quote(model) : await this.#askModel(model);
  }

  async #model(): Promise<ChatModel | AgentError<"model.missing">> {
    try {
      return await this.#parts.model(this.#context.run.signal);
    } catch (error) {
      if (AgentError.is(error, "model.missing")) {
        return error;
      }

      throw error;
    }
  }

  async #askModel(model: ChatModel): Promise<Reply> {
    const { run, message, systemMessage, timeline } = this.#context;
    const earlier = timeline
      .filter(({ id, content }) => id !== message.id && content.trim() !== "")
      .map(({ content }) => content)
      .join("\n\n");
    const { content: question } = message;
    const languages = isOverviewQuestion(question) ? [] : otherLanguages(question, await this.#finder.languages());
    const questions = await planQuestions(run, { model, question, earlier, languages, agent: this.#voice.agent });
    const about = this.#voice.about(this.#parts.scopes());
    const parts = { run, model, finder: this.#finder, shelf: this.#shelf, instructions: systemMessage, about };
    const [only, ...more] = questions;
    if (more.length > 0) {
      return await this.#answerParts(parts, questions);
    }

    return this.#finish(await answerQuestion(parts, only ?? { question, translations: [] }, this.#role));
  }

  /** Sub-questions one by one, then their answers as one. */
  async #answerParts(parts: QuestionParts, questions: readonly PlannedQuestion[]): Promise<Reply> {
    const answered: AnsweredPart[] = [];
    const outcomes: QuestionOutcome[] = [];
    for (const planned of questions) {
      this.#show("comment", `**${planned.question}**`);
      // Each is answered where the person can watch.
      // oxlint-disable-next-line no-await-in-loop
      const outcome = await answerQuestion(parts, planned, "comment");
      outcomes.push(outcome);
      answered.push(this.#partOf(planned.question, outcome));
    }

    if (outcomes.every(({ kind }) => kind === "not-found")) {
      const missing = outcomes.map((outcome) => (outcome.kind === "not-found" ? outcome.missing : "")).filter(Boolean);
      const nearest = outcomes.flatMap((outcome) => (outcome.kind === "not-found" ? outcome.nearest.slice(0, 1) : []));
      return this.#finish({ kind: "not-found", missing: missing.join(" "), nearest });
    }

    const question = this.#context.message.content;
    return this.#finish(await joinAnswers(parts, { question, parts: answered, role: this.#role }));
  }

  #partOf(question: string, outcome: QuestionOutcome): AnsweredPart {
    if (outcome.kind === "not-found") {
      const text = this.#notInFiles(outcome.missing);
      this.#show("comment", text);
      return { question, text, citations: [] };
    }

    const { block } = outcome;
    if (outcome.isCited) {
      block.keep();
    } else {
      block.keepInDoubt();
    }

    return { question, text: block.text, citations: block.citations };
  }

  #finish(outcome: QuestionOutcome): Reply {
    if (outcome.kind === "not-found") {
      const reply = this.#say(this.#notInFiles(outcome.missing));
      this.#showPassages(outcome.nearest, "nearest");
      return reply;
    }

    if (outcome.isCited) {
      outcome.block.keep();
    } else {
      outcome.block.keepInDoubt();
    }

    return answer(outcome.block.text);
  }

  /** An answer without a model: what the files say, word for word. */
  async #quote(missing: AgentError<"model.missing">): Promise<Reply> {
    const { run, message } = this.#context;
    // What was looked for comes first, line by line; the ways out come last.
    const reason = missing.message.split("\n").at(-1) ?? "";
    const text = `No model is set up, so these are the passages that fit best, word for word. ${reason}`;
    run.emit({ type: "notice", severity: "info", code: "extractive", text, values: { reason } });
    const passages = this.#shelf.add(await this.#passagesToQuote());
    if (passages.length === 0) {
      return this.#say(this.#notInFiles(""));
    }

    this.#showPassages(passages, "search");
    const extract = extractiveAnswer(message.content, passages);
    return this.#say(`${this.#words.bestPassages}\n\n${extract.text}`, extract.citations);
  }

  async #passagesToQuote() {
    const question = this.#context.message.content;
    const found = isOverviewQuestion(question) ? [] : await this.#finder.search(question);
    return found.length > 0 || !isOverviewQuestion(question)
      ? found
      : overviewOf((await this.#finder.read(extractiveCharacters)).passages).passages;
  }

  get #role(): "comment" | "answer" {
    return this.#context.message.metadata["interim"] === true ? "comment" : "answer";
  }

  #notInFiles(missing: string): string {
    const said = missing.replaceAll(/\s+/gu, " ").trim().slice(0, longestMissing);
    const { notInFiles, nothingFound } = this.#words;
    // A word of small letters only: names such as iPhone and refund_days stay as they are written.
    const begun = said.replace(/^\p{Ll}(?=[\p{Ll}'’-]*(?:[\s,.:;!?]|$))/u, (letter) => letter.toUpperCase());
    const sentence = said === "" ? nothingFound : begun;
    return notInFiles.endsWith("。") ? `${notInFiles}${sentence}` : `${notInFiles} ${sentence}`;
  }

  #say(text: string, citations: readonly Citation[] = []): Reply {
    this.#show(this.#role, text, citations);
    return answer(text);
  }

  #show(role: "comment" | "answer", text: string, citations: readonly Citation[] = []): void {
    const blockId = crypto.randomUUID();
    citations.forEach((citation) => this.#context.run.emit({ type: "citation", blockId, citation }));
    this.#context.run.emit({ type: "text-end", blockId, agent: this.#voice.agent, role, text });
  }

  #showPassages(passages: readonly ReadPassage[], how: "search" | "nearest"): void {
    if (passages.length > 0) {
      const query = this.#context.message.content;
      this.#context.run.emit({ type: "passages", agent: this.#voice.agent, query, how, passages: [...passages] });
    }
  }
}
