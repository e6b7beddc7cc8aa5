import { cellReport } from "../analysis/cell-report.ts";
import { sessionNames } from "../analysis/question-language.ts";
import type { PythonHost } from "../analysis/python-host.ts";
import { pythonInterpreter } from "../catalog/python-interpreter.ts";
import type { Message } from "../protocol/message.ts";
import type { ReplyContext } from "../core/reply.ts";
import type { InterpreterInfo, SqlTable } from "../ports/interpreter.ts";
import type { TableProfiler } from "../ports/table-profiler.ts";
import type { Session } from "../protocol/session-state.ts";
import { SessionTables } from "./session-tables.ts";
import { setupCode } from "./sql-code.ts";
import { type SqlDialect, type SqlSettings, sqlDialect } from "./sql-dialect.ts";
import { sqlWords } from "./sql-words.ts";
import type { NamedTable } from "./table-names.ts";

/** What running SQL needs from the session. */
export interface SqlDeskParts {
  readonly session: () => Session;
  readonly python: PythonHost;
  readonly profiler: TableProfiler;
  readonly settings: () => SqlSettings;
}

/** An engine that holds the session's tables. */
export interface SqlGround {
  readonly settings: SqlSettings;
  readonly dialect: SqlDialect;
  readonly tables: readonly NamedTable[];
  /** The tables as the engine has them. */
  readonly held: readonly SqlTable[];
  /** Where the engine runs. */
  readonly place: InterpreterInfo["place"];
}

/** Why SQL cannot be run. `declined`: the person does not want it. */
export interface NoGround {
  readonly problem: string;
  readonly declined: boolean;
}

/** Gets the session's tables into an SQL engine of its Python, once for each Python and each set of files. */
export class SqlDesk {
  readonly #parts: SqlDeskParts;
  readonly #tables: SessionTables;
  /** The setup that ran last, and in which Python. */
  #done: { readonly code: string; readonly generation: number } | undefined;

  constructor(parts: SqlDeskParts) {
    this.#parts = parts;
    this.#tables = new SessionTables(parts.profiler);
  }

  /** The engine, set up by a cell of `context`'s agent where it is not yet. @throws AgentError `python.*`. */
  async ground(context: ReplyContext): Promise<SqlGround | NoGround> {
    const { session, python, settings: read } = this.#parts;
    const { signal } = context.run;
    const words = sqlWords(context.message.content, sessionNames(session()));
    const brief = await python.brief(signal);
    if (!brief.available) {
      return { problem: brief.reason, declined: false };
    }

    const tables = await this.#tables.of(session(), signal);
    if (tables.length === 0) {
      return { problem: words.noTables, declined: false };
    }

    const settings = read();
    const dialect = sqlDialect(settings.engine);
    const refusal = await this.#setUp(context, setupCode(tables, settings), dialect);
    return refusal ?? { settings, dialect, tables, held: await this.tables(dialect, signal), place: brief.info.place };
  }

  /** The tables as the engine has them now; none where there is no engine any more. */
  async tables({ variable }: SqlDialect, signal: AbortSignal): Promise<readonly SqlTable[]> {
    const interpreter = await this.#parts.python.interpreter(signal);
    const check = await interpreter.checkSql(variable, "", signal);
    return check.status === "tables" ? check.tables : [];
  }

  /** Names of the tables that show files. */
  async fileTables(signal: AbortSignal): Promise<readonly string[]> {
    return (await this.#tables.of(this.#parts.session(), signal)).map(({ name }) => name);
  }

  /** Runs a cell as the agent of `context`. @returns What became of it. */
  async run(
    context: ReplyContext,
    code: string,
    about: { readonly comment: string; readonly repair: number; readonly review?: "advice" },
  ): Promise<Message> {
    const cellId = crypto.randomUUID();
    const question = context.message.content;
    const metadata = { code, cellId, question, ...about };
    const reply = await context.ask(pythonInterpreter.name, `\`\`\`python\n${code}\n\`\`\``, { metadata });
    if (reply === undefined) {
      throw new Error(`${pythonInterpreter.name} gave no answer.`);
    }

    return reply;
  }

  async #setUp(context: ReplyContext, code: string, dialect: SqlDialect): Promise<NoGround | undefined> {
    const { python, session, settings } = this.#parts;
    const isDone = this.#done?.code === code && this.#done.generation === python.generation && python.keepsVariables;
    if (isDone && (await this.tables(dialect, context.run.signal)).length > 0) {
      return undefined;
    }

    const words = sqlWords(context.message.content, sessionNames(session()));
    // The code is the product's, and the person is asked in any case.
    const reply = await this.run(context, code, {
      comment: words.setup(settings().engine),
      repair: 0,
      review: "advice",
    });
    const { status } = reply.metadata;
    if (status === "ok") {
      this.#done = { code, generation: python.generation };
      return undefined;
    }

    return status === "denied"
      ? { problem: cellReport("denied", []), declined: true }
      : { problem: words.setupFailed(dialect.title, reasonOf(reply.content)), declined: false };
  }
}

/** The last line of an error says what it is; what is known to be missing is said with the way out. */
function reasonOf(report: string): string {
  const line =
    report
      .trim()
      .split("\n")
      .findLast((text) => text.trim() !== "")
      ?.trim() ?? "";
  return /JAVA_GATEWAY_EXITED|JAVA_HOME|Java gateway/iu.test(report)
    ? `${line} Spark needs Java 17 or later: install it, or set the address of a Spark Connect server.`
    : line;
}
