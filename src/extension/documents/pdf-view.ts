import { randomBytes } from "node:crypto";
import { basename, dirname } from "node:path";
import {
  type Disposable,
  type LogOutputChannel,
  RelativePattern,
  Uri,
  type Webview,
  type WebviewPanel,
  commands,
  env,
  workspace,
} from "vscode";
import { type PdfPush, type PdfWords, pdfRequestSchema } from "../../agents/protocol/pdf-page.ts";
import { customEditors } from "../manifest/view-ids.ts";
import { Disposables } from "../platform/disposables.ts";
import { globOfName } from "../platform/glob.ts";
import { pdfHtml } from "./pdf-html.ts";

/** The files of pdf.js that a view may ask for: its thread, maps of characters, fonts of signs, decoders of pictures. */
const pdfFile = /^(?:pdf\.worker\.min\.mjs|cmaps\/[\w-]+\.bcmap|standard_fonts\/\w+\.pfb|wasm\/\w+\.(?:wasm|js))$/u;
/** A document that a program writes changes many times. */
const quietMs = 500;

/** One tab. */
interface OpenView {
  readonly uri: Uri;
  readonly panel: WebviewPanel;
  isReady: boolean;
  wanted: PdfWords | null;
}

export interface PdfViewParts {
  readonly extensionUri: Uri;
  readonly log: LogOutputChannel;
}

/** Shows PDF documents for reading, with the words marked that an answer cites. Other viewers stay what opens them elsewhere. */
export class PdfView implements Disposable {
  readonly #parts: PdfViewParts;
  readonly #owned = new Disposables();
  readonly #open = new Set<OpenView>();
  /** What is to be marked in a view that is being made, by address. */
  readonly #wanted = new Map<string, PdfWords>();

  constructor(parts: PdfViewParts) {
    this.#parts = parts;
  }

  /** Opens a document at a page, with words marked there. */
  async show(uri: Uri, words: PdfWords): Promise<void> {
    const open = [...this.#open].find((view) => view.uri.toString() === uri.toString());
    if (open === undefined) {
      this.#wanted.set(uri.toString(), words);
      await commands.executeCommand("vscode.openWith", uri, customEditors.pdf);
      return;
    }
    open.wanted = words;
    open.panel.reveal();
    if (open.isReady) {
      post(open, { kind: "show", show: words });
    }
  }

  /** Fills a tab that the editor has made for a document. */
  resolve(uri: Uri, panel: WebviewPanel): void {
    const view: OpenView = { uri, panel, isReady: false, wanted: this.#wanted.get(uri.toString()) ?? null };
    this.#wanted.delete(uri.toString());
    this.#open.add(view);
    const owned = new Disposables();
    owned.add(this.#watch(view));
    owned.add(panel.webview.onDidReceiveMessage((message: unknown) => void this.#answer(view, message)));
    panel.onDidDispose(() => {
      this.#open.delete(view);
      owned.dispose();
    });
    const folder = Uri.joinPath(this.#parts.extensionUri, "dist", "webview");
    panel.webview.options = { enableScripts: true, localResourceRoots: [folder] };
    panel.webview.html = shellOf(panel.webview, folder);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #answer(view: OpenView, message: unknown): Promise<void> {
    const { data: request } = pdfRequestSchema.safeParse(message);
    if (request?.kind === "ready") {
      view.isReady = true;
      await this.#send(view);
    } else if (request?.kind === "file-wanted") {
      post(view, { kind: "file", id: request.id, data: await this.#file(request.name) });
    } else if (request?.kind === "shown") {
      view.wanted = null;
    } else if (request?.kind === "failed") {
      this.#parts.log.warn(`${basename(view.uri.path)} could not be shown: ${request.message}`);
    }
  }

  async #send(view: OpenView): Promise<void> {
    try {
      const data = plainBytes(await workspace.fs.readFile(view.uri));
      post(view, { kind: "document", locale: env.language, data, show: view.wanted });
    } catch (error) {
      this.#parts.log.warn(`${basename(view.uri.path)} could not be read`, error);
    }
  }

  async #file(name: string): Promise<Uint8Array<ArrayBuffer> | null> {
    if (!pdfFile.test(name)) {
      return null;
    }
    const folder = name.startsWith("cmaps/") ? [] : ["pdf"];
    const uri = Uri.joinPath(this.#parts.extensionUri, "dist", ...folder, ...name.split("/"));
    return workspace.fs.readFile(uri).then(plainBytes, () => null);
  }

  /** A document that was written anew is shown anew. */
  #watch(view: OpenView): Disposable {
    const owned = new Disposables();
    const pattern = new RelativePattern(Uri.file(dirname(view.uri.fsPath)), globOfName(basename(view.uri.fsPath)));
    const watcher = owned.add(workspace.createFileSystemWatcher(pattern, false, false, true));
    let timer: NodeJS.Timeout | undefined;
    const changed = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => view.isReady && void this.#send(view), quietMs);
    };
    owned.add(watcher.onDidChange(changed));
    owned.add(watcher.onDidCreate(changed));
    owned.add({ dispose: () => clearTimeout(timer) });
    return owned;
  }
}

function post({ panel }: OpenView, push: PdfPush): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a webview of the editor takes none
  void panel.webview.postMessage(push);
}

/** A copy in a buffer of its own: the view is told no more than these bytes. */
function plainBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes);
}

function shellOf(webview: Webview, folder: Uri): string {
  return pdfHtml({
    scriptUri: webview.asWebviewUri(Uri.joinPath(folder, "pdf.js")).toString(),
    styleUri: webview.asWebviewUri(Uri.joinPath(folder, "pdf.css")).toString(),
    cspSource: webview.cspSource,
    nonce: randomBytes(16).toString("hex"),
    locale: env.language,
  });
}
