import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setInterval } from "node:timers/promises";
import * as z from "zod/mini";
import { AgentError } from "../base/errors.ts";
import { isAlive } from "../base/is-alive.ts";
import { type Environment, installerEnvironment } from "./clean-environment.ts";
import { environmentPython, probePython } from "./find-python.ts";
import { findUv } from "./find-uv.ts";
import { lastWords, unreachableIndex } from "./index-failure.ts";
import { runCommand } from "./run-command.ts";

/** What an analysis needs: tables, figures, Excel and its like, Parquet, tables of web pages. */
export const MANAGED_PACKAGES: readonly string[] = [
  "pandas",
  "matplotlib",
  "openpyxl",
  "pyarrow",
  "python-calamine",
  "odfpy",
  "lxml",
];

const MARKER = "byzer-environment.json";
const LOCK_POLL_MS = 500;
const markerSchema = z.object({ packages: z.array(z.string()), version: z.string() });

export interface ManagedEnvironmentOptions {
  /** Where it lives; created, and rebuilt when it is damaged. */
  readonly directory: string;
  /** The Python that it is made from. */
  readonly basePython: string;
  /** {@link MANAGED_PACKAGES} where left out. */
  readonly packages?: readonly string[];
  /** Proxies and package indexes are taken from here. */
  readonly environment: Environment;
  /** Told what happens, line by line. */
  readonly onProgress: (line: string) => void;
}

/**
 * Makes sure that a virtual environment with the packages for analysis exists, and returns its executable. Does nothing
 * where it is complete; builds it anew where it is broken or was left half-made. Two windows that ask at once get one.
 *
 * @throws AgentError `python.unusable` with the way out: no venv module, no network, a folder that holds other things.
 */
export async function ensureManagedEnvironment(
  options: ManagedEnvironmentOptions,
  signal: AbortSignal,
): Promise<string> {
  await mkdir(dirname(options.directory), { recursive: true });
  return withLock(options, signal, async () => {
    const executable = environmentPython(options.directory);
    if (await isComplete(options, signal)) {
      return executable;
    }
    await clear(options);
    await build(options, signal);
    return executable;
  });
}

/** Whether the environment in the folder has everything and still runs. */
async function isComplete(options: ManagedEnvironmentOptions, signal: AbortSignal): Promise<boolean> {
  const marker = await readMarker(options.directory);
  if (marker === undefined || packagesOf(options).some((name) => !marker.packages.includes(name))) {
    return false;
  }
  const candidate = { path: options.directory, origin: "the managed environment" };
  const probe = await probePython(candidate, options.environment, signal);
  if (!probe.ok) {
    options.onProgress(`The environment is broken and is built anew: ${probe.path} ${probe.reason}.`);
  }
  return probe.ok;
}

async function build(options: ManagedEnvironmentOptions, signal: AbortSignal): Promise<void> {
  const { directory, basePython, onProgress } = options;
  const packages = packagesOf(options);
  const executable = environmentPython(directory);
  const uv = await findUv({ executable: basePython, environment: options.environment }, signal);
  onProgress(`Creating an environment for analysis in ${directory}`);
  if (uv !== undefined) {
    await step(options, uv, ["venv", "--python", basePython, directory], signal);
    onProgress(`Installing ${packages.join(", ")}`);
    await step(options, uv, ["pip", "install", "--python", executable, ...packages], signal);
  } else {
    await step(options, basePython, ["-X", "utf8", "-m", "venv", directory], signal);
    onProgress(`Installing ${packages.join(", ")}`);
    const pip = ["-X", "utf8", "-m", "pip", "install", "--disable-pip-version-check", "--no-input"];
    await step(options, executable, [...pip, "--progress-bar", "off", ...packages], signal);
  }
  const probe = await probePython({ path: directory, origin: "the managed environment" }, options.environment, signal);
  if (!probe.ok) {
    throw unusable(options, `The new environment does not run: ${probe.reason}.`);
  }
  await writeFile(join(directory, MARKER), JSON.stringify({ packages, version: probe.python.version }));
  onProgress("The environment is ready.");
}

async function step(
  options: ManagedEnvironmentOptions,
  executable: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const { onProgress } = options;
  const environment = installerEnvironment(options.environment);
  const result = await runCommand({ executable, args, environment, timeoutMs: 0, onLine: onProgress }, signal);
  if (result.exitCode !== 0) {
    throw unusable(options, explain(options, result.output));
  }
}

function explain(options: ManagedEnvironmentOptions, output: string): string {
  if (/ensurepip is not|No module named '?(?:venv|ensurepip)/.test(output)) {
    return `${options.basePython} comes without the venv module. On Debian and Ubuntu, install it with "sudo apt install python3-venv" and try again.`;
  }
  const unreachable = unreachableIndex(output);
  if (unreachable !== undefined) {
    return `The packages could not be downloaded; check the network or the proxy settings and try again. ${unreachable}`;
  }
  return `The environment could not be made: ${lastWords(output)}`;
}

/** Empties the folder, only where it is an environment or what is left of one. */
async function clear(options: ManagedEnvironmentOptions): Promise<void> {
  const entries = await readdir(options.directory).catch((): string[] => []);
  const isEnvironment =
    entries.length === 0 || ["pyvenv.cfg", MARKER, "bin", "Scripts"].some((name) => entries.includes(name));
  if (!isEnvironment) {
    throw unusable(options, `${options.directory} holds other files; choose an empty folder for the environment.`);
  }
  await rm(options.directory, { recursive: true, force: true });
}

async function readMarker(directory: string): Promise<z.infer<typeof markerSchema> | undefined> {
  try {
    return markerSchema.safeParse(JSON.parse(await readFile(join(directory, MARKER), "utf8"))).data;
  } catch {
    return undefined;
  }
}

/** One builder at a time, over all windows. A lock whose process is gone is taken over. */
async function withLock<T>(
  options: ManagedEnvironmentOptions,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const lock = `${options.directory}.lock`;
  if (!(await tryLock(lock))) {
    options.onProgress("Another window is preparing the environment; waiting for it.");
    for await (const _ of setInterval(LOCK_POLL_MS, undefined, { signal })) {
      if (await tryLock(lock)) {
        break;
      }
    }
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

async function tryLock(lock: string): Promise<boolean> {
  try {
    await writeFile(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch {
    const owner = Number(await readFile(lock, "utf8").catch(() => ""));
    if (owner > 0 && owner !== process.pid && !isAlive(owner)) {
      await rm(lock, { force: true });
    }
    return false;
  }
}

function packagesOf(options: ManagedEnvironmentOptions): readonly string[] {
  return options.packages ?? MANAGED_PACKAGES;
}

function unusable(options: ManagedEnvironmentOptions, reason: string): AgentError {
  return new AgentError("python.unusable", { executable: options.basePython, reason }, reason);
}
