import { basename } from "node:path";
import { l10n } from "vscode";
import { AgentError } from "../../agents/base/errors.ts";
import { titleFromFiles, titleFromQuestion } from "../../agents/sessions/session-title.ts";
import type { OpenSession } from "./open-session.ts";
import type { SessionDesk } from "./session-desk.ts";

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
    await this.#attachTo(await this.#sessionOn(paths), paths);
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

  /** Stops the turn that runs in the session that is shown. */
  async stop(): Promise<void> {
    await this.#desk.shown?.analysis.stop();
  }

  async #sessionOn(paths: readonly string[]): Promise<OpenSession> {
    const { shown } = this.#desk;
    if (shown !== undefined && (shown.isEmpty || isSame(shown.paths, paths))) {
      return shown;
    }
    const waiting = this.#desk.ready.find(
      (session) => session.state.turns.length === 0 && isSame(session.paths, paths),
    );
    return waiting === undefined ? this.#desk.create(titleOf(paths)) : this.#desk.show(waiting.id);
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

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((path) => others.includes(path));
}
