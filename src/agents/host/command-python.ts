import { homedir } from "node:os";
import { join } from "node:path";
import { AgentError, messageOf } from "../base/errors.ts";
import type { InterpreterProvider } from "../ports/interpreter.ts";
import { createChildProcessLauncher } from "../python/child-process-launcher.ts";
import { type FoundPython, type Probe, type PythonCandidate, findPython, probePython } from "../python/find-python.ts";
import { createInterpreterProvider } from "../python/interpreter-provider.ts";
import { ensureManagedEnvironment } from "../python/managed-environment.ts";
import type { CommandStreams } from "./command-streams.ts";

export interface CommandPythonOptions {
  /** `--python`. */
  readonly path: string | undefined;
  /** Whether packages may be installed without asking. */
  readonly mayInstall: boolean;
  readonly streams: CommandStreams;
}

/** The folder of the environment that the command line makes where the machine's Python has no pandas. */
export const managedDirectory = join(homedir(), ".byzer", "python");

/** Starts Pythons; which one may be changed. */
export interface CommandPython extends InterpreterProvider {
  /** Runs code with `executable` from the next start on. */
  readonly use: (executable: string) => void;
}

/** Python on a command line: a child process of the Python that was named, or of the best one that is there. */
export function commandPython(options: CommandPythonOptions): CommandPython {
  let chosen: Promise<string> | undefined;
  const provider = createInterpreterProvider({
    python: (signal) => {
      chosen ??= choosePython(options, signal);
      return chosen;
    },
    launchers: [createChildProcessLauncher()],
    programDirectory: join(import.meta.dirname, "python", "byzer_interpreter"),
  });
  return {
    start: (request, signal) => provider.start(request, signal),
    use: (executable) => {
      chosen = Promise.resolve(executable);
    },
  };
}

async function choosePython(options: CommandPythonOptions, signal: AbortSignal): Promise<string> {
  const environment = process.env;
  const named = candidates([
    ["--python", options.path],
    ["BYZER_PYTHON", environment["BYZER_PYTHON"]],
  ]);
  const [first] = named;
  if (first !== undefined) {
    return usableOrRefused(await probePython(first, environment, signal));
  }

  const active = candidates([
    ["VIRTUAL_ENV", environment["VIRTUAL_ENV"]],
    ["CONDA_PREFIX", environment["CONDA_PREFIX"]],
  ]);
  const found = await findPython({ candidates: active, environment }, signal);
  for (const refusal of found.passedOver) {
    options.streams.err(`${refusal}; ${found.executable} is used instead.\n`);
  }
  return isEnough(found) ? found.executable : managedPython(options, found, signal);
}

/** What a person has named is never replaced by another in silence. @throws AgentError `python.unusable` */
function usableOrRefused(probe: Probe): string {
  if (probe.ok) {
    return probe.python.executable;
  }
  const { origin, path, reason } = probe;
  const message = `${origin} names ${path}, which ${reason}. Name another Python, or leave it out to have one found.`;
  throw new AgentError("python.unusable", { executable: path, reason }, message);
}

function candidates(
  named: readonly (readonly [origin: string, path: string | undefined])[],
): readonly PythonCandidate[] {
  return named.flatMap(([origin, path]) => (path === undefined || path === "" ? [] : [{ origin, path }]));
}

function isEnough({ packages }: FoundPython): boolean {
  return packages.includes("pandas") && packages.includes("matplotlib");
}

/** The managed environment where there is one or one may be made; else what was found, and what that means. */
async function managedPython(options: CommandPythonOptions, found: FoundPython, signal: AbortSignal): Promise<string> {
  const { streams } = options;
  const probe = await probePython({ path: managedDirectory, origin: "the managed environment" }, process.env, signal);
  if (probe.ok && isEnough(probe.python)) {
    return probe.python.executable;
  }

  if (!options.mayInstall) {
    streams.err(
      `${found.executable} has no pandas or no matplotlib: the agents make do with what is there. With --yes they are installed into ${managedDirectory}; or name another Python with --python.\n`,
    );
    return found.executable;
  }

  try {
    return await ensureManagedEnvironment(
      {
        directory: managedDirectory,
        basePython: found.executable,
        environment: process.env,
        onProgress: (line) => streams.err(`${line}\n`),
      },
      signal,
    );
  } catch (error) {
    signal.throwIfAborted();
    streams.err(
      `pandas and matplotlib could not be installed: ${messageOf(error)} The agents make do with what is there.\n`,
    );
    return found.executable;
  }
}
