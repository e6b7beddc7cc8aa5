import { previewFileAgent } from "../catalog/preview-file-agent.ts";
import { forgettingAll } from "../core/agent.ts";
import { type Reply, type ReplyContext, type ReplyFunction, answer } from "../core/reply.ts";
import type { ChatModel } from "../ports/chat-model.ts";
import type { AttachedFile, Session, Turn } from "../protocol/session-state.ts";
import { answeringAgents } from "./agent-names.ts";
import { earlierTurns, turnDigest } from "./digest.ts";
import { type Route, chooseAgents } from "./route.ts";

/** What the coordinator needs from the session. */
export interface PipelineParts {
  readonly router: (signal: AbortSignal) => Promise<ChatModel>;
  readonly session: () => Session;
  /** Whether the variables of earlier questions are still there. */
  readonly variablesKept: () => boolean;
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

  context.run.emit({ type: "progress", agent: "data_analysis_pipeline", activity: "routing", detail: "" });
  const columns = parts.session().files.map(
    ({ name, profile }) =>
      `${name} (${(profile?.columns ?? [])
        .slice(0, 30)
        .map((column) => column.name)
        .join(", ")})`,
  );
  const before = finishedTurns(parts.session()).at(-1)?.question;
  const about = [
    `Files: ${columns.join("; ") || "none"}`,
    ...(before === undefined ? [] : [`Question before: ${before}`]),
  ].join("\n");
  const route = await chooseAgents(context, await parts.router(context.run.signal), answeringAgents, about);
  return { ...route, durationMs: Math.round(performance.now() - from) };
}

async function askInTurn(
  context: ReplyContext,
  parts: PipelineParts,
  { route, briefing }: { readonly route: Route & { readonly durationMs: number }; readonly briefing: string },
): Promise<Reply> {
  const { run, message } = context;
  let content = "";
  for (const [index, agent] of route.agents.entries()) {
    run.emit({ type: "agent-select", agent, how: route.how, durationMs: index === 0 ? route.durationMs : 0 });
    const session = parts.session();
    const earlier = [
      earlierTurns(finishedTurns(session), parts.variablesKept()),
      parts.variablesKept() ? staleVariables(currentTurn(session)) : "",
      index === 0 ? "" : `${turnDigest(currentTurn(session))}\nGo on from there: its variables are still set.`,
    ].filter((text) => text !== "");
    const briefings = [briefing, ...earlier].join("\n\n");
    const last = index === route.agents.length - 1;
    // The second agent builds on what the first left behind.
    // oxlint-disable-next-line no-await-in-loop
    await context.tell(agent, briefings, { silent: true, metadata: forgettingAll });
    // oxlint-disable-next-line no-await-in-loop
    const reply = await context.ask(agent, message.content, { metadata: { interim: !last } });
    content = reply?.content ?? content;
    if (reply?.metadata["terminate"] === true) {
      return answer(content, reply.metadata);
    }
  }

  return answer(content);
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
