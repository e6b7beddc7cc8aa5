import { turnDigest, turnsTold } from "../analysis/digest.ts";
import type { Session } from "../protocol/session-state.ts";

const mostColumns = 30;

/** What an agent that gives work to others is told of the session. @param terms What the person's terms mean; may be empty. */
export function stepBrief({ files, sources, turns }: Session, terms: string): string {
  const tables = files.map(({ name, profile }) => {
    const columns = (profile?.columns ?? []).slice(0, mostColumns).map((column) => column.name);
    return `${name} (${columns.join(", ")})`;
  });
  const asked = sources.map(({ kind, name }) => `${kind} ${name}`);
  return [
    `Files with tables: ${tables.join("; ") || "none"}`,
    `Documents and code to read: ${asked.join("; ") || "none"}`,
    terms,
    ...turns.slice(0, -1).slice(-turnsTold).map(turnDigest),
  ]
    .filter((text) => text !== "")
    .join("\n\n");
}
