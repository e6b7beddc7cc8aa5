import { EventEmitter, type Terminal, ThemeIcon, window } from "vscode";

/** A terminal that shows lines and runs nothing. */
export interface ProgressTerminal {
  readonly write: (line: string) => void;
  /** Aborts when the terminal is closed. */
  readonly closed: AbortSignal;
  /** Closes the terminal and shows the one that was in front before, if there was one. */
  readonly close: () => void;
}

/** Opens a terminal for the progress of long work; closing it stops the work. */
export function openProgressTerminal(name: string): ProgressTerminal {
  const lines = new EventEmitter<string>();
  const abort = new AbortController();
  const early: string[] = [];
  const before = window.activeTerminal;
  let isOpen = false;
  const terminal: Terminal = window.createTerminal({
    name,
    iconPath: new ThemeIcon("cloud-download"),
    pty: {
      onDidWrite: lines.event,
      open: () => {
        isOpen = true;
        early.forEach((line) => lines.fire(line));
      },
      close: () => abort.abort(new DOMException("The terminal was closed.", "AbortError")),
    },
  });
  terminal.show(true);
  return {
    closed: abort.signal,
    close: () => {
      const isInFront = window.activeTerminal === terminal;
      terminal.dispose();
      if (isInFront && before?.exitStatus === undefined) {
        before?.show(true);
      }
    },
    write: (line) => {
      const text = `${line.replaceAll(/\r?\n/gu, "\r\n")}\r\n`;
      if (isOpen) {
        lines.fire(text);
      } else {
        early.push(text);
      }
    },
  };
}
