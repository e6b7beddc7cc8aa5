import type { MissingPackage, PackagePlace } from "../protocol/package-offer.ts";
import type { InterpreterInfo } from "./interpreter.ts";

/** A package that a cell lacks, and the cell. */
export interface PackageRequest {
  readonly turnId: string;
  readonly cellId: string;
  readonly package: MissingPackage;
  readonly place: PackagePlace;
}

export interface PackageAnswer {
  readonly decision: "install" | "skip";
  readonly how: "person" | "command-line";
}

/** What to install, into what. */
export interface PackageInstallation {
  readonly name: string;
  readonly place: PackagePlace;
  /** The Python that runs now. */
  readonly info: InterpreterInfo;
}

/** Asks the person before a package is installed, and installs it. */
export interface PackageCare {
  /** Where packages for the Python that runs would go; never into a Python of the system. */
  place(info: InterpreterInfo, signal: AbortSignal): Promise<PackagePlace>;
  /** Waits for the person. Where nobody is there to ask, the answer is `skip`. */
  ask(request: PackageRequest, signal: AbortSignal): Promise<PackageAnswer>;
  /**
   * Installs one package and shows the progress.
   *
   * @returns Whether code must run in a newly started Python to find it whole. @throws AgentError `package.failed`.
   */
  install(installation: PackageInstallation, signal: AbortSignal): Promise<{ readonly restart: boolean }>;
}
