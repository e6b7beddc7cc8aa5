import { pythonInterpreter } from "../../../src/agents/catalog/python-interpreter.ts";
import { sparkSqlAgent } from "../../../src/agents/catalog/spark-sql-agent.ts";
import { sqlReviewerAgent } from "../../../src/agents/catalog/sql-reviewer-agent.ts";
import type { Message } from "../../../src/agents/protocol/message.ts";
import type { CellBlock, Turn } from "../../../src/agents/protocol/session-state.ts";
import { pythonText } from "../../../src/agents/sql/sql-code.ts";
import { answerOf } from "../../../src/agents/sessions/analysis-session.ts";
import { missingFacts } from "../score.ts";
import type { TurnCheck } from "./catalog-case.ts";
import type { CatalogTurn } from "./catalog-world.ts";

/** What is wrong with a turn, in words; empty where nothing is. */
export function faultsOf(asked: CatalogTurn, check: TurnCheck): readonly string[] {
  const { turn } = asked;
  const end = turn.status === "done" ? [] : [`ended as ${turn.status}: ${turn.problem?.message ?? ""}`];
  return [
    ...end,
    ...wordFaults(answerText(turn), check),
    ...speakerFaults(turn, check),
    ...codeFaults(turn, check),
    ...approvalFaults(asked, check),
    ...stateFaults(asked, check),
    ...toldFaults(asked, check),
    ...(check.replanned === true && !isReplanned(turn) ? ["shows no other plan after a failure"] : []),
  ];
}

/** What the person reads as the answer. */
export function answerText(turn: Turn): string {
  return answerOf(turn) ?? turn.messages.at(-1)?.content ?? "";
}

function wordFaults(answer: string, { says = [], saysNot = [], language }: TurnCheck): readonly string[] {
  const words = answer.replaceAll(/\[\??\d+\]/gu, "");
  return [
    ...says
      .map((fact) => (Array.isArray(fact) ? fact : [fact]))
      .filter((choices) => choices.every((fact) => missingFacts(words, [fact]).length > 0))
      .map((choices) => `does not say ${choices.join(" or ")}`),
    ...saysNot.filter((fact) => missingFacts(words, [fact]).length === 0).map((fact) => `says ${fact}`),
    ...(language === undefined || languageOf(words) === language ? [] : [`answers in ${languageOf(words)}`]),
  ];
}

/** Names of columns and places may stand in either language: what most of the letters are decides. */
function languageOf(text: string): "en" | "zh" {
  const bare = text.replaceAll(/`[^`]*`/gu, "");
  const han = bare.match(/\p{Script=Han}/gu)?.length ?? 0;
  const words = bare.match(/\p{Script=Latin}+/gu)?.length ?? 0;
  return han > words ? "zh" : "en";
}

function speakerFaults({ messages }: Turn, { speakers = [], silent = [] }: TurnCheck): readonly string[] {
  const spoke = messages.map(({ from }) => from);
  let at = -1;
  const missing = speakers.filter((name) => {
    const next = spoke.indexOf(name, at + 1);
    at = next === -1 ? at : next;
    return next === -1;
  });
  return [
    ...missing.map((name) => `${name} does not speak in its turn`),
    ...silent.filter((name) => spoke.includes(name)).map((name) => `${name} speaks`),
  ];
}

function codeFaults(
  { messages, blocks }: Turn,
  { statements = 0, images = 0, tools = [] }: TurnCheck,
): readonly string[] {
  const cells = blocks.filter((block): block is CellBlock => block.kind === "cell");
  const drawn = cells.flatMap(({ outputs }) => outputs).filter(({ type }) => type === "image").length;
  const called = new Set(blocks.flatMap((block) => (block.kind === "tool" ? [block.tool] : [])));
  const { ran, unreviewed } = statementsIn(messages);
  return [
    ...(ran < statements ? [`runs ${ran} statements`] : []),
    ...unreviewed.map((sql) => `runs without an approval: ${sql}`),
    ...(drawn < images ? [`draws ${drawn} images`] : []),
    ...tools.filter((name) => !called.has(name)).map((name) => `does not use ${name}`),
  ];
}

/** Statements that were given to Python, and those of them that the reviewer had not approved just before. */
function statementsIn(messages: readonly Message[]): { readonly ran: number; readonly unreviewed: readonly string[] } {
  const unreviewed: string[] = [];
  let [ran, reviewed, approved] = [0, "", ""];
  for (const { from, to, metadata } of messages) {
    const { sql, code, verdict } = metadata;
    if (from === sparkSqlAgent.name && to === sqlReviewerAgent.name && typeof sql === "string") {
      [reviewed, approved] = [sql, ""];
    } else if (from === sqlReviewerAgent.name && verdict === "approved") {
      approved = reviewed;
    } else if (from === sparkSqlAgent.name && to === pythonInterpreter.name && isStatement(code)) {
      ran += 1;
      unreviewed.push(...(approved !== "" && code.includes(pythonText(approved)) ? [] : [code]));
      approved = "";
    }
  }

  return { ran, unreviewed };
}

/** What sets an engine up begins with its imports. */
function isStatement(code: unknown): code is string {
  return typeof code === "string" && !code.startsWith("import ");
}

function approvalFaults({ approvals }: CatalogTurn, { asked = [] }: TurnCheck): readonly string[] {
  const kinds = new Set<string>(approvals.flatMap(({ effects }) => effects.map(({ kind }) => kind)));
  return [
    ...asked.filter((kind) => !kinds.has(kind)).map((kind) => `does not ask about ${kind}`),
    ...(asked.length === 0 && approvals.length > 0 ? [`asks about ${[...kinds].join(", ")}`] : []),
  ];
}

function stateFaults({ terms, files }: CatalogTurn, check: TurnCheck): readonly string[] {
  const { terms: wanted, files: names = files } = check;
  const known = new Map(terms.map(({ term, meaning }) => [term, meaning]));
  const missing = Object.entries(wanted ?? {}).filter(([term, words]) => known.get(term)?.includes(words) !== true);
  const isMore = wanted !== undefined && known.size > Object.keys(wanted).length;
  const isOther = [...names].toSorted().join() !== [...files].toSorted().join();
  return [
    ...missing.map(([term, words]) => `keeps of ${term}: ${known.get(term) ?? "nothing"}, without ${words}`),
    ...(isMore ? [`keeps ${[...known.keys()].join(", ")}`] : []),
    ...(isOther ? [`has the files ${files.join(", ")}`] : []),
  ];
}

function toldFaults({ requests }: CatalogTurn, { told = [], notTold = [] }: TurnCheck): readonly string[] {
  const isTold = (words: string): boolean => requests.some((text) => text.includes(words));
  return [
    ...told.filter((words) => !isTold(words)).map((words) => `tells no model: ${words}`),
    ...notTold.filter(isTold).map((words) => `tells a model: ${words}`),
  ];
}

/** Whether the person was shown what remains, in another plan than at first. */
function isReplanned({ blocks }: Turn): boolean {
  const plans = blocks.filter(
    (block) => block.kind === "text" && block.role === "comment" && /\n1?\d\. [^\n]+ → `/u.test(block.text),
  );
  return plans.length > 1;
}
