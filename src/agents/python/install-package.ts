import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod/mini";
import { AgentError } from "../base/errors.ts";
import { cleanEnvironment, type Environment, installerEnvironment } from "./clean-environment.ts";
import { findUv } from "./find-uv.ts";
import { lastWords, unreachableIndex } from "./index-failure.ts";
import { type CommandResult, runCommand } from "./run-command.ts";

const probeLimitMs = 15_000;

const probe = `
import sys
sys.path[:] = [entry for entry in sys.path if entry]
import json, os, sysconfig
from importlib import metadata
own = sys.prefix != sys.base_prefix or os.path.isdir(os.path.join(sys.prefix, "conda-meta"))
packages = {d.metadata["Name"]: d.version for d in metadata.distributions() if d.metadata["Name"]}
print(json.dumps({"folder": sys.prefix, "own": own, "writable": os.access(sysconfig.get_path("purelib"), os.W_OK),
    "packages": packages}))
`;
const lookSchema = z.object({
  folder: z.string(),
  own: z.boolean(),
  writable: z.boolean(),
  packages: z.record(z.string(), z.string()),
});

/** What a look at the environment of a Python gave. */
export interface PythonEnvironment {
  /** Its folder. */
  readonly folder: string;
  /** Whether packages may be installed into it: an environment, not the Python of a system, and one that can be written. */
  readonly takesPackages: boolean;
  /** Every installed package, by the name that the index uses, with its version. */
  readonly packages: { readonly [name: string]: string };
}

/** Looks at the environment of a Python. @throws AgentError `python.unusable`. */
export async function lookAtEnvironment(
  executable: string,
  environment: Environment,
  signal: AbortSignal,
): Promise<PythonEnvironment> {
  const args = ["-X", "utf8", "-c", probe];
  const command = { executable, args, environment: cleanEnvironment(environment), timeoutMs: probeLimitMs };
  const { exitCode, output } = await runCommand(command, signal);
  const look =
    exitCode === 0 ? lookSchema.safeParse(JSON.parse(output.trim().split("\n").at(-1) ?? "")).data : undefined;
  if (look === undefined) {
    const reason = lastWords(output);
    throw new AgentError("python.unusable", { executable, reason }, `${executable} could not be asked: ${reason}`);
  }
  const { folder, own, writable, packages } = look;
  return { folder, takesPackages: own && writable, packages };
}

export interface InstallOptions {
  /** As the index calls it. */
  readonly name: string;
  /** The Python of an environment that takes packages. */
  readonly executable: string;
  /** Proxies and package indexes are taken from here. */
  readonly environment: Environment;
  /** Told what happens, line by line. */
  readonly onProgress: (line: string) => void;
}

/** What an installation did to the packages that were there. */
export interface Installed {
  /** Whether some of them have another version now, so that a Python that has loaded them must be started anew. */
  readonly changedOthers: boolean;
}

/**
 * Installs one package with uv, else with pip. Only ready-made builds are taken: a build would run code of whoever
 * published it. What is installed keeps its version, unless the package cannot be had without changing it.
 *
 * @throws AgentError `package.failed` with the real reason first.
 */
export async function installPackage(options: InstallOptions, signal: AbortSignal): Promise<Installed> {
  const before = await lookAtEnvironment(options.executable, options.environment, signal);
  const folder = await mkdtemp(join(tmpdir(), "byzer-install-"));
  try {
    const constraints = join(folder, "constraints.txt");
    const lines = Object.entries(before.packages).map(([name, version]) => `${name}==${version}`);
    await writeFile(constraints, lines.join("\n"));
    const run = await installer(options, folder, signal);
    let result = await run(["--constraint", constraints]);
    const mayChange = isConflict(result);
    if (mayChange) {
      options.onProgress("Other packages have to change with it.");
      result = await run([]);
    }
    if (result.exitCode !== 0) {
      throw failure(options.name, result);
    }
    return { changedOthers: mayChange };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Well-known packages that the index has as source alone; what their build does is to copy files. No other is built.
 * pyspark: only an sdist among the files of its releases.
 */
const sourceAlone: ReadonlySet<string> = new Set(["pyspark"]);

/** Only ready-made builds, for pip and for uv. */
function onlyBuilt(name: string): readonly string[] {
  return ["--only-binary", ":all:", ...(sourceAlone.has(name.toLowerCase()) ? ["--no-binary", name] : [])];
}

type Install = (extra: readonly string[]) => Promise<CommandResult>;

/** @param folder An empty one, so that no settings of a workspace say where packages come from. */
async function installer(options: InstallOptions, folder: string, signal: AbortSignal): Promise<Install> {
  const { name, executable, onProgress } = options;
  const environment = installerEnvironment(options.environment);
  const run = (program: string, args: readonly string[]): Promise<CommandResult> =>
    runCommand(
      { executable: program, args, environment, timeoutMs: 0, onLine: onProgress, workingDirectory: folder },
      signal,
    );
  const uv = await findUv(options, signal);
  if (uv !== undefined) {
    onProgress(`Installing ${name} with uv`);
    return (extra) =>
      run(uv, ["pip", "install", "--python", executable, ...onlyBuilt(name), "--no-progress", ...extra, name]);
  }
  const pip = ["-X", "utf8", "-m", "pip", "--disable-pip-version-check", "--no-input", "--retries", "2"];
  if ((await run(executable, ["-X", "utf8", "-m", "pip", "--version"])).exitCode !== 0) {
    await run(executable, ["-X", "utf8", "-m", "ensurepip", "--default-pip"]);
  }
  onProgress(`Installing ${name} with pip`);
  return (extra) => run(executable, [...pip, "install", "--progress-bar", "off", ...onlyBuilt(name), ...extra, name]);
}

const conflict = /ResolutionImpossible|conflicting dependencies|your requirements are unsatisfiable/i;
const absent = /No matching distribution found|was not found in|no (?:usable )?wheels/i;

function isConflict({ exitCode, output }: CommandResult): boolean {
  return exitCode !== 0 && conflict.test(output) && !absent.test(output);
}

function failure(name: string, { output }: CommandResult): AgentError<"package.failed"> {
  const reason = explain(name, output);
  return new AgentError("package.failed", { name, reason }, reason);
}

/** The real reason first. An index that cannot be reached looks to pip as one that has nothing. */
function explain(name: string, output: string): string {
  const unreachable = unreachableIndex(output);
  if (unreachable !== undefined) {
    return `The package index could not be reached: ${unreachable}`;
  }
  const words = lastWords(output);
  return absent.test(output) ? `The package index has no ready-made build of ${name} for this Python. ${words}` : words;
}
