import { type Disposable, EventEmitter, type Memento } from "vscode";
import { AgentError } from "../../agents/base/errors.ts";
import type { SessionSummary } from "../../agents/protocol/page.ts";
import type { KernelName } from "../../agents/ports/interpreter.ts";
import type { RunPlace } from "../../agents/protocol/run-place.ts";
import type { SessionEvent } from "../../agents/protocol/session-event.ts";
import type { SessionLog } from "../../agents/sessions/session-log.ts";
import type { OpenSession as OpenedLog, SessionStore } from "../../agents/sessions/session-store.ts";
import { Disposables } from "../platform/disposables.ts";
import { OpenSession, type OpenSessionParts } from "./open-session.ts";

const lastSessionKey = "byzer.lastSession";
/** A window that closes gives its sessions free a little later than the next one asks for them. */
const reopenTries = 6;
const reopenWaitMs = 500;

export interface SessionDeskParts {
  /** Loaded at first use. */
  readonly store: () => Promise<SessionStore>;
  readonly openAnalysis: () => Promise<OpenSessionParts["openAnalysis"]>;
  /** Told of a session that was deleted, before it is gone from the list. */
  readonly forget: (sessionId: string) => Promise<void>;
  /** Where the code of a new session runs. */
  readonly firstPlace: () => RunPlace;
  /** Ends what a session that was deleted has left on a cluster, now or as soon as it can be reached. */
  readonly endKernel: (kernel: KernelName) => Promise<void>;
  /** Of this workspace: which session was shown last. */
  readonly state: Memento;
  readonly onFailure: (error: unknown) => void;
  /** Told when lines of a session file could not be read and were passed over. */
  readonly onDamage: (sessionId: string, lines: readonly number[]) => void;
}

/** The sessions of this window: which are open, which one is shown. */
export class SessionDesk implements Disposable {
  readonly #parts: SessionDeskParts;
  readonly #owned = new Disposables();
  readonly #shows = this.#owned.add(new EventEmitter<OpenSession | undefined>());
  readonly #events = this.#owned.add(
    new EventEmitter<{ readonly session: OpenSession; readonly event: SessionEvent }>(),
  );
  readonly #lists = this.#owned.add(new EventEmitter<void>());
  readonly #open = new Map<string, Promise<OpenSession>>();
  readonly #ready = new Map<string, OpenSession>();
  /** By id of the session. */
  readonly #refreshing = new Map<string, Promise<void>>();
  readonly #stale = new WeakSet<SessionLog>();
  #shown: OpenSession | undefined;
  #resuming: Promise<void> | undefined;

  /** Fires when another session is shown; `undefined`: none. */
  readonly onShow = this.#shows.event;
  /** Fires for every event of every open session. */
  readonly onEvent = this.#events.event;
  /** Fires when the list of sessions has changed. */
  readonly onList = this.#lists.event;

  constructor(parts: SessionDeskParts) {
    this.#parts = parts;
  }

  get shown(): OpenSession | undefined {
    return this.#shown;
  }

  /** The sessions that this window has open; one that is just being opened is not among them. */
  get ready(): readonly OpenSession[] {
    return [...this.#ready.values()];
  }

  async list(): Promise<readonly SessionSummary[]> {
    return (await this.#parts.store()).list();
  }

  async search(text: string): Promise<readonly SessionSummary[]> {
    const store = await this.#parts.store();
    return text.trim() === "" ? store.list() : store.search(text);
  }

  /** Shows the session that was shown when the window was closed; does so once. */
  async resume(): Promise<void> {
    this.#resuming ??= this.#resume();
    await this.#resuming;
  }

  /** Starts a session and shows it. */
  async create(title: string): Promise<OpenSession> {
    const store = await this.#parts.store();
    const opened = await store.create(title);
    const opening = this.#start(opened);
    this.#open.set(opened.log.id, opening);
    const session = await opening;
    await session.analysis.place.moveTo(this.#parts.firstPlace());
    this.#show(session);
    this.#refreshList(opened.log);
    return session;
  }

  /**
   * Shows a session.
   *
   * @throws AgentError `session.elsewhere` while another window has it open.
   */
  async show(sessionId: string): Promise<OpenSession> {
    const session = await this.#opened(sessionId);
    this.#show(session);
    return session;
  }

  /**
   * A session, opened where it is not, and not shown.
   *
   * @throws AgentError `session.elsewhere`, `session.unknown`
   */
  async opened(sessionId: string): Promise<OpenSession> {
    return this.#opened(sessionId);
  }

  /** The session that is shown, or a new one. */
  async current(title: string): Promise<OpenSession> {
    return this.#shown ?? this.create(title);
  }

  async rename(sessionId: string, title: string): Promise<void> {
    const open = await this.#open.get(sessionId);
    if (open === undefined) {
      await (await this.#parts.store()).rename(sessionId, title);
      this.#lists.fire();
    } else {
      open.analysis.rename(title);
    }
  }

  /** Has a session remembered from now on, or not. Resolves when that is on disk. @throws AgentError `session.*` */
  async remember(sessionId: string, remembered: boolean): Promise<void> {
    const open = await this.#open.get(sessionId);
    if (open === undefined) {
      await (await this.#parts.store()).remember(sessionId, remembered);
    } else {
      open.analysis.remember(remembered);
      await open.flush();
    }
  }

  /** Deletes a session with its pictures. @throws AgentError `session.elsewhere` while another window has it open. */
  async delete(sessionId: string): Promise<void> {
    const opening = this.#open.get(sessionId);
    this.#open.delete(sessionId);
    const open = await opening;
    this.#ready.delete(sessionId);
    if (open !== undefined && this.#shown === open) {
      this.#show(undefined);
    }
    // What others elsewhere do for it is to end, too.
    await open?.analysis.stop();
    await open?.close();
    await this.#refreshing.get(sessionId);
    this.#refreshing.delete(sessionId);
    const store = await this.#parts.store();
    const kernel = open === undefined ? await store.kernelOf(sessionId) : open.state.kernel;
    await store.delete(sessionId);
    if (kernel !== undefined) {
      this.#parts.endKernel(kernel).catch(this.#parts.onFailure);
    }
    await this.#parts.forget(sessionId);
    this.#lists.fire();
  }

  /** Has every open session that runs on this machine run its next code in a Python that is started then. */
  async restartPython(): Promise<void> {
    const here = this.ready.filter(({ analysis }) => analysis.place.current.kind === "here");
    await Promise.all(here.map(({ analysis }) => analysis.restartPython().catch(this.#parts.onFailure)));
  }

  /** Has every open session that runs on a cluster find its Python there again. */
  async findPython(): Promise<void> {
    await Promise.all(this.ready.map(({ analysis }) => analysis.place.find()));
  }

  /** Ends all work. A data card that is shown comes back with the window, so its session stays. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#open.values());
    const sessions = this.ready;
    const needless = sessions.filter((session) => session.isUnasked && (session !== this.#shown || session.isEmpty));
    const gone = needless.map(({ id }) => this.delete(id).catch(this.#parts.onFailure));
    const kept = sessions.filter((session) => !needless.includes(session)).map((session) => session.close());
    await Promise.all([...gone, ...kept]);
    this.#open.clear();
    this.#ready.clear();
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #resume(): Promise<void> {
    const last = this.#parts.state.get<string>(lastSessionKey);
    if (last === undefined || this.#shown !== undefined) {
      return;
    }
    const session = await this.#openedSoon(last, reopenTries);
    if (session !== undefined && this.#shown === undefined) {
      this.#show(session);
    }
  }

  /** @returns `undefined` where another window keeps the session, or where it is gone. */
  async #openedSoon(sessionId: string, tries: number): Promise<OpenSession | undefined> {
    try {
      return await this.#opened(sessionId);
    } catch (error) {
      if (AgentError.is(error, "session.elsewhere") && tries > 1) {
        await new Promise((resolve) => setTimeout(resolve, reopenWaitMs));
        return this.#openedSoon(sessionId, tries - 1);
      }
      if (AgentError.is(error, "session.elsewhere") || AgentError.is(error, "session.unknown")) {
        return undefined;
      }
      throw error;
    }
  }

  #opened(sessionId: string): Promise<OpenSession> {
    const known = this.#open.get(sessionId);
    if (known !== undefined) {
      return known;
    }
    const opening = this.#reopen(sessionId).catch((error: unknown) => {
      this.#open.delete(sessionId);
      throw error;
    });
    this.#open.set(sessionId, opening);
    return opening;
  }

  async #reopen(sessionId: string): Promise<OpenSession> {
    const opened = await (await this.#parts.store()).open(sessionId);
    if (opened.damagedLines.length > 0) {
      this.#parts.onDamage(sessionId, opened.damagedLines);
    }
    return this.#start(opened);
  }

  async #start(opened: OpenedLog): Promise<OpenSession> {
    const { openAnalysis, onFailure } = this.#parts;
    const session = new OpenSession({ opened, openAnalysis: await openAnalysis(), onFailure });
    void session.analysis.place.find();
    this.#ready.set(session.id, session);
    session.onEvent((event) => {
      this.#events.fire({ session, event });
      if (changesList(event)) {
        this.#refreshList(opened.log);
      }
    });
    return session;
  }

  /** Changes that come while a summary is written are written with the next one, so that no two write at once. */
  #refreshList(log: SessionLog): void {
    const writing = this.#refreshing.get(log.id) ?? Promise.resolve();
    if (this.#stale.has(log)) {
      return;
    }
    this.#stale.add(log);
    const write = async (): Promise<void> => {
      await writing;
      this.#stale.delete(log);
      await (await this.#parts.store()).refresh(log);
      this.#lists.fire();
    };
    this.#refreshing.set(log.id, write().catch(this.#parts.onFailure));
  }

  /**
   * What is remembered for the next window is written meanwhile: a data card does not wait for it. A session in which
   * nothing was asked goes when another takes its place.
   */
  #show(session: OpenSession | undefined): void {
    const before = this.#shown;
    this.#shown = session;
    this.#shows.fire(session);
    this.#parts.state.update(lastSessionKey, session?.id).then(undefined, this.#parts.onFailure);
    if (before !== undefined && before !== session && before.isUnasked && this.#open.has(before.id)) {
      this.delete(before.id).catch(this.#parts.onFailure);
    }
  }
}

/** Whether an event changes what the list says of its session. */
function changesList(event: SessionEvent): boolean {
  return ["session-rename", "file-attach", "file-detach", "turn-start", "turn-end"].includes(event.type);
}
