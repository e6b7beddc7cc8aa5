import { messageOf } from "../../base/errors.ts";
import { pythonInterpreter } from "../../catalog/python-interpreter.ts";
import type { Run } from "../../core/run.ts";
import type { PackageCare } from "../../ports/package-care.ts";
import type { CellOutput } from "../../protocol/cell-output.ts";
import type { PythonHost } from "../python-host.ts";
import { type MissingPackage, missingPackage } from "./missing-package.ts";

/** Packages that one cell is offered: a cell that imports many lacks them one by one. */
const offersOfCell = 5;

/** What offering packages needs from the session. */
export interface PackageOfferParts {
  readonly python: PythonHost;
  /** Left out where nothing can be installed. */
  readonly packageCare?: PackageCare;
  readonly turnId: () => string;
}

/** The packages that one cell lacks: each is offered, and once it is there the cell may run again. */
export class PackageOffers {
  readonly #parts: PackageOfferParts;
  readonly #run: Run;
  readonly #cellId: string;
  readonly #offered = new Set<string>();
  readonly #notes: string[] = [];

  constructor(parts: PackageOfferParts, run: Run, cellId: string) {
    this.#parts = parts;
    this.#run = run;
    this.#cellId = cellId;
  }

  /** What the author is told of packages that came or did not. */
  get notes(): readonly string[] {
    return this.#notes;
  }

  /** @returns Whether the cell that ended with `outputs` lacked a package that is there now. */
  async mend(outputs: readonly CellOutput[]): Promise<boolean> {
    const { packageCare: care } = this.#parts;
    const missing = missingPackage(outputs);
    const isNew = missing !== undefined && !this.#offered.has(missing.name) && this.#offered.size < offersOfCell;
    if (care === undefined || !isNew) {
      return false;
    }

    this.#offered.add(missing.name);
    return this.#offer(care, missing);
  }

  async #offer(care: PackageCare, missing: MissingPackage): Promise<boolean> {
    const { signal, budget } = this.#run;
    const cellId = this.#cellId;
    const { info } = await this.#parts.python.interpreter(signal);
    if (info.place === "cluster") {
      // What is installed there is for those who run the cluster to say.
      this.#notes.push(`${missing.name} is not installed on the cluster. Do without it, with what is installed.`);
      return false;
    }

    const place = await care.place(info, signal);
    this.#emitProgress("waiting", missing.name);
    this.#run.emit({ type: "package-request", cellId, package: missing, place });
    const request = { turnId: this.#parts.turnId(), cellId, package: missing, place };
    const { decision, how } = await budget.offTheClock(() => care.ask(request, signal));
    signal.throwIfAborted();
    this.#run.emit({ type: "package-answer", cellId, decision, how });
    if (decision === "skip") {
      this.#notes.push(`${missing.name} is not installed and will not be. Do without it, with what is installed.`);
      return false;
    }

    this.#emitProgress("installing", missing.name);
    return budget.offTheClock(() => this.#install(care, { name: missing.name, place, info }));
  }

  async #install(care: PackageCare, installation: Parameters<PackageCare["install"]>[0]): Promise<boolean> {
    const { signal } = this.#run;
    const { python } = this.#parts;
    const cellId = this.#cellId;
    try {
      const { restart } = await care.install(installation, signal);
      if (restart) {
        await python.close();
      } else {
        await (await python.interpreter(signal)).refresh();
      }
    } catch (error) {
      signal.throwIfAborted();
      const message = messageOf(error);
      this.#run.emit({ type: "package-end", cellId, installed: false, message });
      this.#notes.push(`${installation.name} could not be installed: ${message} Do without it.`);
      return false;
    }

    this.#run.emit({ type: "package-end", cellId, installed: true, message: "" });
    this.#notes.push(`${installation.name} was installed for this code.`);
    return true;
  }

  #emitProgress(activity: "waiting" | "installing", detail: string): void {
    this.#run.emit({ type: "progress", agent: pythonInterpreter.name, activity, detail });
  }
}
