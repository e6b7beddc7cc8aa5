import { AgentError } from "../base/errors.ts";
import { assistantAgent } from "../catalog/assistant-agent.ts";
import { dataAnalysisPipeline } from "../catalog/data-analysis-pipeline.ts";
import { memoryAgent } from "../catalog/memory-agent.ts";
import { previewFileAgent } from "../catalog/preview-file-agent.ts";
import { retrievalAgent } from "../catalog/retrieval-agent.ts";
import type { AgentCard } from "../core/agent-card.ts";
import { forgettingAll } from "../core/agent.ts";
import { type Reply, type ReplyContext, type ReplyFunction, answer } from "../core/reply.ts";
import type { ChatModel } from "../ports/chat-model.ts";
import type { TermStore } from "../ports/term-store.ts";
import type { AttachedFile, Session, Turn } from "../protocol/session-state.ts";
import { answeringAgents, tableAgents } from "./agent-names.ts";
import { earlierTurns, turnDigest, turnsTold } from "./digest.ts";
import { type Route, chooseAgents } from "./route.ts";
import { toldTerms } from "./told-terms.ts";

/** What the coordinator needs from the session. */
export interface PipelineParts {
  readonly router: (signal: AbortSignal) => Promise<ChatModel>;
  readonly session: () => Session;
  /** Whether the variables of earlier questions are still there. */
  readonly variablesKept: () => boolean;
  /** Whether `retrieval_agent` is in the group. */
  readonly reads: boolean;
  /** Whether a question may be one for `memory_agent`; none is where left out. */
  readonly recalls?: (question: string) => Promise<boolean>;
  /** What the person's terms mean; none are known where left out. */
  readonly terms?: TermStore;
}

/** The reply function of `data_analysis_pipeline`: preview, choice of agents, briefing, question, answer. */
export function pipelineReply(parts: PipelineParts): ReplyFunction {
  const previews = new Map<string, string>();
  return {
    name: "coordinate",
    trigger: "anyone",
    reply: async (context) => {
      const [briefing, route] = await Promise.all([
        previewFiles(context, parts.session().files, previews),
        selectAgents(context, parts),
      ]);
      return askInTurn(context, parts, { route, briefing });
    },
  };
}

/** Has every file described that has not been, or that has changed since. */
async function previewFiles(
  context: ReplyContext,
  files: readonly AttachedFile[],
  previews: Map<string, string>,
): Promise<string> {
  const told: string[] = [];
  for (const [index, { path, profile, problem, check }] of files.entries()) {
    // A file that moves up in the list is read into other variables.
    const { modifiedMs, rowCount, complete, reading } = profile ?? {};
    const how = [modifiedMs, rowCount, complete, reading?.pandas, check?.warnings, problem?.message];
    const key = JSON.stringify([index, path, ...how]);
    // The transcript shows one preview after the other.
    // oxlint-disable-next-line no-await-in-loop
    const text = previews.get(key) ?? (await preview(context, path));
    previews.set(key, text);
    told.push(text);
  }

  return told.length === 0 ? "There is no file in this session." : told.join("\n\n");
}

async function preview(context: ReplyContext, path: string): Promise<string> {
  const question = `We have a file, the file path is: ${path} , please preview this file`;
  const reply = await context.ask(previewFileAgent.name, question, { metadata: { path } });
  return reply?.content ?? "";
}

async function selectAgents(
  context: ReplyContext,
  parts: PipelineParts,
): Promise<Route & { readonly durationMs: number }> {
  const from = performance.now();
  const forced = context.message.metadata["agent"];
  if (typeof forced === "string") {
    return { agents: [forced], how: "forced", durationMs: 0 };
  }

  const session = parts.session();
  const recalls = (await parts.recalls?.(context.message.content)) === true;
  const candidates = [...candidatesFor(session, parts.reads), ...(recalls ? [memoryAgent] : [])];
  if (candidates.length === 1) {
    return { agents: candidates.map(({ name }) => name), how: "only", durationMs: 0 };
  }

  context.run.emit({ type: "progress", agent: dataAnalysisPipeline.name, activity: "routing", detail: "" });
  const route = await routeOrRead(context, parts, candidates, aboutSession(session));
  return { ...route, durationMs: Math.round(performance.now() - from) };
}

/** Who may answer: without tables only who reads, without anything to ask about only who computes. */
function candidatesFor({ files, sources }: Session, reads: boolean): readonly AgentCard[] {
  if (!reads || sources.length === 0) {
    return tableAgents;
  }

  return files.length === 0 ? [retrievalAgent] : answeringAgents;
}

/** Without a model nothing can be computed, but what is asked about, or remembered, can be quoted. */
async function routeOrRead(
  context: ReplyContext,
  parts: PipelineParts,
  candidates: readonly AgentCard[],
  about: string,
): Promise<Route> {
  try {
    return await chooseAgents(context, await parts.router(context.run.signal), candidates, about);
  } catch (error) {
    const reader = [retrievalAgent, memoryAgent].find((card) => candidates.includes(card));
    if (AgentError.is(error, "model.missing") && reader !== undefined) {
      return { agents: [reader.name], how: "default" };
    }

    throw error;
  }
}

const bothNeeded = `A question whose answer needs a rule, a definition or a figure from them, and then a computation over the tables, is answered by two: ${retrievalAgent.name}, ${assistantAgent.name}.`;

/** What a router is told of a session. */
function aboutSession(session: Session): string {
  const columns = session.files.map(
    ({ name, profile }) =>
      `${name} (${(profile?.columns ?? [])
        .slice(0, 30)
        .map((column) => column.name)
        .join(", ")})`,
  );
  const asked = session.sources.map(({ kind, name }) => `${kind} ${name}`);
  const before = finishedTurns(session).at(-1)?.question;
  return [
    `Files: ${columns.join("; ") || "none"}`,
    ...(asked.length === 0 ? [] : [`Documents and code to read: ${asked.join("; ")}. ${bothNeeded}`]),
    ...(before === undefined ? [] : [`Question before: ${before}`]),
  ].join("\n");
}

async function askInTurn(
  context: ReplyContext,
  parts: PipelineParts,
  { route, briefing }: { readonly route: Route & { readonly durationMs: number }; readonly briefing: string },
): Promise<Reply> {
  const { run, message } = context;
  // Another agent that asks gives the answer to the person.
  const isOnTheWay = message.metadata["interim"] === true;
  const terms = await toldTerms(run, message.content, parts.terms);
  let content = "";
  for (const [index, agent] of route.agents.entries()) {
    run.emit({ type: "agent-select", agent, how: route.how, durationMs: index === 0 ? route.durationMs : 0 });
    const session = parts.session();
    const briefings =
      agent === retrievalAgent.name || agent === memoryAgent.name
        ? earlierWords(session, index)
        : tableBriefing(session, parts, { briefing, index });
    const last = index === route.agents.length - 1;
    // The second agent builds on what the first left behind.
    // oxlint-disable-next-line no-await-in-loop
    await context.tell(agent, [briefings, terms].filter((text) => text !== "").join("\n\n"), {
      silent: true,
      metadata: forgettingAll,
    });
    // oxlint-disable-next-line no-await-in-loop
    const reply = await context.ask(agent, message.content, { metadata: { interim: !last || isOnTheWay } });
    content = reply?.content ?? content;
    if (reply?.metadata["terminate"] === true) {
      return answer(content, reply.metadata);
    }
  }

  return answer(content);
}

/** What an author is told before the question: the files, earlier questions, what the agent before it found. */
function tableBriefing(
  session: Session,
  { variablesKept }: PipelineParts,
  { briefing, index }: { readonly briefing: string; readonly index: number },
): string {
  const earlier = [
    earlierTurns(finishedTurns(session), variablesKept()),
    variablesKept() ? staleVariables(currentTurn(session)) : "",
    index === 0
      ? ""
      : `${turnDigest(currentTurn(session))}\nGo on from there${variablesKept() ? ": its variables are still set" : ""}.`,
  ].filter((text) => text !== "");
  return [briefing, ...earlier].join("\n\n");
}

/** What an agent that only reads is told before the question: earlier questions and answers, without a word on variables. */
function earlierWords(session: Session, index: number): string {
  const turns = [...finishedTurns(session).slice(-turnsTold), ...(index === 0 ? [] : [currentTurn(session)])];
  return turns.map(turnDigest).join("\n\n");
}

/** Variables that were read from a file before it changed, or before it was read in another way, are out of date. */
function staleVariables(turn: Turn): string {
  const changes = turn.blocks.flatMap((block) =>
    block.kind === "notice" && ["file-changed", "file-read-otherwise"].includes(block.code) ? [block.text] : [],
  );
  return changes.length === 0
    ? ""
    : `${changes.join(" ")} Variables that hold its rows are out of date: read it again by the call above.`;
}

function finishedTurns(session: Session): readonly Turn[] {
  return session.turns.slice(0, -1);
}

function currentTurn(session: Session): Turn {
  const turn = session.turns.at(-1);
  if (turn === undefined) {
    throw new Error("The pipeline was asked outside a turn.");
  }

  return turn;
}
