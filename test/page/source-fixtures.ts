import type { Citation, ReadPassage } from "../../src/agents/protocol/citation.ts";
import type { Source, SourceState } from "../../src/agents/protocol/source.ts";
import { type ScriptEvent, type SessionScript, sessionScript } from "./fixtures.ts";

/** A source, with its state where there is one. */
export function source(
  fields: Partial<Source> & Pick<Source, "id" | "name">,
  state: SourceState | null = null,
): readonly ScriptEvent[] {
  const { id, name } = fields;
  return [
    { type: "source-add", source: { kind: "file", path: `/w/${name}`, lines: null, ...fields } },
    ...(state === null ? [] : [{ type: "source-state", sourceId: id, state } as const]),
  ];
}

/** A source that was read. */
export function readState(fields: Partial<Extract<SourceState, { readonly files: number }>> = {}): SourceState {
  return { status: "ready", files: 1, passages: 12, leftOutFiles: 0, leftOut: [], tooManyFiles: false, ...fields };
}

export const handbookText = [
  "## Holidays",
  "",
  "Everyone has 30 days of paid holiday a year. Up to five days may be carried into the next year, until the end of March.",
  "Days that are left after that are lost; ask the office for exceptions.",
].join("\n");

/** A passage of `handbook.md`, from line 40 on. */
export function passage(fields: Partial<ReadPassage> = {}): ReadPassage {
  return {
    path: "/w/handbook.md",
    name: "handbook.md",
    startLine: 40,
    endLine: 43,
    start: 2000,
    end: 2000 + Array.from(handbookText).length,
    page: null,
    place: "Working here › Holidays",
    number: 1,
    text: handbookText,
    score: 12.345,
    ...fields,
  };
}

/** A citation of words in a passage. */
export function citation(number: number, quote: string, of: ReadPassage = passage()): Citation {
  const at = of.text.indexOf(quote);
  const start = of.start + Array.from(of.text.slice(0, at)).length;
  const line = of.startLine + of.text.slice(0, at).split("\n").length - 1;
  const { path, name, page, place } = of;
  const end = start + Array.from(quote).length;
  const endLine = line + quote.split("\n").length - 1;
  return { path, name, page, place, number, passage: of.number, quote, start, end, startLine: line, endLine };
}

export const report = passage({
  path: "/w/finance/annual report 2025.pdf",
  name: "finance/annual report 2025.pdf",
  number: 2,
  page: 3,
  startLine: 88,
  endLine: 90,
  start: 9000,
  place: "",
  text: "Sick days fell from 9.1 to 7.4 per person. Unused holiday of 212 days was paid out in March.",
  scores: { text: 8.2, vector: 0.8123, reranked: 0.97 },
});

export const notebook = passage({
  path: "/w/analysis/absences.ipynb",
  name: "analysis/absences.ipynb",
  number: 3,
  page: 2,
  start: 100,
  place: "Loading",
  text: "absences = pd.read_csv('absences.csv')\nabsences['carried'] = absences.left.clip(upper=5)",
  scores: { text: null, vector: 0.61, reranked: null },
});

/** A session that asks about a handbook. */
export function handbook(): SessionScript {
  return sessionScript("Handbook").add(...source({ id: "h", name: "handbook.md" }, readState()));
}

export const selectRetrieval = { type: "agent-select", agent: "retrieval_agent", how: "only", durationMs: 0 } as const;

/** Text of the retrieval agent. */
export function said(text: string, blockId = "b") {
  return { type: "text-end", blockId, agent: "retrieval_agent", role: "answer", text } as const;
}

export const modelCall = {
  type: "model-call" as const,
  agent: "retrieval_agent",
  model: "qwen2.5-coder:14b",
  usage: { promptTokens: 3120, completionTokens: 148, estimated: false },
  durationMs: 2400,
  repairs: [] as string[],
} satisfies ScriptEvent;

export const ended = { type: "turn-end", reason: "done", problem: null, durationMs: 2800 } as const;

/** Words of the handbook, and of the report. */
export const days = "Everyone has 30 days of paid holiday a year.";
export const paid = "Unused holiday of 212 days was paid out in March.";

/** An answer that cites `days` as 1 and `paid` as 2. */
export function cited(text: string, ...more: readonly ScriptEvent[]): SessionScript {
  return handbook()
    .ask("How many days of holiday?")
    .add(
      selectRetrieval,
      {
        type: "passages",
        agent: "retrieval_agent",
        query: "days of holiday",
        how: "search",
        passages: [passage(), report],
      },
      { type: "citation", blockId: "b", citation: citation(1, days) },
      { type: "citation", blockId: "b", citation: citation(2, paid, report) },
      ...more,
      said(text),
      modelCall,
      ended,
    );
}

/** A doubt about the block of `cited`. */
export const doubt = (reason: "not-in-passages" | "not-cited", quote: string) =>
  ({ type: "claim-doubt", blockId: "b", doubt: { number: 1, reason, quote } }) as const;
