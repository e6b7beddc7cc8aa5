import { sessionNames } from "../analysis/question-language.ts";
import { sqlReviewerAgent } from "../catalog/sql-reviewer-agent.ts";
import { type Reply, type ReplyContext, type ReplyFunction, answer } from "../core/reply.ts";
import { Speech } from "../conversing/speech.ts";
import { judgeStatement } from "./judge-statement.ts";
import { readAskedSql } from "./read-sql.ts";
import type { SqlDesk, SqlDeskParts } from "./sql-desk.ts";
import { statementKind } from "./sql-code.ts";
import { sqlDialect } from "./sql-dialect.ts";
import { sqlWords } from "./sql-words.ts";

/**
 * The reply function of `sql_reviewer_agent`: the verdict on the statement in the metadata, with its reason in the text.
 * A statement that a person sends is answered in words.
 */
export function sqlReviewReply(parts: SqlDeskParts, desk: SqlDesk): ReplyFunction {
  return {
    name: "review-sql",
    trigger: "anyone",
    reply: (context) => {
      const { sql } = context.message.metadata;
      return typeof sql === "string" ? review({ parts, desk }, context, sql) : reviewForPerson(parts, desk, context);
    },
  };
}

interface Reviewing {
  readonly parts: SqlDeskParts;
  readonly desk: SqlDesk;
}

async function review({ parts, desk }: Reviewing, { run }: ReplyContext, sql: string): Promise<Reply> {
  const { signal } = run;
  run.emit({ type: "progress", agent: sqlReviewerAgent.name, activity: "reviewing", detail: "" });
  const dialect = sqlDialect(parts.settings().engine);
  const interpreter = await parts.python.interpreter(signal);
  const [check, held] = await Promise.all([
    interpreter.checkSql(dialect.variable, sql, signal),
    interpreter.checkSql(dialect.variable, "", signal),
  ]);
  if (check.status !== "checked" || held.status !== "tables") {
    return answer("The tables are gone: Python was started anew.", { verdict: "gone" });
  }

  const files = await desk.fileTables(signal);
  const judged = judgeStatement({ sql, files, check, tables: held.tables, dialect });
  const kind = judged.verdict === "approved" ? { kind: judged.kind } : {};
  return answer(judged.comment, { verdict: judged.verdict, ...kind });
}

async function reviewForPerson(parts: SqlDeskParts, desk: SqlDesk, context: ReplyContext): Promise<Reply> {
  const { message, run } = context;
  const speech = new Speech(run, sqlReviewerAgent.name, message);
  const draft = readAskedSql(message.content);
  const asked = draft.kind === "statement" && draft.comment !== "" ? draft.comment : message.content;
  const words = sqlWords(asked, sessionNames(parts.session()));
  const say = (text: string): Reply => answer(text, speech.end(text));
  if (draft.kind === "words") {
    return say(words.noStatement);
  }

  const ground = await desk.ground(context);
  if ("problem" in ground) {
    return say(ground.problem);
  }

  const judged = await review({ parts, desk }, context, draft.sql);
  if (judged.kind !== "answer") {
    return judged;
  }

  const { verdict, kind } = judged.metadata;
  return say(verdict === "approved" ? words.fits(statementKind(kind)) : words.doesNotFit(judged.content));
}
