import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { agentByWord, tableAgents } from "../analysis/agent-names.ts";
import { outputsText } from "../analysis/cell-report.ts";
import { AgentError } from "../base/errors.ts";
import { catalogAgentCards } from "../directory/catalog-finder.ts";
import { agentName } from "../directory/original-names.ts";
import { defaultBudget } from "../core/budget.ts";
import { type SandboxMode, sandboxModeSchema } from "../protocol/sandbox.ts";
import type { Session, Turn } from "../protocol/session-state.ts";
import { AnalysisSession, answerOf } from "../sessions/analysis-session.ts";
import { SessionStore } from "../sessions/session-store.ts";
import { createTableProfiler } from "../tables/table-profiler.ts";
import { commandOwnAgents, homesOf } from "./agent-command.ts";
import { type CommandAgents, type CommandAgentsOptions, openCommandAgents } from "./command-agents.ts";
import { commandApprovals } from "./command-approvals.ts";
import { exportAll, exportTargets } from "./command-exports.ts";
import { type ClusterFlags, clusterFlags } from "./cluster-flags.ts";
import { commandCluster } from "./command-cluster.ts";
import { catalogFlags, commandCatalog } from "./command-catalog.ts";
import { commandPackages } from "./command-packages.ts";
import { commandPython, managedDirectory } from "./command-python.ts";
import { mcpFlags } from "./command-mcp.ts";
import { CommandFailure } from "./command-failure.ts";
import type { CommandStreams } from "./command-streams.ts";
import { commandSpace } from "./kept-space.ts";
import { lateTaker } from "./late-taker.ts";
import { commandModels, modelOptions, sessionsFolder, stopOnInterrupt, turnFailure } from "./question-command.ts";
import { StreamedTranscript } from "./streamed-transcript.ts";

const options = {
  question: { type: "string", short: "q" },
  yes: { type: "boolean", short: "y", default: false },
  json: { type: "boolean", default: false },
  agent: { type: "string" },
  python: { type: "string" },
  review: { type: "boolean", default: false },
  sandbox: { type: "string", default: "workspace" },
  export: { type: "string", multiple: true },
  "time-limit": { type: "string", default: "600" },
  sessions: { type: "string" },
  ...mcpFlags,
  ...clusterFlags,
  ...catalogFlags,
  ...modelOptions,
} as const;

/** `byzer analyze FILE… --question Q`: the data analysis group on a command line. */
export async function analyzeCommand(args: readonly string[], streams: CommandStreams): Promise<void> {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const question = required(values.question, positionals);
  const sandbox = sandboxOf(values.sandbox);
  const catalog = commandCatalog(values);
  const files = positionals.map((path) => resolve(path));
  const mcp = values["mcp-config"] ?? [];
  const wanted = values.agent ?? /^\s*@(\S+)/u.exec(question)?.[1];
  const agents = await agentsFor(wanted, { mcp, code: values.yes ? "yes" : "ask", streams });
  const agent = agentOf(values.agent, agents);
  const exports = await exportTargets(values.export ?? [], files);
  const sessions = sessionsFolder(values.sessions);
  const space = await commandSpace(values, sessions);
  const store = new SessionStore(sessions);
  const profiler = createTableProfiler({ worker: new URL("profile-worker.mjs", import.meta.url) });
  profiler.warmUp();
  const opened = await store.create(question);
  const transcript = new StreamedTranscript(values.json ? streams.err : streams.out);
  const place = runningPlace(values, streams);
  const models = commandModels(values, streams, place.cluster);
  const late = lateTaker(store, () => session);
  const homes = { models, space, sessionId: opened.log.id, takeLate: late.take };
  const session: AnalysisSession = new AnalysisSession({
    log: opened.log,
    models,
    ...place.parts,
    profiler,
    catalog,
    approvals: commandApprovals(values.yes, streams),
    ...(agents === undefined
      ? {}
      : {
          own: {
            ...commandOwnAgents(agents, values.yes, streams),
            homes: homesOf(place.cluster, { ...homes, agents }),
          },
        }),
    limits: () => ({
      budget: defaultBudget,
      cellTimeLimitMs: secondsOf(values["time-limit"]) * 1000,
      memoryLimitBytes: 0,
      sandbox,
      reviewAll: values.review,
    }),
    onEvent: (event) => (late.isTaking ? undefined : transcript.read(event)),
  });
  const release = stopOnInterrupt(session, streams);
  try {
    await Promise.all(files.map((path) => session.attach(path)));
    refuseUnreadable(session.state);
    const turn = await session.ask(question, { agent });
    if (turn.status !== "done") {
      throw turnFailure(turn);
    }

    const written = await exportAll(exports, opened.log);
    if (values.json) {
      streams.out(`${JSON.stringify({ ...documentOf(turn, opened.log.folder), exports: written })}\n`);
    } else {
      written.forEach((path) => streams.err(`Exported: ${path}\n`));
    }
  } finally {
    release();
    // What a command ran is not to be found again.
    await session.restartPython();
    await session.dispose();
    await place.close();
    profiler.dispose();
    await Promise.all([opened.close(), agents?.close()]);
  }
}

/** Where code runs. Packages are offered on this machine only. */
function runningPlace(
  values: ClusterFlags & { readonly python?: string | undefined; readonly yes: boolean },
  streams: CommandStreams,
) {
  const cluster = commandCluster(values, streams);
  if (cluster !== undefined) {
    return { parts: { python: cluster.python }, cluster, close: cluster.close };
  }

  const python = commandPython({ path: values.python, mayInstall: values.yes, streams });
  const packageCare = commandPackages({
    yes: values.yes,
    streams,
    managedFolder: managedDirectory,
    use: (executable) => python.use(executable),
  });
  return { parts: { python, packageCare }, cluster, close: () => Promise.resolve() };
}

function required(question: string | undefined, files: readonly string[]): string {
  if (files.length === 0) {
    throw new AgentError("cli.usage", { argument: "FILE" }, "Name at least one file: byzer analyze FILE… --question Q");
  }

  if (question === undefined || question.trim() === "") {
    throw new AgentError(
      "cli.usage",
      { argument: "--question" },
      "Say what you want to know: byzer analyze FILE… --question Q",
    );
  }

  return question;
}

/** The agents that the folder declares, where one that does not come with the program is wanted. */
async function agentsFor(
  word: string | undefined,
  how: Omit<CommandAgentsOptions, "folder">,
): Promise<CommandAgents | undefined> {
  return word === undefined || tableAgentBy(word) !== undefined
    ? undefined
    : await openCommandAgents({ folder: process.cwd(), ...how });
}

function agentOf(word: string | undefined, agents: CommandAgents | undefined): string | null {
  if (word === undefined) {
    return null;
  }

  if (agents === undefined) {
    return tableAgentBy(word) ?? null;
  }

  const wanted = word.replace(/^@/u, "");
  const named = agents.directory.find(wanted)?.definition.name ?? agentName(wanted.toLowerCase());
  const isDeclared = agents.directory.find(named) !== undefined;
  if (!isDeclared && !catalogAgentCards.some(({ name }) => name === named)) {
    const known = [
      ...[...tableAgents, ...catalogAgentCards].map(({ name }) => name),
      ...agents.directory.entries.map((entry) => entry.definition.name),
    ];
    throw new AgentError(
      "cli.usage",
      { argument: "--agent" },
      `No agent is called ${word}. Agents that answer: ${known.join(", ")}.`,
    );
  }

  return named;
}

function tableAgentBy(word: string): string | undefined {
  const agent = agentByWord(word);
  return tableAgents.some(({ name }) => name === agent) ? agent : undefined;
}

function sandboxOf(word: string): SandboxMode {
  const mode = sandboxModeSchema.safeParse(word).data;
  if (mode === undefined) {
    throw new AgentError(
      "cli.usage",
      { argument: "--sandbox" },
      `--sandbox wants off, workspace or strict; got ${word}.`,
    );
  }

  return mode;
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (!Number.isFinite(seconds) || seconds < 0) {
    throw new AgentError(
      "cli.usage",
      { argument: "--time-limit" },
      `--time-limit wants a number of seconds, 0 for none; got ${text}.`,
    );
  }

  return seconds;
}

/** A question about a file that cannot be read is not asked. */
function refuseUnreadable(session: Session): void {
  for (const { problem } of session.files) {
    if (problem !== null) {
      throw new CommandFailure(problem);
    }
  }
}

/** The document that `--json` prints. */
function documentOf(turn: Turn, folder: string): object {
  const cells = turn.blocks.filter((block) => block.kind === "cell");
  const images = cells.flatMap((cell) =>
    cell.outputs.flatMap((output) => (output.type === "image" ? [join(folder, "output", output.file)] : [])),
  );
  return {
    answer: answerOf(turn) ?? turn.messages.at(-1)?.content ?? "",
    agents: turn.blocks.flatMap((block) => (block.kind === "select" ? [block.agent] : [])),
    cells: cells.map((cell) => ({ code: cell.code, status: cell.phase, output: outputsText(cell.outputs) })),
    images,
    usage: turn.usage,
    durationMs: turn.durationMs,
  };
}
