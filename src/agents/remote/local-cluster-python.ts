import { AgentError } from "../base/errors.ts";
import type { Environment } from "../python/clean-environment.ts";
import type { FoundPython } from "../python/find-python.ts";
import { MANAGED_PACKAGES, ensureManagedEnvironment } from "../python/managed-environment.ts";
import { localClusterPackages } from "./local-cluster.ts";
import { compareVersions, rayVersions } from "./ray-version.ts";

/** The oldest Python for which there is a Ray of the tested version. */
const oldestPython = "3.10";

export interface LocalPythonOptions {
  /** Where it is made: a folder of its own. */
  readonly directory: string;
  /** What it is made from. */
  readonly base: FoundPython;
  readonly environment: Environment;
  /** Told what happens, line by line; of one that is there, nothing. */
  readonly onProgress: (line: string) => void;
}

/**
 * Makes sure that there is a Python that can run a cluster of this machine and analyses on it; about 600 MB.
 *
 * @returns Its executable. @throws AgentError `python.unusable`
 */
export async function ensureLocalClusterPython(options: LocalPythonOptions, signal: AbortSignal): Promise<string> {
  const { base, ...rest } = options;
  if (compareVersions(base.version, oldestPython) < 0) {
    const reason = `Ray ${rayVersions.tested} needs Python ${oldestPython} or newer, and ${base.executable} is ${base.version}. Choose a newer one.`;
    throw new AgentError("python.unusable", { executable: base.executable, reason }, reason);
  }
  const packages = [...MANAGED_PACKAGES, ...localClusterPackages];
  return await ensureManagedEnvironment({ ...rest, basePython: base.executable, packages }, signal);
}
