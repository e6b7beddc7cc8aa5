import { join } from "node:path";
import { type Disposable, EventEmitter } from "vscode";
import type { AnalysisSession } from "../../agents/sessions/analysis-session.ts";
import type { SessionLog } from "../../agents/sessions/session-log.ts";
import { isNamedByPerson } from "../../agents/sessions/session-title.ts";
import type { OpenSession as OpenedLog } from "../../agents/sessions/session-store.ts";
import type { TableOutput } from "../../agents/protocol/cell-output.ts";
import type { SessionEvent } from "../../agents/protocol/session-event.ts";
import type { Session, Turn } from "../../agents/protocol/session-state.ts";
import { Disposables } from "../platform/disposables.ts";
import { FileWatch } from "./file-watch.ts";
import { LiveStream } from "./live-stream.ts";

export interface OpenSessionParts {
  readonly opened: OpenedLog;
  /** Makes the service that does the work; `onEvent` hears everything that happens, in order. */
  readonly openAnalysis: (log: SessionLog, onEvent: (event: SessionEvent) => void) => AnalysisSession;
  readonly onFailure: (error: unknown) => void;
}

/** A session that this window writes: its events so far, the service that works in it, and the watch over its files. */
export class OpenSession implements Disposable {
  readonly id: string;
  /** Where its pictures and whole outputs are. */
  readonly outputFolder: string;
  readonly analysis: AnalysisSession;
  readonly #parts: OpenSessionParts;
  readonly #owned = new Disposables();
  readonly #events = this.#owned.add(new EventEmitter<SessionEvent>());
  readonly #live = new LiveStream();
  readonly #watch: FileWatch;

  readonly onEvent = this.#events.event;

  constructor(parts: OpenSessionParts) {
    this.#parts = parts;
    const { log } = parts.opened;
    this.id = log.id;
    this.outputFolder = join(log.folder, "output");
    this.analysis = parts.openAnalysis(log, (event) => this.#happened(event));
    this.#watch = this.#owned.add(new FileWatch((path) => this.#reread(path)));
    this.#watch.watch(this.paths);
    this.analysis.catchUp().catch(parts.onFailure);
  }

  /** What a person sees of it. */
  get state(): Session {
    return this.#parts.opened.log.state;
  }

  /** Absolute paths of the files, in the order in which they were attached. */
  get paths(): readonly string[] {
    return this.state.files.map(({ path }) => path);
  }

  /** Absolute paths of what is asked about. */
  get sourcePaths(): readonly string[] {
    return this.state.sources.map(({ path }) => path);
  }

  /** Whether nothing has happened in it. */
  get isEmpty(): boolean {
    const { files, sources, turns } = this.state;
    return files.length + sources.length + turns.length === 0;
  }

  /** Whether nothing was asked in it, and nobody gave it a name: such a session is not kept. */
  get isUnasked(): boolean {
    return this.state.turns.length === 0 && !isNamedByPerson(this.#parts.opened.log.events);
  }

  get isRunning(): boolean {
    return this.state.turns.some(({ status }) => status === "running");
  }

  /** Everything to replay: what is in the file, and what streams at this moment. */
  get events(): readonly SessionEvent[] {
    return [...this.#parts.opened.log.events, ...this.#live.events];
  }

  turn(turnId: string): Turn | undefined {
    return this.state.turns.find(({ id }) => id === turnId);
  }

  /** A table that a cell showed, and the cell's number; `undefined` where there is none at that place. */
  table(cellId: string, output: number): { readonly table: TableOutput; readonly cellNumber: number } | undefined {
    const cells = this.state.turns.flatMap(({ blocks }) => blocks.filter((block) => block.kind === "cell"));
    const cell = cells.find(({ id }) => id === cellId);
    const table = cell?.outputs[output];
    return table?.type === "table" ? { table, cellNumber: cell?.number ?? 0 } : undefined;
  }

  /** What one of its pictures shows, in words; `undefined` where it has no such picture. */
  pictureTitle(file: string): string | undefined {
    const outputs = this.state.turns.flatMap(({ blocks }) =>
      blocks.flatMap((block) => (block.kind === "cell" ? block.outputs : [])),
    );
    return outputs.flatMap((output) => (output.type === "image" && output.file === file ? [output.alt] : [])).at(-1);
  }

  /** Resolves when everything until now is on disk. */
  async flush(): Promise<void> {
    await this.#parts.opened.log.flush();
  }

  /** Ends its work and gives the session free. */
  dispose(): void {
    void this.close();
  }

  /** As {@link dispose}; resolves when everything is on disk. */
  async close(): Promise<void> {
    this.#watch.dispose();
    try {
      await this.analysis.dispose();
      await this.#parts.opened.close();
    } catch (error) {
      this.#parts.onFailure(error);
    } finally {
      this.#owned.dispose();
    }
  }

  #happened(event: SessionEvent): void {
    this.#live.add(event);
    if (event.type === "file-attach" || event.type === "file-detach") {
      this.#watch.watch(this.paths);
    }
    this.#events.fire(event);
  }

  #reread(path: string): void {
    if (this.paths.includes(path)) {
      this.analysis.reprofile(path).catch(this.#parts.onFailure);
    }
  }
}
