import type { PackagePlace } from "../protocol/package-offer.ts";
import { ensureManagedEnvironment } from "./managed-environment.ts";
import { type InstallOptions, installPackage, lookAtEnvironment } from "./install-package.ts";

/**
 * Where packages for the Python `executable` go: into its environment, or into the managed one where it is the Python
 * of a system, or of somebody else.
 *
 * @throws AgentError `python.unusable`.
 */
export async function packagePlace(
  options: Pick<InstallOptions, "executable" | "environment"> & { readonly managedFolder: string },
  signal: AbortSignal,
): Promise<PackagePlace> {
  const { folder, takesPackages } = await lookAtEnvironment(options.executable, options.environment, signal);
  return takesPackages ? { kind: "environment", folder } : { kind: "managed", folder: options.managedFolder };
}

/** What runs code after an installation. */
export interface PlacedPackage {
  readonly executable: string;
  /** Whether the Python that runs must make way for a new one. */
  readonly restart: boolean;
}

/**
 * Installs one package into `place`; makes the managed environment first where it is not there yet.
 *
 * @throws AgentError `package.failed`, `python.unusable`.
 */
export async function installInPlace(
  options: InstallOptions & { readonly place: PackagePlace },
  signal: AbortSignal,
): Promise<PlacedPackage> {
  const { place, environment, onProgress } = options;
  if (place.kind === "environment") {
    const { changedOthers } = await installPackage(options, signal);
    return { executable: options.executable, restart: changedOthers };
  }
  const managed = { directory: place.folder, basePython: options.executable, environment, onProgress };
  const executable = await ensureManagedEnvironment(managed, signal);
  await installPackage({ ...options, executable }, signal);
  return { executable, restart: true };
}
