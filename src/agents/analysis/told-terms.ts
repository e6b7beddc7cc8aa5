import { AgentError } from "../base/errors.ts";
import type { Run } from "../core/run.ts";
import type { TermStore } from "../ports/term-store.ts";
import { termsIn, termsText } from "./terms-text.ts";

/** What the person's terms in a question mean, for whoever answers. Terms that cannot be read keep nobody from answering. */
export async function toldTerms(run: Run, question: string, terms: TermStore | undefined): Promise<string> {
  try {
    return termsText(termsIn(question, (await terms?.list()) ?? []));
  } catch (error) {
    if (!AgentError.is(error, "terms.not-readable")) {
      throw error;
    }

    const values = { path: error.details.path, reason: error.details.reason };
    run.emit({ type: "notice", severity: "warning", code: "terms-not-readable", text: error.message, values });
    return "";
  }
}
