import {
  type EventEmitter,
  type FileChangeEvent,
  FileChangeType,
  type FileStat,
  FileSystemError,
  FileType,
  Uri,
  l10n,
  window,
} from "vscode";
import type { AgentDirectory } from "../../agents/directory/agent-directory.ts";
import { editedSystemMessage } from "../../agents/protocol/agent-notes.ts";
import { messageScheme } from "../manifest/view-ids.ts";
import type { OpenSession } from "../sessions/open-session.ts";
import type { SessionDesk } from "../sessions/session-desk.ts";
import { listAgents } from "./agent-list.ts";

export interface MessageFilesParts {
  readonly desk: SessionDesk;
  readonly directory: AgentDirectory;
  /** Looks for agents where nobody has yet. */
  readonly openDirectory: () => Promise<unknown>;
}

/** Where the system message of an agent in a session is edited. */
export function messageUri(sessionId: string, agent: string): Uri {
  return Uri.from({ scheme: messageScheme, path: `/${sessionId}/${agent}.md` });
}

/** The system message that an agent has by itself; `undefined` where nobody bears the name. */
export function ownSystemMessage(directory: AgentDirectory, agent: string): string | undefined {
  const bearer = listAgents(directory).find(
    ({ entry, overshadowedBy }) => entry.definition.name === agent && overshadowedBy === null,
  );
  return bearer?.entry.definition.systemMessage;
}

/** Says from when on an edit is in force. */
export function sayEdited(agent: string): void {
  window.setStatusBarMessage(l10n.t("{0} has another system message from the next question on.", agent), 5000);
}

/** The system messages of a session's agents as files: what is saved is in force from the next question on. */
export class MessageFiles {
  readonly #parts: MessageFilesParts;

  constructor(parts: MessageFilesParts) {
    this.#parts = parts;
  }

  async stat(uri: Uri): Promise<FileStat> {
    const { session } = await this.#find(uri);
    const size = (await this.readFile(uri)).byteLength;
    // Of an agent's message there is no date, only that it has changed.
    return { type: FileType.File, ctime: 0, mtime: session.state.agentEdits.length, size };
  }

  async readFile(uri: Uri): Promise<Uint8Array> {
    const { session, agent, own } = await this.#find(uri);
    return Buffer.from(editedSystemMessage(session.state, agent) ?? own);
  }

  /** What is its own again is no change. */
  async writeFile(uri: Uri, content: Uint8Array): Promise<void> {
    const { session, agent, own } = await this.#find(uri);
    const text = Buffer.from(content).toString("utf8");
    if (text !== (editedSystemMessage(session.state, agent) ?? own)) {
      session.analysis.editAgent(agent, text === own ? null : text);
      sayEdited(agent);
    }
  }

  /** @throws FileSystemError where the session is not open here, or nobody bears the name. */
  async #find(uri: Uri): Promise<{ readonly session: OpenSession; readonly agent: string; readonly own: string }> {
    const { desk, directory, openDirectory } = this.#parts;
    await Promise.all([desk.resume(), openDirectory()]);
    const [, sessionId = "", agent = ""] = /^\/([^/]+)\/(.+)\.md$/u.exec(uri.path) ?? [];
    const session = desk.ready.find(({ id }) => id === sessionId);
    const own = ownSystemMessage(directory, agent);
    if (session === undefined || own === undefined) {
      throw FileSystemError.FileNotFound(uri);
    }
    return { session, agent, own };
  }
}

/** Tells the editor when a message has been changed elsewhere. */
export function followMessages(desk: SessionDesk, changes: EventEmitter<FileChangeEvent[]>) {
  return desk.onEvent(({ session, event }) => {
    if (event.type === "agent-edit") {
      changes.fire([{ type: FileChangeType.Changed, uri: messageUri(session.id, event.agent) }]);
    }
  });
}
