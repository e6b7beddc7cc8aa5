import { randomBytes } from "node:crypto";
import {
  type Disposable,
  type LogOutputChannel,
  Uri,
  ViewColumn,
  type WebviewPanel,
  commands,
  env,
  l10n,
  window,
} from "vscode";
import { type AgentsPush, type AgentsRequest, agentsRequestSchema } from "../../agents/protocol/agents-page.ts";
import { type ModelPrices, modelPricesSchema } from "../../agents/protocol/model-costs.ts";
import type { ChatView } from "../chat/chat-view.ts";
import { EventBatch } from "../chat/event-batch.ts";
import type { DeclaredRoom } from "../declared/declared-room.ts";
import type { CommandId } from "../manifest/commands.ts";
import { panels } from "../manifest/view-ids.ts";
import { onSettingsChange, readSetting } from "../platform/configuration.ts";
import { Disposables } from "../platform/disposables.ts";
import { openSettings } from "../platform/open-settings.ts";
import type { Problems } from "../platform/problems.ts";
import type { SessionActions } from "../sessions/session-actions.ts";
import type { SessionDesk } from "../sessions/session-desk.ts";
import { listAgents } from "./agent-list.ts";
import { agentsHtml } from "./agents-html.ts";

const noteCommands: { readonly [kind in "edit" | "restore" | "forget"]: CommandId } = {
  edit: "byzer.editSystemMessage",
  restore: "byzer.restoreSystemMessage",
  forget: "byzer.forgetAgent",
};

export interface SessionAgentsParts {
  readonly extensionUri: Uri;
  readonly log: LogOutputChannel;
  readonly desk: SessionDesk;
  readonly actions: SessionActions;
  readonly chat: ChatView;
  readonly problems: Problems;
  readonly declared: DeclaredRoom;
}

/** The tab with the agents of the session that is shown. The editor drops its page when it is hidden. */
export class SessionAgentsPanel implements Disposable {
  readonly #parts: SessionAgentsParts;
  readonly #owned = new Disposables();
  readonly #batch: EventBatch;
  #panel: WebviewPanel | undefined;
  #isReady = false;

  constructor(parts: SessionAgentsParts) {
    this.#parts = parts;
    const { desk } = parts;
    this.#batch = new EventBatch((events) => this.#post({ kind: "events", events: [...events] }));
    this.#owned.add(desk.onShow(() => this.#postSession()));
    this.#owned.add(
      desk.onEvent(({ session, event }) => this.#isReady && session === desk.shown && this.#batch.add(event)),
    );
    this.#owned.add(onSettingsChange(["models.prices"], () => this.#post({ kind: "prices", prices: readPrices() })));
    this.#owned.add({ dispose: () => this.#batch.clear() });
    this.#owned.add({ dispose: parts.declared.directory.onChange(() => this.#postAgents()) });
  }

  /** Opens the tab, or goes to it. */
  show(): void {
    if (this.#panel === undefined) {
      const title = l10n.t("Agents of This Session");
      this.fill(window.createWebviewPanel(panels.sessionAgents, title, ViewColumn.Active));
    } else {
      this.#panel.reveal();
    }
  }

  /** Fills a tab that was made for it, also one that the editor brought back. */
  fill(panel: WebviewPanel): void {
    this.#panel?.dispose();
    this.#panel = panel;
    this.#isReady = false;
    const folder = Uri.joinPath(this.#parts.extensionUri, "dist", "webview");
    panel.webview.options = { enableScripts: true, localResourceRoots: [folder] };
    panel.webview.onDidReceiveMessage((message: unknown) => this.#hear(message));
    panel.onDidChangeViewState(() => {
      this.#isReady &&= panel.visible;
    });
    panel.onDidDispose(() => this.#gone(panel));
    panel.webview.html = agentsHtml({
      scriptUri: panel.webview.asWebviewUri(Uri.joinPath(folder, "agents.js")).toString(),
      styleUri: panel.webview.asWebviewUri(Uri.joinPath(folder, "agents.css")).toString(),
      cspSource: panel.webview.cspSource,
      nonce: randomBytes(16).toString("hex"),
      locale: env.language,
    });
  }

  dispose(): void {
    this.#owned.dispose();
    this.#panel?.dispose();
  }

  #hear(message: unknown): void {
    const request = agentsRequestSchema.safeParse(message);
    if (request.success) {
      this.#answer(request.data).catch(this.#parts.problems.show);
    }
  }

  async #answer(request: AgentsRequest): Promise<void> {
    switch (request.kind) {
      case "ready":
        this.#isReady = true;
        this.#postSession();
        this.#postAgents();
        return;
      case "failed":
        this.#parts.log.error(`The page of the session's agents failed: ${request.message}`);
        return;
      case "set-prices":
        await openSettings("byzer.models.prices");
        return;
      case "replay": {
        const { kind: _kind, ...order } = request;
        const { actions, chat, problems } = this.#parts;
        actions.replay(order).catch(problems.show);
        // What it asks for on the way is asked there.
        await chat.bringUp();
        return;
      }
      default:
        await commands.executeCommand(noteCommands[request.kind], request.agent);
    }
  }

  #postSession(): void {
    this.#batch.clear();
    const events = [...(this.#parts.desk.shown?.events ?? [])];
    this.#post({ kind: "session", prices: readPrices(), events });
  }

  #postAgents(): void {
    const agents = listAgents(this.#parts.declared.directory)
      .filter(({ overshadowedBy }) => overshadowedBy === null)
      .map(({ entry, actions }) => {
        return { name: entry.definition.name, edit: actions.includes("edit"), forget: actions.includes("forget") };
      });
    this.#post({ kind: "agents", agents });
  }

  #post(push: AgentsPush): void {
    if (this.#isReady) {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a webview of the editor takes none
      void this.#panel?.webview.postMessage(push);
    }
  }

  #gone(panel: WebviewPanel): void {
    if (this.#panel === panel) {
      this.#panel = undefined;
      this.#isReady = false;
    }
  }
}

/** A price that cannot be read is none. */
function readPrices(): ModelPrices {
  const read = modelPricesSchema.safeParse(readSetting("models.prices"));
  return read.success ? read.data : {};
}
