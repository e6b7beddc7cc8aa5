import { statSync } from "node:fs";
import { dirname, sep } from "node:path";
import { parseArgs } from "node:util";
import { retrievalAgent } from "../catalog/retrieval-agent.ts";
import { AgentError } from "../base/errors.ts";
import { defaultBudget } from "../core/budget.ts";
import { clusterPlace } from "../protocol/cluster-place.ts";
import type { Session, Turn } from "../protocol/session-state.ts";
import { AnalysisSession } from "../sessions/analysis-session.ts";
import { SessionStore } from "../sessions/session-store.ts";
import { createTableProfiler } from "../tables/table-profiler.ts";
import { AskTranscript } from "./ask-transcript.ts";
import { askDocument, citationList, readInPart, shownPaths } from "./ask-document.ts";
import { commandApprovals } from "./command-approvals.ts";
import { clusterFlags } from "./cluster-flags.ts";
import { embeddingOptions, embedRoot, useCommandEmbedder } from "./command-embedder.ts";
import { CommandFailure } from "./command-failure.ts";
import { commandReranker, rerankOptions } from "./command-reranker.ts";
import { commandPython } from "./command-python.ts";
import type { CommandStreams } from "./command-streams.ts";
import { rootNamed, searchableIndex } from "./command-index.ts";
import { excludeGlobs, indexWithout, refuseNoUnicode } from "./command-scope.ts";
import { untilInterrupted } from "./interruption.ts";
import { jsonLine } from "./json-line.ts";
import { commandModels, modelOptions, sessionsFolder, stopOnInterrupt, turnFailure } from "./question-command.ts";

const options = {
  question: { type: "string", short: "q" },
  json: { type: "boolean", default: false },
  index: { type: "string" },
  "index-url": { type: "string" },
  exclude: { type: "string", multiple: true },
  sessions: { type: "string" },
  ...modelOptions,
  ...embeddingOptions,
  ...rerankOptions,
  ...clusterFlags,
} as const;

const usage = "byzer ask PATH… --question Q";

/** `byzer ask PATH… --question Q`: an answer from files and folders, with the places that it rests on. */
export async function askCommand(args: readonly string[], streams: CommandStreams): Promise<void> {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const question = required(values.question, positionals);
  refuseNoUnicode(positionals);
  const paths = positionals.map(rootNamed);
  const shown = shownPaths(positionals, isFolder);
  const places = { shown, base: commonRoot(paths)[0] };
  const models = commandModels(values, streams);
  const reranker = commandReranker(values, models, process.env);
  const index = searchableIndex(values, streams);
  const opened = await new SessionStore(sessionsFolder(values.sessions)).create(question);
  const transcript = new AskTranscript(values.json ? () => undefined : streams.out, streams.err);
  const profiler = createTableProfiler({ worker: new URL("profile-worker.mjs", import.meta.url) });
  const session = new AnalysisSession({
    log: opened.log,
    models,
    python: commandPython({ path: undefined, mayInstall: false, streams }),
    profiler,
    approvals: commandApprovals(false, streams),
    retrieval: {
      index: indexWithout(index, excludeGlobs(values.exclude)),
      roots: () => commonRoot(paths),
      exclude: () => [],
      ...(reranker === undefined ? {} : { reranker }),
    },
    limits: () => ({ budget: defaultBudget, cellTimeLimitMs: 0, memoryLimitBytes: 0, reviewAll: false }),
    onEvent: (event) => transcript.read(event),
  });
  try {
    await untilInterrupted(async (signal) => {
      const embeds = (await useCommandEmbedder(index, values, streams, signal)) !== null;
      await addSources(session, paths, signal);
      reportUnreadable(session.state, streams);
      readInPart(session.state, places).forEach((sentence) => streams.err(`${sentence}\n`));
      const [common] = commonRoot(paths);
      const roots = common === undefined ? paths : [common];
      await Promise.all(embeds ? roots.map((root) => embedRoot(index, root, streams, signal)) : []);
    });
    const turn = await askUntilStopped(session, question, streams);
    streams.out(values.json ? jsonLine(askDocument(turn, session.state, places)) : citationList(turn, shown));
  } finally {
    await session.dispose();
    profiler.dispose();
    await Promise.all([opened.close(), index.dispose()]);
  }
}

/** Reads what is asked about; what was read is kept when it is stopped. */
async function addSources(session: AnalysisSession, paths: readonly string[], signal: AbortSignal): Promise<void> {
  const stop = () => session.state.sources.forEach(({ id }) => session.stopSource(id));
  signal.addEventListener("abort", stop, { once: true });
  await Promise.all(paths.map((path) => session.addSource({ kind: isFolder(path) ? "folder" : "file", path })));
  signal.throwIfAborted();
}

async function askUntilStopped(session: AnalysisSession, question: string, streams: CommandStreams): Promise<Turn> {
  const release = stopOnInterrupt(session, streams);
  try {
    const turn = await session.ask(question, { agent: retrievalAgent.name });
    if (turn.status !== "done") {
      throw turnFailure(turn);
    }

    return turn;
  } finally {
    release();
  }
}

function required(question: string | undefined, paths: readonly string[]): string {
  if (paths.length === 0) {
    throw new AgentError("cli.usage", { argument: "PATH" }, `Name at least one file or folder: ${usage}`);
  }

  if (question === undefined || question.trim() === "") {
    throw new AgentError("cli.usage", { argument: "--question" }, `Say what you want to know: ${usage}`);
  }

  return question;
}

function isFolder(path: string): boolean {
  return clusterPlace(path) !== null || statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/**
 * Several places are kept in one index: that of the innermost folder that holds them all. One place is its own, and so is
 * each on a cluster.
 */
function commonRoot(all: readonly string[]): readonly string[] {
  const [first, ...others] = all.filter((path) => clusterPlace(path) === null);
  if (first === undefined || others.length === 0) {
    return [];
  }

  let root = dirname(first);
  while (
    others.some((path) => !path.startsWith(root.endsWith(sep) ? root : `${root}${sep}`)) &&
    root !== dirname(root)
  ) {
    root = dirname(root);
  }

  return [root];
}

/** @throws CommandFailure where nothing of what is asked about can be read */
function reportUnreadable({ sources }: Session, streams: CommandStreams): void {
  const problems = sources.flatMap(({ state }) => (state?.status === "failed" ? [state.problem] : []));
  const [first] = problems;
  if (first !== undefined && problems.length === sources.length) {
    throw new CommandFailure(first);
  }

  problems.forEach(({ message }) => streams.err(`${message}\n`));
}
