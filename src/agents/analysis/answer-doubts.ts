import type { Session } from "../protocol/session-state.ts";
import { doubleCountAdvice, doubleCounts } from "./double-counts.ts";
import { fanOutJoins } from "./fan-out.ts";
import { writtenFigures } from "./written-figures.ts";

/** A reason to look again at an answer before it is shown. */
export interface AnswerDoubt {
  /** What its author is told. */
  readonly advice: string;
  /** What is said beside the answer where it stays. */
  readonly notice: {
    readonly code: "double-count" | "fan-out";
    readonly text: string;
    readonly values: Readonly<Record<string, string>>;
  };
}

/** An answer with what led to it. */
export interface AnswerCase {
  readonly answer: string;
  readonly question: string;
  /** The code that ran for it, oldest first. */
  readonly codes: readonly string[];
  /** What the last of it printed. */
  readonly output: string;
  readonly session: Pick<Session, "files" | "joins">;
}

const tellingDigits = 3;

/** Says where an answer counts twice, by what the profiles of the files and the joins between them know. */
export function answerDoubts({ answer, question, codes, output, session }: AnswerCase): readonly AnswerDoubt[] {
  const profiles = session.files.flatMap(({ profile }) => (profile === null ? [] : [profile]));
  const saysFigures = writtenFigures(answer).some(({ significantDigits }) => significantDigits >= tellingDigits);
  const said = saysFigures ? answer : `${answer}\n${output}`;
  const doubles = doubleCounts(said, question, profiles).map((found): AnswerDoubt => {
    const advice = doubleCountAdvice(found);
    const right = found.right === null ? "" : String(Number(found.right.toPrecision(12)));
    const { figure, file, measure, group } = found;
    return {
      advice,
      notice: {
        code: "double-count",
        text: `${advice} Check it before you use it.`,
        values: { figure, file, measure, group, right },
      },
    };
  });
  const fanned = fanOutJoins(codes.join("\n"), session.joins).map(({ left, right }): AnswerDoubt => {
    const what = `${left.name} and ${right.name} were joined by ${left.column}, which stands in several rows of both: each row then counts as often as it finds a partner, and sums come out too large.`;
    const values = { left: left.name, right: right.name, column: left.column };
    return {
      advice: `${what} Add up before joining, or join by more columns, and compare the number of rows before and after.`,
      notice: { code: "fan-out", text: `${what} Check the figures before you use them.`, values },
    };
  });
  return [...doubles, ...fanned];
}
