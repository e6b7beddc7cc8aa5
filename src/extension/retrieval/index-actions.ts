import { basename } from "node:path";
import { type QuickPickItem, ProgressLocation, l10n, window } from "vscode";
import type { IndexStatus } from "../../agents/ports/passage-index.ts";
import { openSettings } from "../platform/open-settings.ts";
import { workspaceRoots } from "../platform/workspace-files.ts";
import type { ClusterIndexing } from "./cluster-indexing.ts";
import { describeStatus, troublesOf } from "./index-status-item.ts";
import type { IndexService } from "./index-service.ts";
import type { LeftOutList } from "./left-out-list.ts";

export interface IndexActionsParts {
  readonly service: IndexService;
  readonly leftOut: LeftOutList;
  readonly chooseEmbedding: () => Promise<void>;
  readonly cluster: ClusterIndexing;
}

interface RootStatus {
  readonly root: string;
  readonly status: IndexStatus;
}

interface Entry extends QuickPickItem {
  readonly run: () => Promise<unknown>;
}

/** What a person does with the index of a folder. */
export class IndexActions {
  readonly #parts: IndexActionsParts;

  constructor(parts: IndexActionsParts) {
    this.#parts = parts;
  }

  /** Shows the state of an index, with what can be done about it. */
  async manage(): Promise<void> {
    const found = await this.#pickRoot(l10n.t("Which index?"));
    if (found === undefined) {
      return;
    }
    const title = l10n.t("Index of {0}", basename(found.root));
    const picked = await window.showQuickPick(this.#entries(found), { title });
    await picked?.run();
  }

  async rebuild(): Promise<void> {
    const found = await this.#pickRoot(l10n.t("Which index to rebuild?"));
    if (found !== undefined) {
      await this.#rebuild(found.root);
    }
  }

  async delete(): Promise<void> {
    const found = await this.#pickRoot(l10n.t("Which index to delete?"));
    if (found !== undefined) {
      await this.#delete(found);
    }
  }

  #entries(found: RootStatus): readonly Entry[] {
    const { root, status } = found;
    const { service, leftOut, chooseEmbedding, cluster } = this.#parts;
    const isRunning = service.roots.some((other) => other.root === root && other.progress !== null);
    const asItIs = { label: `$(info) ${describeStatus(status)}`, detail: whenRead(status) };
    return [
      { ...asItIs, run: async () => undefined },
      ...troublesOf(null, status).map((trouble) => ({ label: `$(warning) ${trouble}`, run: chooseEmbedding })),
      ...(isRunning ? [{ label: `$(debug-stop) ${l10n.t("Stop reading")}`, run: async () => service.stop(root) }] : []),
      ...(status.leftOutFiles > 0
        ? [
            {
              label: `$(list-unordered) ${l10n.t("Show what is left out")}`,
              run: async () => leftOut.open(root, status),
            },
          ]
        : []),
      ...(cluster.isFor(root) && !isRunning
        ? [
            {
              label: `$(server) ${l10n.t("Index on the cluster")}`,
              detail: l10n.t("Its machines read, cut and embed what is new, and write it into the shared index."),
              run: async () => cluster.index(root),
            },
          ]
        : []),
      {
        label: `$(refresh) ${l10n.t("Rebuild")}`,
        detail: l10n.t("Reads every file again."),
        run: async () => this.#rebuild(root),
      },
      {
        label: `$(trash) ${l10n.t("Delete")}`,
        detail: l10n.t("The files stay; the index is made again when you ask about them."),
        run: async () => this.#delete(found),
      },
      {
        label: `$(sparkle) ${l10n.t("Choose embedding model")}`,
        ...(service.embedder === null ? {} : { description: service.embedder.model }),
        run: chooseEmbedding,
      },
      { label: `$(gear) ${l10n.t("Open settings")}`, run: async () => openSettings("index retrieval embedding") },
    ];
  }

  /** The index that there is, or the one that the person chooses; says so where there is none. */
  async #pickRoot(title: string): Promise<RootStatus | undefined> {
    const { service } = this.#parts;
    const roots = [...new Set([...service.roots.map(({ root }) => root), ...workspaceRoots()])];
    const states = await Promise.all(
      roots.map(async (root) =>
        service.status(root).then(
          (status) => ({ root, status }),
          (trouble: unknown) => ({ trouble }),
        ),
      ),
    );
    const inUse = new Set(service.roots.map(({ root }) => root));
    const kept = states
      .flatMap((state) => ("trouble" in state ? [] : [state]))
      .filter(({ root, status }) => inUse.has(root) || status.sizeBytes > 0);
    const failed = states.find((state) => "trouble" in state);
    if (kept.length === 0 && failed !== undefined) {
      throw failed.trouble;
    }
    if (kept.length === 0) {
      void window.showInformationMessage(
        l10n.t("There is no index yet: it is made when you ask about a file or a folder."),
      );
      return undefined;
    }
    if (kept.length === 1) {
      return kept[0];
    }
    const items = kept.map((state) => ({
      label: basename(state.root),
      description: describeStatus(state.status),
      detail: state.root,
      state,
    }));
    return (await window.showQuickPick(items, { title }))?.state;
  }

  async #rebuild(root: string): Promise<void> {
    const { service } = this.#parts;
    const title = l10n.t("Rebuilding the index of {0}", basename(root));
    await window.withProgress(
      { location: ProgressLocation.Notification, title, cancellable: true },
      async (_progress, token) => {
        const controller = new AbortController();
        token.onCancellationRequested(() => controller.abort(new DOMException("Stopped by the person.", "AbortError")));
        await service.rebuild(root, controller.signal);
      },
    );
  }

  /** The first button has the focus, so that is the one which does no harm. */
  async #delete({ root, status }: RootStatus): Promise<void> {
    const yes = l10n.t("Delete");
    const question = l10n.t("Delete the index of “{0}”?", basename(root));
    const detail = l10n.t(
      "{0}. The files stay; the index is made again when you ask about them.",
      describeStatus(status),
    );
    if ((await window.showWarningMessage(question, { modal: true, detail }, l10n.t("Keep"), yes)) === yes) {
      await this.#parts.service.remove(root);
    }
  }
}

function whenRead({ updatedMs }: IndexStatus): string {
  return updatedMs === null
    ? l10n.t("Holds only what was asked about.")
    : l10n.t("Read as a whole {0}", new Date(updatedMs).toLocaleString());
}
