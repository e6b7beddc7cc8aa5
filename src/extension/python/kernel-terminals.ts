import {
  type Disposable,
  EventEmitter,
  type Pseudoterminal,
  type Terminal,
  type TerminalDimensions,
  ThemeIcon,
  l10n,
  window,
} from "vscode";
import type { InterpreterOptions } from "../../agents/ports/interpreter.ts";
import type { KernelKeys, KernelTerminal } from "../../agents/remote/remote-interpreter-provider.ts";

/** So much of what a kernel has shown is there when its terminal is opened again, characters. */
const keptCharacters = 200_000;
/** Clears the screen and what has scrolled out of it. */
const clear = "\u001B[2J\u001B[3J\u001B[H";

/**
 * The integrated terminals of Pythons that run on a cluster: they show what is printed there, and what is typed goes there.
 * Closing one ends nothing.
 */
export class KernelTerminals implements Disposable {
  /** By session, in the order in which they were first shown. */
  readonly #views = new Map<string, KernelView>();

  /** A terminal for a session's Python that was started or found; one that the session has is used again. */
  open(options: InterpreterOptions, keys: KernelKeys): KernelTerminal {
    const sessionId = options.sessionId ?? "";
    const view = this.#views.get(sessionId) ?? new KernelView(l10n.t("{0} · cluster", options.title));
    this.#views.delete(sessionId);
    this.#views.set(sessionId, view);
    // One that is only found again comes with the window, which nobody has asked to open a terminal.
    return view.attach(keys, options.onlyKnown !== true);
  }

  /**
   * Shows the terminal of a session, the newest of all where no session is named, and puts the focus there.
   *
   * @returns `false` where the session has no Python on a cluster, nor had one.
   */
  reveal(sessionId: string | undefined): boolean {
    const view = sessionId === undefined ? [...this.#views.values()].at(-1) : this.#views.get(sessionId);
    view?.show(false);
    return view !== undefined;
  }

  /** Closes the terminal of a session whose Python was ended on purpose. */
  drop(sessionId: string): void {
    this.#views.get(sessionId)?.dispose();
    this.#views.delete(sessionId);
  }

  dispose(): void {
    this.#views.forEach((view) => view.dispose());
    this.#views.clear();
  }
}

interface OpenedTerminal {
  readonly shown: Terminal;
  readonly output: EventEmitter<string>;
  /** Whether the editor listens to the output. */
  isOpen: boolean;
}

/** What one session's Pythons on a cluster show, whether or not a terminal is open for it. */
class KernelView implements Disposable {
  readonly #name: string;
  #kept = "";
  #terminal: OpenedTerminal | undefined;
  #keys: KernelKeys | undefined;
  #size: TerminalDimensions | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  attach(keys: KernelKeys, shows: boolean): KernelTerminal {
    this.#keys = keys;
    this.#kept = "";
    this.#emit(clear);
    if (this.#size !== undefined) {
      keys.resize(this.#size.columns, this.#size.rows);
    }
    this.#terminal ??= this.#open();
    if (shows) {
      this.show(true);
    }
    return {
      write: (text) => {
        if (this.#keys === keys) {
          this.#write(text);
        }
      },
      close: (reason) => {
        if (this.#keys === keys) {
          this.#keys = undefined;
          this.#write(`\r\n\u001B[2m${reason.replaceAll(/\r?\n/gu, "\r\n")}\u001B[0m\r\n`);
        }
      },
    };
  }

  show(preserveFocus: boolean): void {
    this.#terminal ??= this.#open();
    this.#terminal.shown.show(preserveFocus);
  }

  dispose(): void {
    this.#keys = undefined;
    this.#terminal?.shown.dispose();
  }

  #open(): OpenedTerminal {
    const output = new EventEmitter<string>();
    const pty: Pseudoterminal = {
      onDidWrite: output.event,
      open: (size) => {
        opened.isOpen = true;
        this.#resize(size);
        output.fire(this.#kept);
      },
      close: () => {
        output.dispose();
        this.#terminal = this.#terminal === opened ? undefined : this.#terminal;
      },
      handleInput: (text) => this.#keys?.type(text),
      setDimensions: (size) => this.#resize(size),
    };
    const shown = window.createTerminal({
      name: this.#name,
      iconPath: new ThemeIcon("server"),
      isTransient: true,
      pty,
    });
    const opened: OpenedTerminal = { shown, output, isOpen: false };
    return opened;
  }

  #resize(size: TerminalDimensions | undefined): void {
    if (size !== undefined && size.columns > 0 && size.rows > 0) {
      this.#size = { columns: size.columns, rows: size.rows };
      this.#keys?.resize(size.columns, size.rows);
    }
  }

  #write(text: string): void {
    const kept = this.#kept + text;
    this.#kept = kept.length > keptCharacters ? kept.slice(kept.indexOf("\n", kept.length - keptCharacters) + 1) : kept;
    this.#emit(text);
  }

  /** What is written to a terminal that is not open yet is lost; opening shows what was kept. */
  #emit(text: string): void {
    if (this.#terminal?.isOpen === true) {
      this.#terminal.output.fire(text);
    }
  }
}
