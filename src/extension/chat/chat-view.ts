import { randomBytes } from "node:crypto";
import {
  type Disposable,
  EventEmitter,
  Uri,
  type Webview,
  type WebviewView,
  type WebviewViewProvider,
  commands,
  env,
  l10n,
  window,
} from "vscode";
import type { Push, RequestHandlers } from "../../agents/protocol/page.ts";
import { views } from "../manifest/view-ids.ts";
import { Disposables } from "../platform/disposables.ts";
import { problemOf } from "../../agents/ports/problem-of.ts";
import { answer } from "./bridge.ts";
import { pageHtml } from "./page-html.ts";

export interface ChatViewParts {
  readonly extensionUri: Uri;
  /** The folder under which sessions keep their pictures; the page may show files from there and nowhere else. */
  readonly sessionsFolder: Uri;
}

/** The chat page in the side bar. The editor drops the page when it is hidden and asks for it anew. */
export class ChatView implements WebviewViewProvider, Disposable {
  readonly #parts: ChatViewParts;
  readonly #owned = new Disposables();
  readonly #visibility = this.#owned.add(new EventEmitter<boolean>());
  #handlers: RequestHandlers | undefined;
  #view: WebviewView | undefined;
  #loaded = false;
  #waiting: Push[] = [];

  /** Fires when the page is shown (`true`) and when it is hidden or gone. */
  readonly onVisibility = this.#visibility.event;

  constructor(parts: ChatViewParts) {
    this.#parts = parts;
  }

  /** Says who answers the page. */
  handleWith(handlers: RequestHandlers): void {
    this.#handlers = handlers;
  }

  /** Registers the view with the editor. */
  register(): Disposable {
    return window.registerWebviewViewProvider(views.chat, this);
  }

  get visible(): boolean {
    return this.#view?.visible === true;
  }

  /** Opens the panel and puts the focus into it. */
  async reveal(): Promise<void> {
    await commands.executeCommand(`${views.chat}.focus`);
  }

  /** Opens the panel and leaves the focus where it is, where the panel has been open before. */
  async bringUp(): Promise<void> {
    if (this.#view === undefined) {
      await this.reveal();
    } else {
      this.#view.show(true);
    }
  }

  /** Tells the page something. What a page that has not loaded misses, it is told by the pushes that follow `page-ready`. */
  post(push: Push): void {
    if (this.#loaded) {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a webview of the editor takes none
      void this.#view?.webview.postMessage(push);
    } else if (push.kind === "compose" || push.kind === "view" || push.kind === "turn") {
      this.#waiting.push(push);
    }
  }

  /** To be called when the page has said that it is ready. @returns What it was to be told meanwhile. */
  pageLoaded(): readonly Push[] {
    this.#loaded = true;
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting;
  }

  /** The address under which the page finds the files of `folder`. */
  addressOf(folder: Uri): string {
    return this.#view?.webview.asWebviewUri(folder).toString() ?? "";
  }

  /** Marks the view's icon while code waits for a yes. */
  setWaiting(count: number): void {
    if (this.#view !== undefined) {
      this.#view.badge = count === 0 ? undefined : { value: count, tooltip: l10n.t("Code waits for your approval") };
    }
  }

  resolveWebviewView(view: WebviewView): void {
    this.#view = view;
    this.#loaded = false;
    const pageFolder = Uri.joinPath(this.#parts.extensionUri, "dist", "webview");
    view.webview.options = { enableScripts: true, localResourceRoots: [pageFolder, this.#parts.sessionsFolder] };
    view.webview.onDidReceiveMessage((frame: unknown) => this.#answer(view.webview, frame));
    view.onDidChangeVisibility(() => this.#visibilityChanged(view));
    view.onDidDispose(() => this.#gone(view));
    view.webview.html = shellOf(view.webview, pageFolder);
    this.#visibility.fire(true);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #answer(webview: Webview, frame: unknown): Promise<void> {
    const answered = this.#handlers && (await answer(frame, this.#handlers, problemOf));
    if (answered !== undefined) {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a webview of the editor takes none
      await webview.postMessage(answered);
    }
  }

  #visibilityChanged(view: WebviewView): void {
    if (!view.visible) {
      this.#loaded = false;
    }
    this.#visibility.fire(view.visible);
  }

  #gone(view: WebviewView): void {
    if (this.#view === view) {
      this.#view = undefined;
      this.#loaded = false;
      this.#visibility.fire(false);
    }
  }
}

function shellOf(webview: Webview, folder: Uri): string {
  return pageHtml({
    scriptUri: webview.asWebviewUri(Uri.joinPath(folder, "main.js")).toString(),
    styleUri: webview.asWebviewUri(Uri.joinPath(folder, "main.css")).toString(),
    cspSource: webview.cspSource,
    nonce: randomBytes(16).toString("hex"),
    locale: env.language,
  });
}
