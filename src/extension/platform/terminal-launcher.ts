import { type Terminal, ThemeIcon, l10n, window } from "vscode";
import { AgentError, messageOf } from "../../agents/base/errors.ts";
import type { LaunchRequest, LaunchedProcess, PythonLauncher } from "../../agents/ports/python-launcher.ts";

/** Starts a program with the environment it is given and nothing else; part of every system but Windows. */
const env = "/usr/bin/env";
/** What the editor's terminals are. */
const terminalType = { TERM: "xterm-256color", COLORTERM: "truecolor" };
/** A terminal whose process has not started after this long is given up. */
const startLimitMs = 10_000;

/** A launcher that also remembers its terminals, so that a person can be shown them. */
export interface TerminalLauncher extends PythonLauncher {
  /**
   * Shows the terminal of a session, the newest of all where no session is named, and puts the focus there.
   *
   * @returns `false` where none is open.
   */
  readonly reveal: (sessionId: string | undefined) => boolean;
}

/**
 * Starts programs as the own process of an integrated terminal, without a shell. The terminal is shown and the focus
 * stays where it is.
 *
 * @param environment The whole environment of programs; must hold no keys.
 */
export function createTerminalLauncher(
  environment: () => Promise<{ readonly [name: string]: string }>,
): TerminalLauncher {
  /** By session, in the order in which they were started. */
  const terminals = new Map<string, Terminal>();
  return {
    reveal: (sessionId) => {
      const open = [...terminals].filter(([, terminal]) => terminal.exitStatus === undefined);
      const found = sessionId === undefined ? open.at(-1) : open.find(([id]) => id === sessionId);
      found?.[1].show(false);
      return found !== undefined;
    },
    launch: async (request) => {
      const terminal = openTerminal(request, await environment());
      await started(terminal, request);
      const sessionId = request.sessionId ?? "";
      terminals.delete(sessionId);
      terminals.set(sessionId, terminal);
      return launchedTerminal(terminal);
    },
  };
}

function openTerminal(request: LaunchRequest, environment: { readonly [name: string]: string }): Terminal {
  const given = { ...environment, ...request.env };
  const { executable, args } =
    process.platform === "win32" ? request : withOnly({ ...terminalType, ...given }, request);
  const terminal = window.createTerminal({
    name: request.title,
    shellPath: executable,
    shellArgs: [...args],
    cwd: request.workingDirectory,
    env: given,
    strictEnv: true,
    isTransient: true,
    iconPath: new ThemeIcon("graph"),
  });
  terminal.show(true);
  return terminal;
}

/**
 * `strictEnv` does not reach remote windows, whose terminals get all that the server, the settings and other extensions
 * put there, keys included. So the program itself starts with an empty environment.
 *
 * @throws AgentError `python.unreachable` for an executable that would be taken for a variable.
 */
function withOnly(
  given: { readonly [name: string]: string },
  { executable, args }: LaunchRequest,
): Pick<LaunchRequest, "executable" | "args"> {
  if (executable.includes("=")) {
    const message = l10n.t("{0} has a “=” in its path, which a terminal here cannot start.", executable);
    throw new AgentError("python.unreachable", { executable, tail: "" }, message);
  }
  const variables = Object.entries(given).map(([name, value]) => `${name}=${value}`);
  return { executable: env, args: ["-i", ...variables, executable, ...args] };
}

/** @throws AgentError `python.unreachable` where the terminal does not start its program. */
async function started(terminal: Terminal, { executable }: LaunchRequest): Promise<void> {
  const failed = (reason: string, cause?: unknown): AgentError => {
    terminal.dispose();
    const message = l10n.t("The terminal did not start {0}: {1}", executable, reason);
    return new AgentError("python.unreachable", { executable, tail: "" }, message, cause);
  };
  let processId: number | undefined;
  try {
    processId = await Promise.race([terminal.processId, timeout(startLimitMs)]);
  } catch (error) {
    throw failed(messageOf(error), error);
  }
  if (processId === undefined) {
    throw failed(l10n.t("it has no process"));
  }
}

function launchedTerminal(terminal: Terminal): LaunchedProcess {
  return {
    place: "terminal",
    interrupt: () => terminal.sendText("\u0003", false),
    kill: () => terminal.dispose(),
    exited: closed(terminal),
    tail: () => "",
  };
}

function closed(terminal: Terminal): Promise<number | undefined> {
  return new Promise((resolve) => {
    if (terminal.exitStatus !== undefined) {
      resolve(terminal.exitStatus.code);
      return;
    }
    const subscription = window.onDidCloseTerminal((other) => {
      if (other === terminal) {
        subscription.dispose();
        resolve(terminal.exitStatus?.code);
      }
    });
  });
}

function timeout(ms: number): Promise<undefined> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms, undefined);
  });
}
