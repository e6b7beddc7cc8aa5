import { basename } from "node:path";
import { l10n } from "vscode";
import { AgentError } from "../../agents/base/errors.ts";
import type { Source } from "../../agents/protocol/source.ts";
import { titleFromFiles, titleFromQuestion } from "../../agents/sessions/session-title.ts";
import type { ReplayOrder } from "../../agents/sessions/replay/plan-replay.ts";
import type { OpenSession } from "./open-session.ts";
import type { SessionDesk } from "./session-desk.ts";

/** What a person wants to ask about. */
export type NewSource = Pick<Source, "kind" | "path" | "lines">;

/** What a person does with sessions, from wherever they do it. */
export class SessionActions {
  readonly #desk: SessionDesk;
  #reading: Promise<unknown> = Promise.resolve();

  constructor(desk: SessionDesk) {
    this.#desk = desk;
  }

  /** Resolves when no file is being read, so that work which can wait does not slow a data card. */
  async quiet(): Promise<void> {
    await this.#reading;
  }

  /**
   * Shows a session on exactly these files: the one that is shown where it fits, one that is open and waits for its first
   * question, or else a new one.
   */
  async analyze(paths: readonly string[]): Promise<void> {
    const isOn = (session: OpenSession): boolean => isSame(session.paths, paths);
    await this.#attachTo(await this.#sessionThat(isOn, titleOf(paths)), paths);
  }

  /**
   * Shows a session that asks about exactly these sources, chosen as by {@link SessionActions.analyze}. Resolves when they
   * are added; how far their index is, is told by events.
   */
  async askAbout(sources: readonly NewSource[]): Promise<void> {
    const keys = sources.map(keyOf);
    const isOn = (session: OpenSession): boolean => isSame(session.state.sources.map(keyOf), keys);
    const session = await this.#sessionThat(isOn, titleOf(sources.map(({ path }) => path)));
    this.#addTo(session, sources);
  }

  /** Adds sources to the session that is shown; those that it has are not added twice. */
  async addSources(sources: readonly NewSource[]): Promise<void> {
    if (sources.length > 0) {
      this.#addTo(await this.#desk.current(titleOf(sources.map(({ path }) => path))), sources);
    }
  }

  /** Adds files to the session that is shown. */
  async attach(paths: readonly string[]): Promise<void> {
    if (paths.length > 0) {
      await this.#attachTo(await this.#desk.current(titleOf(paths)), paths);
    }
  }

  /** Asks in the session that is shown. Resolves when the turn has ended; how it ended is an event. */
  async ask(question: string, agent: string | null): Promise<void> {
    const session = await this.#desk.current(titleFromQuestion(question));
    await session.analysis.ask(question, { agent });
  }

  /** Asks the question of a turn again, in its place. `text` replaces the question. */
  async askAgain(turnId: string, text?: string): Promise<void> {
    const session = this.#desk.shown;
    const turn = session?.turn(turnId);
    if (session === undefined || turn === undefined) {
      throw new AgentError("session.unknown", { sessionId: session?.id ?? "" }, l10n.t("This question is gone."));
    }
    await session.analysis.ask(text ?? turn.question, { agent: turn.agent, replaces: turnId });
  }

  /** Plays a run of the session that is shown again, with one of its messages changed. */
  async replay(order: ReplayOrder): Promise<void> {
    await this.#desk.shown?.analysis.replay(order);
  }

  /** Stops the turn that runs in the session that is shown. */
  async stop(): Promise<void> {
    await this.#desk.shown?.analysis.stop();
  }

  /** The session that is shown, where it is empty or fits; else an open one that fits and waits; else a new one. */
  async #sessionThat(fits: (session: OpenSession) => boolean, title: string): Promise<OpenSession> {
    const { shown } = this.#desk;
    if (shown !== undefined && (shown.isEmpty || fits(shown))) {
      return shown;
    }
    const waiting = this.#desk.ready.find((session) => session.state.turns.length === 0 && fits(session));
    return waiting === undefined ? this.#desk.create(title) : this.#desk.show(waiting.id);
  }

  /** A source is there at once; what goes wrong with its reading is told by its chip. */
  #addTo(session: OpenSession, sources: readonly NewSource[]): void {
    const known = new Set(session.state.sources.map(keyOf));
    const added = sources.filter((source) => !known.has(keyOf(source)));
    const reading = added.map((source) => session.analysis.addSource(source));
    this.#reading = Promise.allSettled([this.#reading, ...reading]);
  }

  async #attachTo(session: OpenSession, paths: readonly string[]): Promise<void> {
    const reading = Promise.all(
      paths.map((path) =>
        session.paths.includes(path) ? session.analysis.reprofile(path) : session.analysis.attach(path),
      ),
    );
    this.#reading = Promise.allSettled([this.#reading, reading]);
    await reading;
  }
}

function titleOf(paths: readonly string[]): string {
  return titleFromFiles(paths.map((path) => basename(path)));
}

function keyOf({ path, lines }: NewSource): string {
  return lines === null ? path : `${path}:${lines.first}-${lines.last}`;
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((path) => others.includes(path));
}
