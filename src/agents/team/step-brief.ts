import { earlierTurns } from "../analysis/digest.ts";
import type { Term } from "../ports/term-store.ts";
import type { Session } from "../protocol/session-state.ts";
import { termsIn, termsText } from "../analysis/terms-text.ts";

const mostColumns = 30;

/** What an agent that gives work to others is told of the session. */
export function stepBrief({ files, sources, turns }: Session, question: string, terms: readonly Term[]): string {
  const tables = files.map(({ name, profile }) => {
    const columns = (profile?.columns ?? []).slice(0, mostColumns).map((column) => column.name);
    return `${name} (${columns.join(", ")})`;
  });
  const asked = sources.map(({ kind, name }) => `${kind} ${name}`);
  return [
    `Files with tables: ${tables.join("; ") || "none"}`,
    `Documents and code to read: ${asked.join("; ") || "none"}`,
    termsText(termsIn(question, terms)),
    earlierTurns(turns.slice(0, -1), false),
  ]
    .filter((text) => text !== "")
    .join("\n\n");
}
