import type { StatementKind } from "./sql-code.ts";
import type { SqlEngine } from "./sql-dialect.ts";
import { questionLanguage } from "../analysis/question-language.ts";

/** What the SQL agents say in their own words, in the language of a question. */
export interface SqlWords {
  readonly noTables: string;
  readonly setup: (engine: SqlEngine) => string;
  readonly setupFailed: (engine: string, reason: string) => string;
  /** Of a statement that a person had checked. */
  readonly fits: (kind: StatementKind) => string;
  readonly doesNotFit: (comment: string) => string;
  readonly noStatement: string;
}

const english: SqlWords = {
  noTables: "There is no table to ask by SQL: add a file with a table to this chat first.",
  setup: (engine) =>
    engine === "spark" ? "Starts Spark, as your settings say; the files as tables:" : "The files as tables:",
  setupFailed: (engine, reason) => `${engine} could not be set up: ${reason}`,
  fits: (kind) =>
    ({
      query: "The statement fits the tables. It reads them and changes nothing.",
      copy: "The statement fits the tables. It writes a file: it would run after your yes.",
      change: "The statement fits the tables. It changes what the engine holds: it would run after your yes.",
    })[kind],
  doesNotFit: (comment) => `The statement would not run. ${comment}`,
  noStatement: "There is no SQL statement in this message.",
};

const chinese: SqlWords = {
  noTables: "没有可以用 SQL 查询的表：请先向此会话添加包含表格的文件。",
  setup: (engine) => (engine === "spark" ? "按您的设置启动 Spark，并将文件作为表：" : "将文件作为表："),
  setupFailed: (engine, reason) => `无法准备 ${engine}：${reason}`,
  fits: (kind) =>
    ({
      query: "该语句与表相符，只读取数据，不作任何更改。",
      copy: "该语句与表相符。它会写入文件，经您同意后才会运行。",
      change: "该语句与表相符。它会更改引擎中的内容，经您同意后才会运行。",
    })[kind],
  doesNotFit: (comment) => `该语句无法运行。${comment}`,
  noStatement: "这条消息中没有 SQL 语句。",
};

/** The words for a question: Chinese for Chinese ones, else English. @param names Files and columns that it may name. */
export function sqlWords(question: string, names: readonly string[] = []): SqlWords {
  return questionLanguage(question, names)?.startsWith("Chinese") === true ? chinese : english;
}
