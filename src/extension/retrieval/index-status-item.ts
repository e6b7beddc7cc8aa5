import { basename } from "node:path";
import {
  type Disposable,
  MarkdownString,
  StatusBarAlignment,
  type StatusBarItem,
  ThemeColor,
  l10n,
  window,
} from "vscode";
import { messageOf } from "../../agents/base/errors.ts";
import type { IndexStatus } from "../../agents/ports/passage-index.ts";
import type { CommandId } from "../manifest/commands.ts";
import { Disposables } from "../platform/disposables.ts";
import { formatBytes, formatCount } from "../platform/format.ts";
import type { IndexService, RootInUse } from "./index-service.ts";

/** States are read from the index, so many changes at once cost one reading. */
const readEveryMs = 400;
const manage: CommandId = "byzer.manageIndex";

interface RootState extends RootInUse {
  /** `null` where it cannot be read. */
  readonly status: IndexStatus | null;
}

/** The index in the status bar: how many files, how far, what is wrong. Not there before something is asked about. */
export class IndexStatusItem implements Disposable {
  readonly #service: IndexService;
  readonly #owned = new Disposables();
  #item: StatusBarItem | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(service: IndexService) {
    this.#service = service;
    this.#owned.add(service.onChange(() => this.#soon()));
    this.#owned.add({ dispose: () => clearTimeout(this.#timer) });
  }

  dispose(): void {
    this.#owned.dispose();
  }

  /** A spinner comes at once, figures a little later. */
  #soon(): void {
    const { roots } = this.#service;
    this.#item ??= roots.length > 0 ? this.#create() : undefined;
    const running = roots.find(({ progress }) => progress !== null)?.progress ?? null;
    if (running !== null && this.#item !== undefined) {
      this.#item.text = textOf(running);
    }
    this.#timer ??= setTimeout(() => void this.#read(), readEveryMs);
  }

  #create(): StatusBarItem {
    const item = this.#owned.add(window.createStatusBarItem("byzer.index", StatusBarAlignment.Right, 50));
    item.name = l10n.t("Byzer Agent: Index");
    item.command = manage;
    item.text = "$(book)";
    item.show();
    return item;
  }

  async #read(): Promise<void> {
    const { roots } = this.#service;
    const states = await Promise.all(
      roots.map(async (root): Promise<RootState> => {
        const status = await this.#service.status(root.root).catch(() => null);
        return { ...root, status };
      }),
    );
    this.#timer = undefined;
    if (this.#item === undefined) {
      return;
    }
    if (states.length === 0) {
      this.#item.hide();
      return;
    }
    show(this.#item, states);
    const isFilling = this.#service.embedder !== null && states.some(({ status }) => lacksEmbeddings(status));
    if (isFilling && this.#timer === undefined) {
      this.#timer = setTimeout(() => void this.#read(), readEveryMs * 5);
    }
  }
}

function show(item: StatusBarItem, states: readonly RootState[]): void {
  const running = states.find(({ progress }) => progress !== null)?.progress ?? null;
  const problem = states.find((state) => state.problem !== null);
  const files = states.reduce((sum, { status }) => sum + (status?.files ?? 0), 0);
  const embedding = states.map(({ status }) => status).find((status) => status !== null && isEmbedding(status)) ?? null;
  const counted = sayFiles(files);
  const quiet = embedding === null ? `$(book) ${counted}` : `$(sync~spin) ${counted} · ${shareOf(embedding)}`;
  item.text = running !== null ? textOf(running) : problem !== undefined ? `$(warning) ${l10n.t("Index")}` : quiet;
  item.backgroundColor =
    problem === undefined || running !== null ? undefined : new ThemeColor("statusBarItem.warningBackground");
  item.tooltip = tooltipOf(states);
  item.accessibilityInformation = { label: l10n.t("Index of Byzer Agent: {0}", counted), role: "button" };
  item.show();
}

function textOf({ doneFiles, ofFiles }: NonNullable<RootInUse["progress"]>): string {
  const text =
    ofFiles === null
      ? l10n.t("Listing files")
      : l10n.t("Indexing {0} of {1}", formatCount(doneFiles), formatCount(ofFiles));
  return `$(sync~spin) ${text}`;
}

function lacksEmbeddings(status: IndexStatus | null): boolean {
  return status !== null && status.embedded < status.passages;
}

/** Embeddings are being filled in: some are there, and not all, and nothing keeps the rest. */
function isEmbedding(status: IndexStatus | null): boolean {
  return status !== null && status.embedded > 0 && lacksEmbeddings(status) && status.embeddingProblem === undefined;
}

function shareOf({ embedded, passages }: IndexStatus): string {
  return l10n.t("{0}% embedded", passages === 0 ? 0 : Math.floor((embedded / passages) * 100));
}

function tooltipOf(states: readonly RootState[]): MarkdownString {
  const text = new MarkdownString(undefined, false);
  text.appendMarkdown(`**${l10n.t("Index of Byzer Agent")}**\n\n`);
  for (const { root, status, problem } of states) {
    text.appendText(`${basename(root)}: ${describeStatus(status)}`);
    text.appendMarkdown("\n\n");
    const troubles = [problem === null ? [] : messageOf(problem), status?.embeddingProblem?.message ?? []].flat();
    for (const trouble of troubles) {
      text.appendText(trouble);
      text.appendMarkdown("\n\n");
    }
  }
  return text;
}

/** An index in words: files, passages, size, what is left out, what has an embedding. */
export function describeStatus(status: IndexStatus | null): string {
  if (status === null) {
    return l10n.t("its state cannot be read");
  }
  return [
    sayFiles(status.files),
    sayPassages(status.passages),
    formatBytes(status.sizeBytes),
    ...(status.leftOutFiles > 0 ? [l10n.t("{0} left out", formatCount(status.leftOutFiles))] : []),
    ...(status.embedded > 0 ? [shareOf(status)] : []),
  ].join(" · ");
}

function sayFiles(count: number): string {
  return count === 1 ? l10n.t("1 file") : l10n.t("{0} files", formatCount(count));
}

function sayPassages(count: number): string {
  return count === 1 ? l10n.t("1 passage") : l10n.t("{0} passages", formatCount(count));
}
