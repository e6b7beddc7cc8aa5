import { createHash } from "node:crypto";
import { AgentError } from "../base/errors.ts";
import type { CarriedCorpus, CarryOrder, FileToCarry, IndexCarrier } from "../ports/index-carrier.ts";
import type { CarriedEmbedder, CarriedSecrets, IndexJobReport } from "../protocol/index-job.ts";
import type { Cluster } from "./cluster.ts";
import { isLoopback } from "./cluster-address.ts";
import { type IndexAttempt, runIndexJob } from "./index-job-run.ts";

export interface IndexCarrierParts {
  readonly cluster: (signal: AbortSignal) => Promise<Cluster>;
  /** Tasks at a time; 0: as many as the cluster has processors. */
  readonly parallel: number;
  /** Seconds without a window and without work after which what directs the tasks ends. */
  readonly idleS: number;
  /** Told why it has not begun yet. */
  readonly onWaiting: (reason: string) => void;
}

/** How often is begun again with what the cluster has lost. */
const mostAttempts = 5;

/** Has a cluster do updates of shared indexes. @param parts which, and how much of it */
export function createIndexCarrier(parts: IndexCarrierParts): IndexCarrier {
  return {
    carry: async (order, signal) => {
      const cluster = await parts.cluster(signal);
      refuseOwnServer(order.corpus, cluster);
      const { embedder, key } = await embedderFor(order, cluster);
      const { password, tlsKey } = order.corpus;
      const secrets: CarriedSecrets = { password, tlsKey, embeddingKey: key };
      const job = { cluster, parts, name: jobName(order.corpus), order, embedder, secrets };
      let attempt = await runIndexJob({ ...job, source: order.source }, signal);
      let report = attempt.report;
      for (let count = 1; attempt.isToRepeat && count < mostAttempts; count += 1) {
        // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
        attempt = await runIndexJob({ ...job, source: sourceAfter(order, attempt) }, signal);
        report = sumOf(report, attempt.report, order.source);
      }
      if (report === null || attempt.isToRepeat) {
        const reason = "what directs the tasks was lost again and again";
        throw new AgentError(
          "remote.gone",
          { name: job.name, why: "lost", reason },
          `The index was not finished on the cluster: ${reason}. What is written stays; index again to go on.`,
        );
      }
      return report;
    },
  };
}

/** What is left to do. */
function sourceAfter({ source }: CarryOrder, { written }: IndexAttempt): CarryOrder["source"] {
  if (source.kind === "cluster") {
    return source;
  }
  const files = source.files.filter(({ path }: FileToCarry) => !written.has(path));
  return { ...source, files };
}

/** What two attempts have done together. A file that the second found as it is was written by the first. */
function sumOf(
  before: IndexJobReport | null,
  after: IndexJobReport | null,
  source: CarryOrder["source"],
): IndexJobReport | null {
  const known = source.kind === "files" ? source.unchanged : 0;
  return before === null || after === null
    ? (after ?? before)
    : {
        ...after,
        added: before.added + after.added + after.unchanged - known,
        changed: before.changed + after.changed,
        unchanged: before.unchanged,
        removed: before.removed + after.removed,
        readBytes: before.readBytes + after.readBytes,
        durationMs: before.durationMs + after.durationMs,
      };
}

/** One for each index, whoever has it updated. */
function jobName({ corpus, database }: CarriedCorpus): string {
  const names = [database.host, String(database.port), database.database, corpus];
  return `index-${createHash("sha256").update(names.join("\n")).digest("hex").slice(0, 24)}`;
}

/** @throws AgentError `index.address` where the cluster would look for the server on itself */
function refuseOwnServer({ database }: CarriedCorpus, { address }: Cluster): void {
  if (isThisMachine(database.host) && !isLoopback(address.dashboard)) {
    const reason = `"${database.host}" is this machine to you, and another to the cluster.`;
    const message = `The address of the index: ${reason} Name the server as the cluster reaches it, too.`;
    throw new AgentError("index.address", { reason }, message);
  }
}

function isThisMachine(host: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|::1)$/iu.test(host);
}

/** The model as the cluster reaches it. One on this machine embeds from here, when the cluster has written. */
async function embedderFor(
  { embedder, onNotice }: CarryOrder,
  { address }: Cluster,
): Promise<{ readonly embedder: CarriedEmbedder | null; readonly key: string | null }> {
  if (embedder?.readKey === undefined) {
    return { embedder: null, key: null };
  }
  const { place: baseUrl, model, maxBatch, readKey } = embedder;
  if (URL.canParse(baseUrl) && isLoopback(baseUrl) && !isLoopback(address.dashboard)) {
    onNotice(`${model} runs on this machine, where the cluster does not reach it: passages are embedded from here.`);
    return { embedder: null, key: null };
  }
  return { embedder: { baseUrl, model, maxBatch }, key: await readKey() };
}
