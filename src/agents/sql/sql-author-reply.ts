import { turnsTold } from "../analysis/digest.ts";
import { placedInstructions } from "../analysis/place-words.ts";
import { answerLanguageRule, sessionNames } from "../analysis/question-language.ts";
import { AgentError } from "../base/errors.ts";
import { sparkSqlAgent } from "../catalog/spark-sql-agent.ts";
import { sqlReviewerAgent } from "../catalog/sql-reviewer-agent.ts";
import { terminating } from "../core/agent.ts";
import { type Reply, type ReplyContext, type ReplyFunction, answer } from "../core/reply.ts";
import type { ChatModel, ModelMessage } from "../ports/chat-model.ts";
import type { TermStore } from "../ports/term-store.ts";
import { ModelSpeech } from "../team/model-speech.ts";
import { toldTerms } from "../analysis/told-terms.ts";
import { AnswerChecks } from "./answer-checks.ts";
import { readSql, wordsSoFar } from "./read-sql.ts";
import { schemaText } from "./schema-text.ts";
import { type StatementKind, statementCode, statementKind } from "./sql-code.ts";
import { sqlDigest } from "./sql-digest.ts";
import type { NoGround, SqlDesk, SqlDeskParts, SqlGround } from "./sql-desk.ts";

/** Repairs of one question's statements. */
export const repairLimit = 3;
/** Statements that run for one question. */
const statementLimit = 8;

/** What an author of SQL needs from the session. */
export interface SqlAuthorParts extends SqlDeskParts {
  readonly model: (signal: AbortSignal) => Promise<ChatModel>;
  readonly terms: TermStore;
}

/**
 * The reply function of `spark_sql_agent`: writes a statement, has `sql_reviewer_agent` check it, lets
 * `python_interpreter` run it, mends what fails, and answers in words.
 */
export function sqlAuthorReply(parts: SqlAuthorParts, desk: SqlDesk): ReplyFunction {
  return {
    name: "write-check-run-answer",
    trigger: "anyone",
    reply: (context) => new SqlAuthorship(parts, desk, context).answer(),
  };
}

type Outcome = { readonly ran: true; readonly report: string } | { readonly ran: false; readonly problem: string };

/** One question in the hands of the author. */
class SqlAuthorship {
  readonly #parts: SqlAuthorParts;
  readonly #desk: SqlDesk;
  readonly #context: ReplyContext;
  readonly #messages: ModelMessage[] = [];
  readonly #checks: AnswerChecks;
  readonly #speech: ModelSpeech;
  #statements = 0;
  #repairs = 0;
  #wasEmpty = false;
  #lastStatement = "";

  constructor(parts: SqlAuthorParts, desk: SqlDesk, context: ReplyContext) {
    this.#parts = parts;
    this.#desk = desk;
    this.#context = context;
    this.#checks = new AnswerChecks(parts.session, context);
    const { run, message } = context;
    this.#speech = new ModelSpeech({ run, message, agent: sparkSqlAgent.name }, wordsSoFar);
  }

  async answer(): Promise<Reply> {
    const { run } = this.#context;
    const model = await this.#parts.model(run.signal);
    const ground = await this.#desk.ground(this.#context);
    if ("problem" in ground) {
      return this.#refuse(ground);
    }

    this.#brief(ground, await toldTerms(run, this.#context.message.content, this.#parts.terms));
    for (;;) {
      run.signal.throwIfAborted();
      // Each draft follows from the result of the one before.
      // oxlint-disable-next-line no-await-in-loop
      const text = await this.#write(model);
      const draft = this.#mayRun ? readSql(text) : ({ kind: "words", text } as const);
      if (draft.kind === "words") {
        if (this.#isEmpty(draft.text, model) || this.#isDoubtful(draft.text)) {
          this.#speech.drop();
          continue;
        }

        const shown = this.#speech.end(draft.text);
        this.#checks.mark(draft.text);
        return answer(draft.text, { ...shown, ...(this.#lastStatement === "" ? {} : { ran: this.#lastStatement }) });
      }

      this.#speech.endRemark(draft.comment);
      this.#messages.push({ role: "assistant", content: text });
      // oxlint-disable-next-line no-await-in-loop
      const outcome = await this.#tryStatement(draft.sql, ground);
      if (outcome === "declined") {
        return answer("The statement was not run: the user declined.", terminating);
      }

      this.#tell(outcome);
    }
  }

  get #mayRun(): boolean {
    return this.#statements < statementLimit && this.#repairs <= repairLimit;
  }

  #refuse({ problem, declined }: NoGround): Reply {
    return declined ? answer(problem, terminating) : answer(problem, this.#speech.end(problem));
  }

  #brief({ dialect, tables, held, place }: SqlGround, terms: string): void {
    const { message, systemMessage } = this.#context;
    const { turns, joins } = this.#parts.session();
    const schema = schemaText(tables, held, { dialect, joins });
    const earlier = turns.slice(0, -1).slice(-turnsTold).map(sqlDigest).join("\n\n");
    const rules = [`You write ${dialect.title}.`, ...dialect.rules.map((rule) => `- ${rule}`)].join("\n");
    this.#checks.know(schema, earlier, terms);
    this.#messages.push(
      {
        role: "system",
        content: [placedInstructions(systemMessage, { place }), rules, this.#languageRule()].join("\n\n"),
      },
      {
        role: "user",
        content: [schema, earlier, terms, `Question: ${message.content}`].filter((text) => text !== "").join("\n\n"),
      },
    );
  }

  #languageRule(): string {
    return answerLanguageRule(this.#context.message.content, sessionNames(this.#parts.session()));
  }

  async #write(model: ChatModel): Promise<string> {
    const { run } = this.#context;
    const activity = this.#statements === 0 ? "writing-code" : "answering";
    run.emit({ type: "progress", agent: sparkSqlAgent.name, activity, detail: "" });
    const closing = {
      role: "user" as const,
      content: `No more statements can be run for this question. Answer now, in words, from the results; where they do not suffice, say what is missing. ${this.#languageRule()}`,
    };
    return await this.#speech.ask(model, this.#mayRun ? this.#messages : [...this.#messages, closing]);
  }

  async #tryStatement(sql: string, ground: SqlGround): Promise<Outcome | "declined"> {
    const review = await this.#context.ask(sqlReviewerAgent.name, `\`\`\`sql\n${sql}\n\`\`\``, { metadata: { sql } });
    const verdict = review?.metadata["verdict"];
    if (verdict === "gone") {
      const again = await this.#desk.ground(this.#context);
      return "problem" in again
        ? again.declined
          ? "declined"
          : { ran: false, problem: again.problem }
        : { ran: false, problem: "The tables had to be set up again. Write the same statement again." };
    }

    if (review === undefined || verdict !== "approved") {
      return { ran: false, problem: review?.content ?? "The statement could not be checked." };
    }

    return this.#run(sql, statementKind(review.metadata["kind"]), ground);
  }

  async #run(sql: string, kind: StatementKind, { settings, tables }: SqlGround): Promise<Outcome | "declined"> {
    const code = statementCode(sql, kind, { engine: settings.engine, tables });
    this.#statements += 1;
    const result = await this.#desk.run(this.#context, code, { comment: "", repair: this.#repairs });
    const { status } = result.metadata;
    if (status === "denied") {
      return "declined";
    }

    this.#lastStatement = status === "ok" ? sql : this.#lastStatement;
    this.#checks.ran(sql, status === "ok" ? result.content : "");
    return status === "ok" ? { ran: true, report: result.content } : { ran: false, problem: result.content };
  }

  #tell(outcome: Outcome): void {
    if (outcome.ran) {
      const content = `Result of your statement:\n${outcome.report}`;
      this.#messages.push({ role: "user", content });
      return;
    }

    this.#repairs += 1;
    const question = this.#context.message.content;
    const way =
      this.#repairs > repairLimit
        ? ""
        : `\nThe question is still: ${question}\nFind the cause and write the whole statement again without the fault (repair ${this.#repairs} of ${repairLimit}).`;
    this.#messages.push({ role: "user", content: `The statement did not run: ${outcome.problem}${way}` });
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
    this.#messages.push({ role: "user", content: "Your reply was empty. Answer the question." });
    return true;
  }

  /** An answer that figures speak against is sent back once. */
  #isDoubtful(text: string): boolean {
    const advice = this.#checks.advice(text);
    if (advice === null) {
      return false;
    }

    this.#messages.push({ role: "assistant", content: text }, { role: "user", content: advice });
    return true;
  }
}
