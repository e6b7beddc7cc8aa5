import { basename } from "node:path";
import {
  type Disposable,
  MarkdownString,
  StatusBarAlignment,
  type StatusBarItem,
  ThemeColor,
  env,
  l10n,
  window,
} from "vscode";
import { problemText } from "../../agents/protocol/words/problem-text.ts";
import type { IndexStatus } from "../../agents/ports/passage-index.ts";
import type { CommandId } from "../manifest/commands.ts";
import { Disposables } from "../platform/disposables.ts";
import { formatBytes, formatCount } from "../platform/format.ts";
import { sentenceOf } from "../platform/problems.ts";
import type { IndexService, RootInUse } from "./index-service.ts";

/** States are read from the index, so many changes at once cost one reading. */
const readEveryMs = 400;
const manage: CommandId = "byzer.manageIndex";

/** What is shown of the indexes. */
type ShownService = Pick<IndexService, "roots" | "embedder" | "onChange" | "status">;

interface RootState extends RootInUse {
  /** `null` where it cannot be read. */
  readonly status: IndexStatus | null;
}

/** The index in the status bar: how many files, how far, what is wrong. Not there before something is asked about. */
export class IndexStatusItem implements Disposable {
  readonly #service: ShownService;
  readonly #owned = new Disposables();
  #item: StatusBarItem | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isReading = false;
  /** Something has changed since the reading that goes on began. */
  #isStale = false;
  #isDisposed = false;

  constructor(service: ShownService) {
    this.#service = service;
    this.#owned.add(service.onChange(() => this.#soon()));
    this.#owned.add({ dispose: () => clearTimeout(this.#timer) });
  }

  dispose(): void {
    this.#isDisposed = true;
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
    this.#later(readEveryMs);
  }

  /** One reading at a time: one that is wanted while another goes on follows it. */
  #later(delayMs: number): void {
    this.#isStale ||= this.#isReading;
    if (!this.#isReading && !this.#isDisposed) {
      this.#timer ??= setTimeout(() => void this.#read(), delayMs);
    }
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
    this.#timer = undefined;
    this.#isReading = true;
    this.#isStale = false;
    const read = new Map(await Promise.all(this.#service.roots.map(({ root }) => this.#readRoot(root))));
    this.#isReading = false;
    // How far an update is may have changed while its index was read.
    const states = this.#service.roots.map((root): RootState => {
      const { status = null, trouble = null } = read.get(root.root) ?? {};
      return { ...root, status, problem: root.problem ?? trouble };
    });
    if (this.#item !== undefined) {
      this.#show(this.#item, states);
    }
    const isFilling = this.#service.embedder !== null && states.some(({ status }) => lacksEmbeddings(status));
    if (this.#isStale || isFilling) {
      this.#later(this.#isStale ? readEveryMs : readEveryMs * 5);
    }
  }

  async #readRoot(
    root: string,
  ): Promise<readonly [string, { readonly status?: IndexStatus; readonly trouble?: unknown }]> {
    try {
      return [root, { status: await this.#service.status(root) }];
    } catch (error) {
      return [root, { trouble: error }];
    }
  }

  #show(item: StatusBarItem, states: readonly RootState[]): void {
    if (states.length === 0) {
      item.hide();
    } else {
      show(item, states);
    }
  }
}

function show(item: StatusBarItem, states: readonly RootState[]): void {
  const running = states.find(({ progress }) => progress !== null)?.progress ?? null;
  const problem = states.find((state) => state.problem !== null);
  const files = states.reduce((sum, { status }) => sum + (status?.files ?? 0), 0);
  const embedding = states.map(({ status }) => status).find((status) => status !== null && isEmbedding(status)) ?? null;
  const counted = sayFiles(files);
  const isWordsOnly = states.some(({ status }) => status?.embeddingProblem !== undefined);
  const icon = isWordsOnly ? "$(warning)" : embedding === null ? "$(book)" : "$(sync~spin)";
  const quiet = `${icon} ${counted}${embedding === null ? "" : ` · ${shareOf(embedding)}`}`;
  item.text = running !== null ? textOf(running) : problem !== undefined ? `$(warning) ${l10n.t("Index")}` : quiet;
  item.backgroundColor =
    problem === undefined || running !== null ? undefined : new ThemeColor("statusBarItem.warningBackground");
  item.tooltip = tooltipOf(states);
  const troubles = states.flatMap((state) => troublesOf(state.problem, state.status));
  const label = [l10n.t("Index of Byzer Agent: {0}", counted), ...troubles].join(". ");
  item.accessibilityInformation = { label, role: "button" };
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
    for (const trouble of troublesOf(problem, status)) {
      text.appendText(trouble);
      text.appendMarkdown("\n\n");
    }
  }
  return text;
}

/** What is wrong with an index, in the language of the editor. */
export function troublesOf(problem: unknown, status: IndexStatus | null): readonly string[] {
  const embedding = status?.embeddingProblem;
  return [
    ...(problem === null ? [] : [sentenceOf(problem)]),
    ...(embedding === undefined
      ? []
      : [l10n.t("No embeddings, so searching goes by words: {0}", problemText(embedding, env.language))]),
  ];
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
