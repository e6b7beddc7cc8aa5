import { answerDoubts } from "../analysis/answer-doubts.ts";
import { shownResults } from "../analysis/shown-arithmetic.ts";
import { unsupportedFigures } from "../analysis/unsupported-figures.ts";
import type { ReplyContext } from "../core/reply.ts";
import type { Session } from "../protocol/session-state.ts";

const mostDoubts = 5;
const ways = {
  statement: "write a statement that gives them",
  calculation: "show how they follow from figures that were found, like this: 1200 × 3% = 36",
};

/** Looks at answers before they are shown: figures out of nowhere, and sums that count twice. Each is sent back once. */
export class AnswerChecks {
  readonly #session: () => Session;
  readonly #context: ReplyContext;
  readonly #known: string[];
  readonly #way: "statement" | "calculation";
  readonly #statements: string[] = [];
  #lastOutput = "";
  #challenged = false;
  #doubted = "";

  /** @param way How an answer comes by figures of its own: by another statement, or by a calculation that it shows. */
  constructor(session: () => Session, context: ReplyContext, way: "statement" | "calculation" = "statement") {
    this.#way = way;
    this.#session = session;
    this.#context = context;
    this.#known = [context.message.content];
  }

  /** Texts whose figures an answer may repeat. */
  know(...texts: readonly string[]): void {
    this.#known.push(...texts);
  }

  /** A statement ran. @param output Empty where it failed. */
  ran(statement: string, output: string): void {
    this.#statements.push(statement);
    this.#known.push(output);
    this.#lastOutput = output === "" ? this.#lastOutput : output;
  }

  /** What to tell the author of an answer that should not be shown yet; `null` where it may. */
  advice(text: string): string | null {
    const unsupported = this.#challenged ? [] : this.#unsupported(text);
    if (unsupported.length > 0) {
      this.#challenged = true;
      return `These figures of your answer stand in no result and in no note on the tables: ${unsupported.join(", ")}. Correct them, or ${ways[this.#way]}; then answer again, without a word about this check.`;
    }

    const doubts = this.#doubted === "" ? this.#doubts(text) : [];
    if (doubts.length === 0) {
      return null;
    }

    this.#doubted = doubts
      .slice(0, mostDoubts)
      .map(({ advice }) => advice)
      .join("\n");
    return `Look again before this is shown:\n${this.#doubted}\nCompute it without counting twice and answer again. If the question asks for exactly this, say in the answer what is counted in. The user has not seen the earlier answer: write the whole answer, without a word about this check.`;
  }

  /** Says beside an answer what it was sent back for and still has. */
  mark(text: string): void {
    const { run } = this.#context;
    const unsupported = this.#challenged ? this.#unsupported(text) : [];
    if (unsupported.length > 0) {
      const figures = unsupported.join(", ");
      const said = `These figures stand in no output and in no description of the files: ${figures}. Check them before you use them.`;
      run.emit({ type: "notice", severity: "warning", code: "unsupported-figures", text: said, values: { figures } });
    }

    const doubts = this.#doubted === "" ? [] : this.#doubts(text).slice(0, mostDoubts);
    doubts.forEach(({ notice }) => run.emit({ type: "notice", severity: "warning", ...notice }));
  }

  #unsupported(text: string): readonly string[] {
    const known = [...this.#known, this.#doubted].join("\n");
    const shown = this.#way === "calculation" ? shownResults(text, known) : [];
    return unsupportedFigures(text, [known, ...shown].join("\n"));
  }

  #doubts(text: string) {
    const question = this.#context.message.content;
    const codes = this.#statements;
    return answerDoubts({ answer: text, question, codes, output: this.#lastOutput, session: this.#session() });
  }
}
