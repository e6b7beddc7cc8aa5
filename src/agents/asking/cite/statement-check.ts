import type { Citation, ReadPassage } from "../../protocol/citation.ts";
import { isUncitedClaim } from "./uncited-claim.ts";
import { type ReadWords, readWords, rowStatesUnread, statesUnread } from "./unread-statement.ts";

const noStatement = /^\s*(?:#|\||>|`{3}|~{3})/u;

/** Compares what an answer says with its question and with everything that was read for it. */
export class StatementCheck {
  readonly #question: string;
  readonly #passages: () => readonly ReadPassage[];
  #read: { readonly count: number; readonly words: ReadWords } | null = null;

  constructor(question: string, passages: () => readonly ReadPassage[]) {
    this.#question = question;
    this.#passages = passages;
  }

  /** Whether a line that cites nothing says what no passage that was cited before supports. */
  isUncitedLine(said: string, citations: readonly Citation[]): boolean {
    const cited = this.#passages().filter(({ number }) => citations.some(({ passage }) => passage === number));
    const known = [this.#question, ...cited.map(({ text, name, place }) => `${name}\n${place}\n${text}`)].join("\n");
    return isUncitedClaim(said, known);
  }

  /**
   * Whether a sentence states what stands in no passage that was read.
   *
   * @param quotes What it cites; `null` where it cites nothing.
   * @param line The line so far: headings, rows of tables and quotations are not looked at.
   */
  isUnreadSentence(sentence: string, quotes: string | null, line: string): boolean {
    const isLooked = !noStatement.test(line) && this.#passages().length > 0;
    return isLooked && statesUnread(sentence, this.#words(), { isCited: quotes !== null, cited: quotes ?? "" });
  }

  /** The same for a row of a table. */
  isUnreadRow(row: string): boolean {
    return this.#passages().length > 0 && rowStatesUnread(row, this.#words());
  }

  #words(): ReadWords {
    const passages = this.#passages();
    if (this.#read?.count !== passages.length) {
      const texts = passages.map(({ text, name, place }) => `${name} ${place}\n${text}`);
      this.#read = { count: passages.length, words: readWords([this.#question, ...texts]) };
    }

    return this.#read.words;
  }
}
