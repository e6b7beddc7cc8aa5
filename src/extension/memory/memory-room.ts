import { access } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { ConfigurationTarget, type Disposable, EventEmitter, type LogOutputChannel, Uri, workspace } from "vscode";
import type { ConversationMemory } from "../../agents/memory/conversation-memory.ts";
import type { Embedder } from "../../agents/ports/embedder.ts";
import type { FoundTurn } from "../../agents/protocol/page.ts";
import { type Agents, loadAgents } from "../platform/agents.ts";
import { onSettingsChange, readSetting } from "../platform/configuration.ts";
import { Disposables } from "../platform/disposables.ts";
import { type IdleIndex, createIdleIndex } from "./idle-index.ts";

/** A turn is read into memory when nothing was asked for so long. */
const quietMs = 3_000;

export interface MemoryRoomParts {
  readonly extensionUri: Uri;
  /** Where the conversations of this workspace are remembered. */
  readonly folder: Uri;
  readonly sessions: Uri;
  readonly findEmbedder: (signal: AbortSignal) => Promise<Embedder | null>;
  readonly log: LogOutputChannel;
}

/**
 * The memory of this workspace's conversations. Nothing of it is opened before the first turn has ended, or somebody asks
 * for earlier conversations.
 */
export class MemoryRoom implements Disposable {
  readonly #parts: MemoryRoomParts;
  readonly #owned = new Disposables();
  readonly #changes = this.#owned.add(new EventEmitter<void>());
  readonly #closing = new AbortController();
  #memory: ConversationMemory | undefined;
  #index: IdleIndex | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** Fires when memory was switched on or off. */
  readonly onChange = this.#changes.event;

  constructor(parts: MemoryRoomParts) {
    this.#parts = parts;
    this.#owned.add(onSettingsChange(["memory.enabled"], () => this.#changes.fire()));
    this.#owned.add(workspace.onDidGrantWorkspaceTrust(() => this.#changes.fire()));
  }

  /** Whether conversations are remembered. In a workspace that is not trusted none is. */
  get isOn(): boolean {
    return workspace.isTrusted && readSetting("memory.enabled");
  }

  /** Switches memory on or off where the person has said so before: for this workspace, or else for all. */
  async setOn(on: boolean): Promise<void> {
    const configuration = workspace.getConfiguration("byzer");
    const isOwn = configuration.inspect<boolean>("memory.enabled")?.workspaceValue !== undefined;
    const target = isOwn ? ConfigurationTarget.Workspace : ConfigurationTarget.Global;
    await configuration.update("memory.enabled", on, target);
  }

  /** What sessions answer from. */
  of({ ConversationMemory, openPassageIndex, readInThread }: Agents): ConversationMemory {
    if (this.#memory === undefined) {
      const { extensionUri, folder, sessions, findEmbedder, log } = this.#parts;
      const program = pathToFileURL(Uri.joinPath(extensionUri, "dist", "memory-worker.mjs").fsPath);
      this.#index = createIdleIndex({
        open: () => openPassageIndex({ folder: Uri.joinPath(folder, "index").fsPath }),
        findEmbedder,
        onTrouble: (error) => log.error(error instanceof Error ? error : String(error)),
      });
      this.#memory = new ConversationMemory({
        folder: folder.fsPath,
        sessions: sessions.fsPath,
        isOn: () => this.isOn,
        index: this.#index,
        read: (reading) => readInThread(program, reading),
      });
    }
    return this.#memory;
  }

  /** Reads a session into memory when the person has paused. What fails is tried again with the next turn. */
  note(sessionId: string): void {
    if (!this.isOn) {
      return;
    }
    const noted = loadAgents().then((agents) => this.of(agents).note(sessionId));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void noted.then(() => this.#catchUp()), quietMs);
  }

  /** Questions of earlier conversations that fit, the best first; none while memory is off. @throws AgentError `index.*` */
  async search(text: string): Promise<readonly FoundTurn[]> {
    return this.isOn ? await this.of(await loadAgents()).find(text, this.#closing.signal) : [];
  }

  /** Forgets what is not to be remembered any more of a session. @throws AgentError `index.*` */
  async forget(sessionId: string): Promise<void> {
    const { folder } = this.#parts;
    const places = ["turns", "seen"].map((part) =>
      Uri.joinPath(folder, part, part === "seen" ? `${sessionId}.json` : sessionId),
    );
    const isKnown = await Promise.any(places.map(async ({ fsPath }) => await access(fsPath))).then(
      () => true,
      () => false,
    );
    if (isKnown) {
      await this.of(await loadAgents()).forget(sessionId);
    }
  }

  /** Forgets everything. @throws AgentError `index.*` */
  async forgetAll(): Promise<void> {
    await this.of(await loadAgents()).forgetAll();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#closing.abort();
    void this.#index?.dispose();
    this.#owned.dispose();
  }

  async #catchUp(): Promise<void> {
    try {
      await this.#memory?.ready(this.#closing.signal);
    } catch (error) {
      if (!this.#closing.signal.aborted) {
        this.#parts.log.error("A conversation could not be remembered", error);
      }
    }
  }
}
