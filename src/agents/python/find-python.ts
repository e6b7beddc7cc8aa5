import { access, constants, stat } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";
import * as z from "zod/mini";
import { AgentError } from "../base/errors.ts";
import { cleanEnvironment, type Environment } from "./clean-environment.ts";
import { runCommand } from "./run-command.ts";

/** The oldest Python that the interpreter runs on. */
export const OLDEST_PYTHON = [3, 9] as const;
const PROBE_TIMEOUT_MS = 15_000;

/** A place to look: an executable, or the folder of a virtual environment. */
export interface PythonCandidate {
  readonly path: string;
  /** Where it comes from, as a person would say it: `the setting byzer.python.path`. */
  readonly origin: string;
}

export interface FoundPython {
  /** The executable itself, never a launcher or shim: starting it costs no detour. */
  readonly executable: string;
  /** Such as `3.11.7`. */
  readonly version: string;
  /** Which of pandas, matplotlib, openpyxl and pyarrow can be imported. */
  readonly packages: readonly string[];
  readonly origin: string;
}

/** The Python that is taken. */
export interface TakenPython extends FoundPython {
  /** Those that somebody chose and that cannot be used, each with its place and why: this one is taken instead. */
  readonly passedOver: readonly string[];
}

export interface FindPythonOptions {
  /** Tried first, in this order; the first one that can be used wins. */
  readonly candidates: readonly PythonCandidate[];
  /** Where `PATH` is read, and what the probes see, without its secrets. */
  readonly environment: Environment;
}

const PROBE = `
import sys
sys.path[:] = [entry for entry in sys.path if entry]
import json, importlib.util
names = ("pandas", "matplotlib", "openpyxl", "pyarrow")
found = [name for name in names if importlib.util.find_spec(name)] if sys.version_info >= (3, 4) else []
print(json.dumps({"executable": sys.executable, "version": list(sys.version_info[:3]), "packages": found}))
`;
const probeSchema = z.object({
  executable: z.string(),
  version: z.tuple([z.number(), z.number(), z.number()]),
  packages: z.array(z.string()),
});

/** What a look at one executable gave. */
export type Probe =
  | { readonly ok: true; readonly python: FoundPython }
  | { readonly ok: false; readonly path: string; readonly origin: string; readonly reason: string };

/**
 * Finds a Python: the first usable candidate, else the first one on `PATH` that has pandas, else the first on `PATH`.
 *
 * @throws AgentError `python.missing`: every place that was tried, each with the reason why not.
 */
export async function findPython(options: FindPythonOptions, signal: AbortSignal): Promise<TakenPython> {
  const looked: string[] = [];
  for await (const probe of probeEach(options.candidates, options.environment, signal)) {
    if (probe.ok) {
      return { ...probe.python, passedOver: looked };
    }
    looked.push(refusal(probe));
  }
  const passedOver = [...looked];
  let fallback: TakenPython | undefined;
  for await (const probe of probeEach(await pathCandidates(options.environment), options.environment, signal)) {
    if (probe.ok && probe.python.packages.includes("pandas")) {
      return { ...probe.python, passedOver };
    }
    if (probe.ok) {
      fallback ??= { ...probe.python, passedOver };
    } else {
      looked.push(refusal(probe));
    }
  }
  if (fallback !== undefined) {
    return fallback;
  }
  if (looked.length === 0) {
    looked.push("PATH: it holds no python3 and no python");
  }
  const message = `No Python ${OLDEST_PYTHON.join(".")} or later was found. Install one from python.org or your system's packages, or set byzer.python.path. Looked at: ${looked.join("; ")}.`;
  throw new AgentError("python.missing", { looked }, message);
}

async function* probeEach(
  candidates: readonly PythonCandidate[],
  environment: Environment,
  signal: AbortSignal,
): AsyncGenerator<Probe> {
  for (const candidate of candidates) {
    yield probePython(candidate, environment, signal);
  }
}

function refusal(probe: Probe & { readonly ok: false }): string {
  return `${probe.origin}: ${probe.path} ${probe.reason}`;
}

/** Runs one candidate and asks it what it is. */
export async function probePython(
  candidate: PythonCandidate,
  environment: Environment,
  signal: AbortSignal,
): Promise<Probe> {
  const path = await executableOf(candidate.path);
  const refused = (reason: string): Probe => ({ ok: false, path, origin: candidate.origin, reason });
  const args = ["-X", "utf8", "-c", PROBE];
  const command = { executable: path, args, environment: cleanEnvironment(environment), timeoutMs: PROBE_TIMEOUT_MS };
  const result = await runCommand(command, signal);
  if (result.exitCode !== 0) {
    const detail = result.output.trim().split("\n").at(-1) ?? "";
    const how = result.exitCode === null ? "could not be run" : `failed with exit code ${result.exitCode}`;
    return refused(detail === "" ? how : `${how} (${detail})`);
  }
  const parsed = parseProbe(result.output);
  if (parsed === undefined) {
    return refused("is not a Python");
  }
  const [major, minor] = parsed.version;
  if (major !== 3 || minor < OLDEST_PYTHON[1]) {
    return refused(`is Python ${parsed.version.join(".")}, ${OLDEST_PYTHON.join(".")} or later is needed`);
  }
  const { executable, version, packages } = parsed;
  const python = { executable: executable || path, version: version.join("."), packages, origin: candidate.origin };
  return { ok: true, python };
}

function parseProbe(output: string): z.infer<typeof probeSchema> | undefined {
  try {
    return probeSchema.safeParse(JSON.parse(output.trim().split("\n").at(-1) ?? "")).data;
  } catch {
    return undefined;
  }
}

/** The executable inside the folder of a virtual environment, or the path itself. */
async function executableOf(path: string): Promise<string> {
  const isFolder = await stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
  return isFolder ? environmentPython(path) : path;
}

/** Where a virtual environment in `directory` has its executable. */
export function environmentPython(directory: string): string {
  return process.platform === "win32" ? join(directory, "Scripts", "python.exe") : join(directory, "bin", "python");
}

/** Executables on `PATH`. Relative entries are left out: they would run what lies in a workspace. */
async function pathCandidates(environment: Environment): Promise<readonly PythonCandidate[]> {
  const isWindows = process.platform === "win32";
  const names = isWindows ? ["py.exe", "python.exe", "python3.exe"] : ["python3", "python"];
  const path = Object.entries(environment).find(([name]) => name.toUpperCase() === "PATH")?.[1] ?? "";
  const directories = path.split(delimiter).filter((entry) => isAbsolute(entry));
  const paths = names.flatMap((name) => directories.map((directory) => join(directory, name)));
  const present = await Promise.all(paths.map(isExecutable));
  return [...new Set(paths.filter((_, index) => present[index]))].map((found) => ({ path: found, origin: "PATH" }));
}

function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
