import { passagesOnly } from "../asking/retrieval-reply.ts";
import { pythonInterpreter } from "../catalog/python-interpreter.ts";
import { retrievalAgent } from "../catalog/retrieval-agent.ts";
import type { AgentCard } from "../core/agent-card.ts";
import { AgentError } from "../base/errors.ts";
import { terminating } from "../core/agent.ts";
import { type ReplyContext, type ReplyFunction, answer } from "../core/reply.ts";
import type { ChatModel } from "../ports/chat-model.ts";
import type { Message } from "../protocol/message.ts";
import type { Session } from "../protocol/session-state.ts";
import { type AnswerDoubt, answerDoubts } from "./answer-doubts.ts";
import { authorSystemMessage, modelMessages } from "./author-prompt.ts";
import { type Draft, writeDraft } from "./draft.ts";
import { languageRule } from "./language.ts";
import type { PythonBrief } from "./python-host.ts";
import { unsupportedFigures } from "./unsupported-figures.ts";

/** Repairs of one question's code after errors. */
export const repairLimit = 3;
/** Cells of one question, repairs included. */
const cellLimit = 10;
/** Searches of one question in what else the person asks about. */
const searchLimit = 3;
/** Double counts of one answer that are spoken of. */
const doubtLimit = 5;

/** What an author needs from the session. */
export interface AuthorParts {
  readonly model: (signal: AbortSignal) => Promise<ChatModel>;
  readonly python: (signal: AbortSignal) => Promise<PythonBrief>;
  readonly session: () => Session;
  /** Whether there is something beside the tables that `retrieval_agent` can search. */
  readonly maySearch: () => boolean;
}

/**
 * The reply function of an agent that answers by writing code: it writes, lets `python_interpreter` run it, mends what
 * fails, and answers in words.
 */
export function codeAuthorReply(card: AgentCard, parts: AuthorParts): ReplyFunction {
  return {
    name: "write-run-answer",
    trigger: "anyone",
    reply: (context) => new Authorship(card, parts, context).answer(),
  };
}

/** One question in the hands of one author. */
class Authorship {
  readonly #name: string;
  readonly #parts: AuthorParts;
  readonly #context: ReplyContext;
  /** What was said with the interpreter and to ourselves since the question came, in order. */
  readonly #since: Message[] = [];
  #cells = 0;
  #searches = 0;
  #repairs = 0;
  #usedTool = false;
  #challenged = false;
  /** What was said against an answer that counts twice; empty until then. */
  #doubt = "";
  #wasEmpty = false;

  constructor(card: AgentCard, parts: AuthorParts, context: ReplyContext) {
    this.#name = card.name;
    this.#parts = parts;
    this.#context = context;
  }

  async answer() {
    const { run, message } = this.#context;
    const [model, python] = await Promise.all([this.#parts.model(run.signal), this.#parts.python(run.signal)]);
    for (;;) {
      run.signal.throwIfAborted();
      run.emit({
        type: "progress",
        agent: this.#name,
        activity: this.#cells === 0 ? "thinking" : "answering",
        detail: "",
      });
      // Each draft follows from the output of the one before.
      // oxlint-disable-next-line no-await-in-loop
      const draft = await this.#write(model, python);
      if (draft.kind === "words") {
        if (
          this.#isEmpty(draft.text, model) ||
          this.#shouldChallenge(draft.text, python) ||
          this.#shouldDoubt(draft.text)
        ) {
          run.emit({ type: "block-drop", blockId: draft.blockId });
          continue;
        }

        const role = message.metadata["interim"] === true ? "comment" : "answer";
        run.emit({ type: "text-end", blockId: draft.blockId, agent: this.#name, role, text: draft.text });
        this.#markUnsupported(draft.text);
        this.#markDoubts(draft.text);
        return answer(draft.text);
      }

      if (draft.kind === "search") {
        // oxlint-disable-next-line no-await-in-loop
        await this.#search(draft);
        continue;
      }

      if (draft.kind === "mistake") {
        if (draft.text.trim() !== "") {
          this.#note(this.#name, draft.text);
        }

        this.#note("", draft.mistake);
        this.#repairs += 1;
        continue;
      }

      // oxlint-disable-next-line no-await-in-loop
      const result = await this.#run(draft);
      if (result?.metadata["status"] === "denied") {
        return answer("The code was not run: the user declined.", terminating);
      }
    }
  }

  #write(model: ChatModel, python: PythonBrief): Promise<Draft> {
    const { message, systemMessage } = this.#context;
    const mayRun =
      python.available && this.#cells < cellLimit && this.#repairs <= repairLimit && this.#searches <= 2 * searchLimit;
    const language = languageRule(message.content);
    const system = authorSystemMessage(systemMessage, python, { tools: true, language });
    const messages = modelMessages(
      system,
      { ...this.#context, timeline: [...this.#context.timeline, ...this.#since] },
      this.#name,
    );
    const closing = {
      role: "user" as const,
      content: `No more code can be run for this question. Answer now, in words, from what the output shows; where it does not suffice, say what is missing. ${language}`,
    };
    return writeDraft(this.#context.run, {
      agent: this.#name,
      model,
      messages: mayRun || !python.available ? messages : [...messages, closing],
      tools: mayRun,
      search: this.#maySearch,
      fences: mayRun && !(this.#usedTool && this.#cells > 0),
    });
  }

  /** An empty answer is asked for once more. @throws AgentError `model.empty` the second time. */
  #isEmpty(text: string, model: ChatModel): boolean {
    if (text !== "") {
      return false;
    }

    if (this.#wasEmpty) {
      const details = { baseUrl: model.place, model: model.name };
      throw new AgentError("model.empty", details, `${model.name} answered with nothing, twice. Try another model.`);
    }

    this.#wasEmpty = true;
    this.#note("", "Your reply was empty. Answer the question in words.");
    return true;
  }

  /** An answer with figures that nothing shown supports is sent back once. */
  #shouldChallenge(text: string, python: PythonBrief): boolean {
    const unsupported = this.#challenged || !python.available ? [] : this.#unsupported(text);
    if (unsupported.length === 0) {
      return false;
    }

    this.#challenged = true;
    this.#note(this.#name, text);
    const list = unsupported.join(", ");
    this.#note(
      "",
      this.#cells === 0
        ? `You have run no code, and these figures stand nowhere in the description of the file: ${list}. Write code that computes them.`
        : `These figures of your answer stand in no output: ${list}. Correct them from the output, or run code that prints them; then answer again, without a word about this check.`,
    );
    return true;
  }

  /** Figures of an answer that stand neither in the question, the description and earlier answers, nor in an output. */
  #unsupported(text: string): readonly string[] {
    const shown = this.#since.filter(
      ({ metadata }) => "code" in metadata || "status" in metadata || "passages" in metadata,
    );
    const known = [...this.#context.timeline, ...shown].map(({ content }) => content);
    return unsupportedFigures(text, [...known, this.#doubt].join("\n"));
  }

  /** An answer that counts totals together with what they total is sent back once. */
  #shouldDoubt(text: string): boolean {
    const doubts = this.#doubt === "" ? this.#doubts(text) : [];
    if (doubts.length === 0) {
      return false;
    }

    this.#doubt = doubts
      .slice(0, doubtLimit)
      .map(({ advice }) => advice)
      .join("\n");
    this.#note(this.#name, text);
    this.#note(
      "",
      `Look again before this is shown:\n${this.#doubt}\nCompute it without counting twice and answer again. If the question asks for exactly this, say in the answer what is counted in. The user has not seen the earlier answer: write the whole answer, without a word about this check.`,
    );
    return true;
  }

  #doubts(text: string): readonly AnswerDoubt[] {
    const ran = this.#since.filter(({ metadata }) => metadata["status"] === "ok");
    const codes = this.#since.map(({ metadata }) => metadata["code"]).filter((code) => typeof code === "string");
    return answerDoubts({
      answer: text,
      question: this.#context.message.content,
      codes,
      output: ran.at(-1)?.content ?? "",
      session: this.#parts.session(),
    });
  }

  /** What still counts twice after the answer was sent back is said beside it. */
  #markDoubts(text: string): void {
    const doubts = this.#doubt === "" ? [] : this.#doubts(text).slice(0, doubtLimit);
    for (const { notice } of doubts) {
      this.#context.run.emit({ type: "notice", severity: "warning", ...notice });
    }
  }

  /** What is still unsupported after the answer was sent back is said beside it. */
  #markUnsupported(text: string): void {
    const unsupported = this.#challenged ? this.#unsupported(text) : [];
    if (unsupported.length > 0) {
      const figures = unsupported.join(", ");
      this.#context.run.emit({
        type: "notice",
        severity: "warning",
        code: "unsupported-figures",
        text: `These figures stand in no output and in no description of the files: ${figures}. Check them before you use them.`,
        values: { figures },
      });
    }
  }

  get #maySearch(): boolean {
    return this.#searches < searchLimit && this.#parts.maySearch();
  }

  /** Passages of what the person asks about, from the agent that reads. */
  async #search({ comment, query, toolCallId }: Extract<Draft, { kind: "search" }>): Promise<void> {
    const mayAsk = this.#maySearch;
    this.#searches += 1;
    this.#usedTool = true;
    const metadata = { ...passagesOnly, searchQuery: query, comment, toolCallId };
    const found = mayAsk ? await this.#context.ask(retrievalAgent.name, query, { metadata }) : undefined;
    const content = found?.content ?? "No more searches can be made for this question. Go on with what you have.";
    const { message } = this.#context;
    const base = { ...message, silent: false, requestReply: false };
    this.#since.push(
      { ...base, id: crypto.randomUUID(), from: this.#name, to: retrievalAgent.name, content: query, metadata },
      {
        ...base,
        id: crypto.randomUUID(),
        from: retrievalAgent.name,
        to: this.#name,
        content,
        metadata: { toolCallId, passages: true },
      },
    );
  }

  async #run(draft: Extract<Draft, { kind: "code" }>): Promise<Message | undefined> {
    const { code, cellId, comment, toolCallId } = draft;
    this.#usedTool ||= toolCallId !== null;
    this.#cells += 1;
    const metadata = {
      code,
      cellId,
      comment,
      repair: this.#repairs,
      question: this.#context.message.content,
      ...(toolCallId === null ? {} : { toolCallId }),
    };
    const content = `${comment === "" ? "" : `${comment}\n\n`}\`\`\`python\n${code}\n\`\`\``;
    const result = await this.#context.ask(pythonInterpreter.name, content, { metadata });
    if (result === undefined) {
      return undefined;
    }

    const failed = result.metadata["status"] !== "ok";
    this.#repairs += failed ? 1 : 0;
    const advice = failed ? `\n\n${this.#repairAdvice()}` : "";
    const sent: Message = { ...result, id: crypto.randomUUID(), from: this.#name, to: result.from, content, metadata };
    const received: Message = {
      ...result,
      content: result.content + advice,
      metadata: { ...result.metadata, ...(toolCallId === null ? {} : { toolCallId }) },
    };
    this.#since.push(sent, received);
    return result;
  }

  #repairAdvice(): string {
    const question = this.#context.message.content;
    return this.#repairs > repairLimit
      ? `The question was: ${question}`
      : `That failed. The question is still: ${question}\nFind the cause, write the whole code of the cell again without the fault, and run it (repair ${this.#repairs} of ${repairLimit}).`;
  }

  /** Adds words to what the model reads that no other agent hears. */
  #note(from: string, content: string): void {
    const { message } = this.#context;
    this.#since.push({
      ...message,
      id: crypto.randomUUID(),
      from: from || message.from,
      to: from === "" ? this.#name : message.from,
      content,
      metadata: {},
    });
  }
}
