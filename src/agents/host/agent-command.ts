import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { agentByWord } from "../analysis/agent-names.ts";
import { AgentError } from "../base/errors.ts";
import { defaultBudget } from "../core/budget.ts";
import { catalogAgentCards } from "../directory/catalog-finder.ts";
import { agentName } from "../directory/original-names.ts";
import { nameOfCodeFile } from "../agent-process/code-file.ts";
import { similarName } from "../declared/similar-name.ts";
import { createFileText } from "../retrieval/file-text.ts";
import type { extractDocument } from "../retrieval/parse/extract-document.ts";
import type { RemoteHomes } from "../conversing/remote-homes.ts";
import type { Turn } from "../protocol/session-state.ts";
import { AnalysisSession, answerOf } from "../sessions/analysis-session.ts";
import type { OwnAgents } from "../sessions/session-agents.ts";
import { SessionStore } from "../sessions/session-store.ts";
import { createTableProfiler } from "../tables/table-profiler.ts";
import { clusterFlags } from "./cluster-flags.ts";
import { type CommandAgents, agentOfFile, fileNamed, openCommandAgents } from "./command-agents.ts";
import { commandApprovals } from "./command-approvals.ts";
import { catalogFlags, commandCatalog } from "./command-catalog.ts";
import { searchableIndex } from "./command-index.ts";
import { commandPython } from "./command-python.ts";
import { type CommandCluster, commandCluster } from "./command-cluster.ts";
import { type HomesOrder, noHomes } from "./command-homes.ts";
import { mcpFlags } from "./command-mcp.ts";
import type { CommandStreams } from "./command-streams.ts";
import { commandHumanInput, commandToolApprovals } from "./command-tools.ts";
import { jsonLine } from "./json-line.ts";
import { commandSpace } from "./kept-space.ts";
import { lateTaker } from "./late-taker.ts";
import { commandModels, modelOptions, sessionsFolder, stopOnInterrupt, turnFailure } from "./question-command.ts";
import { StreamedTranscript } from "./streamed-transcript.ts";

const options = {
  message: { type: "string", short: "m" },
  file: { type: "string", multiple: true },
  source: { type: "string", multiple: true },
  folder: { type: "string", default: "." },
  yes: { type: "boolean", short: "y", default: false },
  json: { type: "boolean", default: false },
  python: { type: "string" },
  index: { type: "string" },
  "index-url": { type: "string" },
  sessions: { type: "string" },
  ...mcpFlags,
  ...clusterFlags,
  ...catalogFlags,
  ...modelOptions,
} as const;

const usage = "byzer agent run NAME|FILE --message M";

type Values = ReturnType<typeof read>["values"];

function read(args: readonly string[]) {
  return parseArgs({ args: [...args], options, allowPositionals: true });
}

/** `byzer agent run NAME|FILE --message M`: one message to one agent, and its answer. */
export async function agentCommand(args: readonly string[], streams: CommandStreams): Promise<void> {
  const { values, positionals } = read(args);
  const [action, word, ...rest] = positionals;
  if (action !== "run" || word === undefined || rest.length > 0) {
    throw new AgentError("cli.usage", { argument: "NAME" }, `Name one agent, or its file: ${usage}`);
  }

  const { message } = values;
  if (message === undefined || message.trim() === "") {
    throw new AgentError("cli.usage", { argument: "--message" }, `Say what to tell it: ${usage}`);
  }

  const file = fileNamed(word);
  const folder = resolve(values.folder);
  const named = file === null ? [] : [file];
  const mcp = values["mcp-config"] ?? [];
  const agents = await openCommandAgents({ folder, named, mcp, code: values.yes ? "yes" : "ask", streams });
  try {
    const said = file === null ? nameIn(agents, word) : (agentOfFile(agents, file)?.definition.name ?? word);
    const agent = await agents.prepare(said, new AbortController().signal);
    await runAgent({ agent, message, folder, agents, values, streams });
  } finally {
    await agents.close();
  }
}

/** Whoever is meant by a word. @throws AgentError `cli.usage` for nobody. */
export function nameIn({ directory }: CommandAgents, word: string): string {
  const wanted = word.replace(/^@/u, "");
  const known = [
    ...directory.entries.map(({ definition }) => definition.name),
    ...catalogAgentCards.map(({ name }) => name),
  ];
  const found =
    known.find((name) => name === wanted) ??
    known.find((name) => name === agentName(wanted)) ??
    agentByWord(wanted) ??
    directory.entries.find(({ origin }) => origin.kind === "code" && nameOfCodeFile(origin.path) === wanted)?.definition
      .name;
  if (found === undefined) {
    const near = similarName(wanted, known);
    const meant = near === undefined ? "" : ` Did you mean ${near}?`;
    const text = `No agent is called ${word}.${meant} Agents: ${known.join(", ")}. See byzer agents.`;
    throw new AgentError("cli.usage", { argument: word }, text);
  }

  return found;
}

interface AgentRun {
  readonly agent: string;
  readonly message: string;
  readonly folder: string;
  readonly agents: CommandAgents;
  readonly values: Values;
  readonly streams: CommandStreams;
}

async function runAgent(run: AgentRun): Promise<void> {
  const { agent, message, folder, values, streams } = run;
  const sessions = sessionsFolder(values.sessions);
  const space = await commandSpace(values, sessions);
  const store = new SessionStore(sessions);
  const opened = await (space?.conversation(store, message) ?? store.create(message));
  const transcript = new StreamedTranscript(values.json ? streams.err : streams.out);
  const profiler = createTableProfiler({ worker: new URL("profile-worker.mjs", import.meta.url) });
  const sources = values.source ?? [];
  const named = { index: values.index, "index-url": values["index-url"] };
  const index = sources.length === 0 ? undefined : searchableIndex(named, streams);
  const cluster = commandCluster(values, streams);
  const models = commandModels(values, streams, cluster);
  const late = lateTaker(store, () => session);
  const session: AnalysisSession = new AnalysisSession({
    log: opened.log,
    models,
    python: cluster?.python ?? commandPython({ path: values.python, mayInstall: false, streams }),
    profiler,
    approvals: commandApprovals(values.yes, streams),
    limits: () => ({
      budget: defaultBudget,
      cellTimeLimitMs: 600_000,
      memoryLimitBytes: 0,
      sandbox: "workspace",
      reviewAll: false,
    }),
    workingDirectory: folder,
    own: {
      ...commandOwnAgents(run.agents, values.yes, streams),
      homes: homesOf(cluster, { agents: run.agents, models, space, sessionId: opened.log.id, takeLate: late.take }),
    },
    catalog: commandCatalog(values, folder),
    ...(index === undefined ? {} : { retrieval: { index, roots: () => [folder], exclude: () => [] } }),
    onEvent: (event) => (late.isTaking ? undefined : transcript.read(event)),
  });
  const release = stopOnInterrupt(session, streams);
  try {
    await Promise.all([
      ...(values.file ?? []).map((path) => session.attach(resolve(path))),
      ...sources.map((path) => session.addSource({ kind: "folder", path: resolve(path) })),
    ]);
    const turn = await session.ask(message, { agent });
    if (turn.status !== "done") {
      throw turnFailure(turn);
    }

    if (values.json) {
      streams.out(jsonLine(documentOf(turn)));
    }
  } finally {
    release();
    // What a command ran is not to be found again.
    await session.restartPython();
    await session.dispose();
    profiler.dispose();
    await Promise.all([opened.close(), index?.dispose(), cluster?.close()]);
  }
}

/** Where the workspace's agents live that live on a cluster. */
export function homesOf(cluster: CommandCluster | undefined, order: HomesOrder): RemoteHomes {
  return cluster?.homes(order) ?? noHomes;
}

/** The workspace's agents as a session of a command needs them. */
export function commandOwnAgents(
  { directory, shelf }: CommandAgents,
  yes: boolean,
  streams: CommandStreams,
): OwnAgents {
  const humanInput = commandHumanInput(streams);
  return {
    directory,
    approvals: commandToolApprovals(yes, streams),
    tools: () => shelf,
    fileText: createFileText(loadExtraction),
    ...(humanInput === undefined ? {} : { humanInput }),
  };
}

/** A bundle of its own beside the program. */
async function loadExtraction(): Promise<typeof extractDocument> {
  const program = new URL("extract-document.mjs", import.meta.url);
  const loaded: { readonly extractDocument: typeof extractDocument } = await import(program.href);
  return loaded.extractDocument;
}

/** The document that `--json` prints. */
function documentOf(turn: Turn): object {
  return {
    answer: answerOf(turn) ?? turn.messages.at(-1)?.content ?? "",
    agents: turn.blocks.flatMap((block) => (block.kind === "select" ? [block.agent] : [])),
    messages: turn.messages.map(({ from, to, content }) => ({ from, to, content })),
    tools: turn.blocks.flatMap((block) =>
      block.kind === "tool" ? [{ agent: block.agent, tool: block.tool, input: block.input, status: block.phase }] : [],
    ),
    usage: turn.usage,
    durationMs: turn.durationMs,
  };
}
