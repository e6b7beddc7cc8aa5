import { parseArgs } from "node:util";
import { AgentError } from "../base/errors.ts";
import type { IndexReport } from "../ports/passage-index.ts";
import { leftOutText } from "../protocol/words/left-out-text.ts";
import { embeddingFailure, embeddingOptions, embedRoot, useCommandEmbedder } from "./command-embedder.ts";
import type { CommandStreams } from "./command-streams.ts";
import { clusterFlags } from "./cluster-flags.ts";
import { rootNamed, updatableIndex } from "./command-index.ts";
import { excludeGlobs, refuseNoUnicode } from "./command-scope.ts";
import { untilInterrupted } from "./interruption.ts";
import { jsonLine } from "./json-line.ts";

const options = {
  index: { type: "string" },
  "index-url": { type: "string" },
  exclude: { type: "string", multiple: true },
  rebuild: { type: "boolean", default: false },
  "base-url": { type: "string" },
  "api-key-env": { type: "string" },
  ...embeddingOptions,
  ...clusterFlags,
  json: { type: "boolean", default: false },
} as const;

/** The first files that are left out are named to a person; all of them by `--json`. */
const shownLeftOut = 20;

/** What an update found, for a person. */
function describeReport(report: IndexReport): string {
  const { files, passages, added, changed, removed, unchanged, leftOut, leftOutFiles } = report;
  const megabytes = (report.sizeBytes / 1024 / 1024).toFixed(1);
  const lines = [
    `${report.root}: ${files} files, ${passages} passages`,
    `${added} added, ${changed} changed, ${removed} removed, ${unchanged} as they were, in ${report.durationMs} ms`,
    `${megabytes} MB at ${report.database}`,
    ...(report.tooManyFiles ? ["There are more files than an index holds: those deepest down are not in it."] : []),
    ...(leftOutFiles === 0 ? [] : [`${leftOutFiles} files left out, whole or in part:`]),
    ...leftOut.slice(0, shownLeftOut).map(({ path, reason }) => `  ${path}: ${leftOutText(reason, "en")}`),
    ...(leftOutFiles > shownLeftOut ? [`  … and ${leftOutFiles - shownLeftOut} more`] : []),
  ];
  return `${lines.join("\n")}\n`;
}

/** `byzer index PATH`: reads what has changed in a folder or a file since the last time. */
export async function indexCommand(args: readonly string[], streams: CommandStreams): Promise<void> {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) {
    throw new AgentError("cli.usage", { argument: "PATH" }, "Name one folder or file: byzer index PATH [--json]");
  }

  refuseNoUnicode([path]);
  const root = rootNamed(path);
  const index = updatableIndex(values, streams);
  try {
    if (values.rebuild) {
      await index.remove(root);
    }
    await untilInterrupted(
      async (signal) => {
        const model = await useCommandEmbedder(index, values, streams, signal);
        const request = { root, exclude: excludeGlobs(values.exclude), onProgress: progressTo(streams) };
        const report = await index.update(request, signal);
        const outcome = model === null ? null : await embedRoot(index, root, streams, signal);
        const embedding = outcome === null ? {} : { embedding: { model, ...outcome } };
        streams.out(values.json ? jsonLine({ ...report, ...embedding }) : describeReport(report));
        if (outcome !== null) {
          streams.out(values.json ? "" : `${outcome.embedded} of ${outcome.passages} passages embedded by ${model}\n`);
          const failure = embeddingFailure(outcome);
          if (failure !== null) {
            throw failure;
          }
        }
      },
      () => streams.err("\nStopping: what was read is written to the index.\n"),
    );
  } finally {
    await index.dispose();
  }
}

const progressEveryMs = 2000;

/** Says on standard error how far a long update has come. */
function progressTo(streams: CommandStreams): (progress: { doneFiles: number; ofFiles: number | null }) => void {
  let lastMs = performance.now();
  return ({ doneFiles, ofFiles }) => {
    if (performance.now() - lastMs > progressEveryMs) {
      lastMs = performance.now();
      streams.err(`${doneFiles} of ${ofFiles ?? "?"} files read\n`);
    }
  };
}
