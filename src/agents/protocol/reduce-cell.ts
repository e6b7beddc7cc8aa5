import type { CellOutput } from "./cell-output.ts";
import { reduceOffers } from "./package-offer.ts";
import type { SessionEvent } from "./session-event.ts";
import type { CellBlock } from "./session-state.ts";

/** An event of one cell. */
export type CellEvent = Extract<SessionEvent, { readonly cellId: string }>;

/** A cell of which nothing is known but its id. */
export function emptyCell(id: string): CellBlock {
  return {
    kind: "cell",
    id,
    agent: "",
    number: 0,
    code: "",
    edited: false,
    repair: 0,
    effects: [],
    review: null,
    everyTime: false,
    sandbox: "off",
    approval: null,
    phase: "writing",
    packages: [],
    outputs: [],
    durationMs: 0,
  };
}

/** Folds one event into its cell. Pure. */
export function reduceCell(cell: CellBlock, event: CellEvent): CellBlock {
  switch (event.type) {
    case "code-delta":
      return { ...cell, agent: event.agent, code: cell.code + event.text };
    case "cell-start": {
      const { number, agent, code, repair, effects } = event;
      return { ...cell, number, agent, code, repair, effects, phase: "ready" };
    }
    case "cell-review": {
      const { reviewer, verdict, comment } = event;
      return { ...cell, review: { reviewer, verdict, comment } };
    }
    case "approval-request":
      return { ...cell, phase: "waiting", everyTime: event.everyTime === true, sandbox: event.sandbox ?? "off" };
    case "approval-answer":
      return decide(cell, event);
    case "cell-run":
      return { ...cell, ...(event.newPython === true ? { newPython: true } : {}), phase: "running", outputs: [] };
    case "package-request":
    case "package-answer":
    case "package-end":
      return { ...cell, packages: reduceOffers(cell.packages, event) };
    case "cell-output":
      return { ...cell, outputs: addOutput(cell.outputs, event.output) };
    case "cell-end":
      return { ...cell, phase: event.status, durationMs: event.durationMs };
  }
}

function decide(cell: CellBlock, event: Extract<CellEvent, { type: "approval-answer" }>): CellBlock {
  return {
    ...cell,
    code: event.code ?? cell.code,
    edited: event.code !== null && event.code !== cell.code,
    approval: { decision: event.decision, how: event.how },
    phase: event.decision === "deny" ? "denied" : "ready",
  };
}

function addOutput(outputs: readonly CellOutput[], output: CellOutput): readonly CellOutput[] {
  const last = outputs.at(-1);
  if (output.type === "text" && last?.type === "text" && last.stream === output.stream) {
    return [...outputs.slice(0, -1), { ...last, text: last.text + output.text }];
  }

  return [...outputs, output];
}
