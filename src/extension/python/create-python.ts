import { type ExtensionContext, type LogOutputChannel, Uri, l10n, window } from "vscode";
import { AgentError } from "../../agents/base/errors.ts";
import type { FoundPython, PythonCandidate, TakenPython } from "../../agents/python/find-python.ts";
import { loadAgents } from "../platform/agents.ts";
import { readSetting } from "../platform/configuration.ts";
import { openProgressTerminal } from "../platform/progress-terminal.ts";
import { type TerminalLauncher, createTerminalLauncher } from "../platform/terminal-launcher.ts";
import { keepPickedPython, managedFolder, pythonCandidates } from "./python-candidates.ts";
import { PythonChoice } from "./python-choice.ts";
import { askPython } from "./python-dialogs.ts";

/** The Python of this window, and the terminals in which it runs. */
export interface WindowPython {
  readonly python: PythonChoice;
  readonly launcher: TerminalLauncher;
}

/** Puts the editor's parts behind the choice of Python. The program that runs in the terminal ships in `dist/python`. */
export function createPython(context: ExtensionContext, log: LogOutputChannel): WindowPython {
  const launcher = createTerminalLauncher(async () => (await loadAgents()).cleanEnvironment(process.env));
  const programDirectory = Uri.joinPath(context.extensionUri, "dist", "python", "byzer_interpreter").fsPath;
  const find = async (signal: AbortSignal): Promise<TakenPython> => {
    const { findPython } = await loadAgents();
    const candidates = await pythonCandidates(context, log);
    const found = await findPython({ candidates, environment: process.env }, signal);
    log.info(
      `Python ${found.version} at ${found.executable} (${found.origin}); ${candidates.length} places named one.`,
    );
    return found;
  };
  const python = new PythonChoice({
    find,
    start: async (executable, options, signal) => {
      const { createChildProcessLauncher, createInterpreterProvider } = await loadAgents();
      const provider = createInterpreterProvider({
        python: async () => executable,
        launchers: [launcher, createChildProcessLauncher(process.env)],
        programDirectory,
      });
      return provider.start(options, signal);
    },
    ask: async () => {
      const known = await pythonCandidates(context, log);
      const found = await find(new AbortController().signal).catch(() => undefined);
      return askPython(found === undefined ? known : [...known, { path: found.executable, origin: found.origin }]);
    },
    probe,
    install: (basePython, signal) => installPackages(managedFolder(context), basePython, signal),
    sandbox: async () => {
      const tool = await (await loadAgents()).findSandbox();
      return { mode: readSetting("interpreter.sandbox"), problem: tool.kind === "none" ? tool.reason : "" };
    },
    keep: (executable) => keepPickedPython(context, executable),
  });
  return { python, launcher };
}

async function probe(candidate: PythonCandidate, signal: AbortSignal): Promise<FoundPython> {
  const { probePython } = await loadAgents();
  const result = await probePython(candidate, process.env, signal);
  if (!result.ok) {
    const { path, reason } = result;
    throw new AgentError("python.unusable", { executable: path, reason }, `${path} ${reason}`);
  }
  return result.python;
}

/** Closing the terminal that shows the progress stops the work. It goes when all is well and stays where it is not. */
async function installPackages(directory: string, basePython: string, signal: AbortSignal): Promise<string> {
  const { ensureManagedEnvironment } = await loadAgents();
  const terminal = openProgressTerminal(l10n.t("Byzer Agent: Python environment"));
  const options = { directory, basePython, environment: process.env, onProgress: terminal.write };
  const executable = await ensureManagedEnvironment(options, AbortSignal.any([signal, terminal.closed]));
  terminal.close();
  void window.showInformationMessage(l10n.t("The Python environment is ready. Code runs in it from now on."));
  return executable;
}
