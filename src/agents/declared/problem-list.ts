import type { AgentFileFix, AgentFileProblem, AgentFileSeverity } from "../protocol/agent-file-problem.ts";
import { agentFileText } from "../protocol/words/agent-file-text.ts";
import { type Span, lineAndColumn, spanWithin } from "./place.ts";

/** What is known of a problem besides its code and its place. */
interface ProblemFacts {
  readonly values?: AgentFileProblem["values"];
  readonly fixes?: readonly AgentFileFix[];
}

/** Gathers what is wrong in one text. */
export class ProblemList {
  readonly #text: string;
  readonly #problems: AgentFileProblem[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  /** In the order of their places. */
  get all(): readonly AgentFileProblem[] {
    return this.#problems.toSorted((one, other) => one.start - other.start || one.end - other.end);
  }

  get hasErrors(): boolean {
    return this.#problems.some(({ severity }) => severity === "error");
  }

  add(severity: AgentFileSeverity, code: string, span: Span, { values = {}, fixes = [] }: ProblemFacts = {}): void {
    const { start, end } = spanWithin(this.#text, span);
    const message = agentFileText({ code, values }, "en");
    const { line: endLine, column: endColumn } = lineAndColumn(this.#text, end);
    const place = { start, end, ...lineAndColumn(this.#text, start), endLine, endColumn };
    this.#problems.push({ code, severity, values, message, ...place, fixes });
  }
}
