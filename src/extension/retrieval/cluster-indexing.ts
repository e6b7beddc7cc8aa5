import { basename } from "node:path";
import { type LogOutputChannel, ProgressLocation, l10n, window } from "vscode";
import type { IndexCarrier } from "../../agents/ports/index-carrier.ts";
import type { IndexReport } from "../../agents/ports/passage-index.ts";
import type { IndexJobProgress } from "../../agents/protocol/index-job.ts";
import { readSetting } from "../platform/configuration.ts";
import { isInWorkspace } from "../platform/workspace-files.ts";
import type { ClusterDesk } from "../ray/cluster-desk.ts";
import type { IndexService } from "./index-service.ts";

export interface ClusterIndexingParts {
  readonly cluster: Pick<ClusterDesk, "connected" | "functions" | "state">;
  readonly service: Pick<IndexService, "carry">;
  readonly log: LogOutputChannel;
}

/** Seconds without a window and without work after which what directs the tasks ends. */
const idleS = 600;

/** Has the cluster of this workspace update a shared index. */
export class ClusterIndexing {
  readonly #parts: ClusterIndexingParts;

  constructor(parts: ClusterIndexingParts) {
    this.#parts = parts;
  }

  /** Whether the index of a root is shared, and a cluster named that could update it. */
  isFor(root: string): boolean {
    return readSetting("index.url").trim() !== "" && isInWorkspace(root) && this.#parts.cluster.state.status !== "none";
  }

  /**
   * Brings the index of a root up to date there; the person sees how far it is and may stop it.
   *
   * @throws AgentError `index.*`, `remote.*`
   */
  async index(root: string): Promise<void> {
    const title = l10n.t("Indexing {0} on the cluster", basename(root));
    const options = { location: ProgressLocation.Notification, title, cancellable: true };
    const report = await window.withProgress(options, async (shown, token) => {
      const stop = new AbortController();
      token.onCancellationRequested(() => stop.abort(new DOMException("Stopped by the person.", "AbortError")));
      const carrier = await this.#carrier((message) => shown.report({ message }));
      return await this.#parts.service.carry(root, { carrier, onNotice: (text) => this.#warn(text) }, stop.signal);
    });
    void window.showInformationMessage(reportText(root, report));
  }

  async #carrier(show: (message: string) => void): Promise<IndexCarrier> {
    const { cluster } = this.#parts;
    const { createIndexCarrier } = await cluster.functions();
    const carrier = createIndexCarrier({
      cluster: (signal) => cluster.connected(signal),
      parallel: 0,
      idleS,
      onWaiting: show,
    });
    return {
      carry: (order, signal) =>
        carrier.carry(
          {
            ...order,
            onProgress: (progress) => {
              show(progressText(progress));
              order.onProgress(progress);
            },
          },
          signal,
        ),
    };
  }

  #warn(text: string): void {
    this.#parts.log.warn(text);
    void window.showWarningMessage(text);
  }
}

function progressText({ phase, doneFiles, ofFiles, nodes }: IndexJobProgress): string {
  switch (phase) {
    case "waiting":
    case "planning":
      return l10n.t("Looking for what is new…");
    case "reading":
      return l10n.t("{0} of {1} files, on {2} machines", doneFiles, ofFiles ?? "?", Object.keys(nodes).length);
    case "embedding":
      return l10n.t("Embedding…");
    case "ending":
      return l10n.t("Ending…");
  }
}

function reportText(root: string, { files, passages, added, changed, removed }: IndexReport): string {
  return l10n.t(
    "The cluster has indexed {0}: {1} files, {2} passages; {3} added, {4} changed, {5} removed.",
    basename(root),
    files,
    passages,
    added,
    changed,
    removed,
  );
}
