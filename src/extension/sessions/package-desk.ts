import { type Disposable, l10n } from "vscode";
import type { PackageAnswer, PackageCare, PackageInstallation } from "../../agents/ports/package-care.ts";
import type { PlacedPackage } from "../../agents/python/install-in-place.ts";
import { loadAgents } from "../platform/agents.ts";
import { openProgressTerminal } from "../platform/progress-terminal.ts";
import { WaitingAnswers } from "./waiting-answers.ts";

export interface PackageDeskParts {
  /** Where the environment that Byzer Agent makes lives. */
  readonly managedFolder: string;
  /** Takes note of what is installed; with an executable, code runs in that one from the next start on. */
  readonly adopt: (executable: string | undefined) => Promise<void>;
}

/** Asks the person in the panel whether a package may be installed, and installs it with its progress in a terminal. */
export class PackageDesk implements PackageCare, Disposable {
  readonly #parts: PackageDeskParts;
  readonly #answers = new WaitingAnswers<PackageAnswer["decision"]>();

  /** Fires with the number of offers that wait, when it has changed. */
  readonly onWaiting = this.#answers.onCount;

  constructor(parts: PackageDeskParts) {
    this.#parts = parts;
  }

  async place({ executable }: PackageInstallation["info"], signal: AbortSignal): ReturnType<PackageCare["place"]> {
    const { packagePlace } = await loadAgents();
    const { managedFolder } = this.#parts;
    return packagePlace({ executable, environment: process.env, managedFolder }, signal);
  }

  async ask({ cellId }: { readonly cellId: string }, signal: AbortSignal): Promise<PackageAnswer> {
    return { decision: await this.#answers.wait(cellId, signal), how: "person" };
  }

  /** The person's answer to the offer of a cell; answers to others are ignored. */
  answer(cellId: string, decision: PackageAnswer["decision"]): void {
    this.#answers.answer(cellId, decision);
  }

  /** Closing the terminal that shows the progress stops the work. It goes when all is well and stays where it is not. */
  async install(installation: PackageInstallation, signal: AbortSignal): Promise<PlacedPackage> {
    const { installInPlace } = await loadAgents();
    const { name, place, info } = installation;
    const { executable } = info;
    const terminal = openProgressTerminal(l10n.t("Byzer Agent: installing {0}", name));
    const options = { name, place, executable, environment: process.env, onProgress: terminal.write };
    const placed = await installInPlace(options, AbortSignal.any([signal, terminal.closed]));
    terminal.close();
    await this.#parts.adopt(placed.executable === executable ? undefined : placed.executable);
    return placed;
  }

  dispose(): void {
    this.#answers.dispose();
  }
}
