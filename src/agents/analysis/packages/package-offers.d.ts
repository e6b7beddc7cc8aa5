import type { Run } from "../../core/run.ts";
import type { PackageCare } from "../../ports/package-care.ts";
import type { CellOutput } from "../../protocol/cell-output.ts";
import type { PythonHost } from "../python-host.ts";
/** What offering packages needs from the session. */
export interface PackageOfferParts {
  readonly python: PythonHost;
  /** Left out where nothing can be installed. */
  readonly packages?: PackageCare;
  readonly turnId: () => string;
}
/** The packages that one cell lacks: each is offered, and once it is there the cell may run again. */
export declare class PackageOffers {
  #private;
  constructor(parts: PackageOfferParts, run: Run, cellId: string);
  /** What the author is told of packages that did not come. */
  get notes(): readonly string[];
  /** @returns Whether the cell that ended with `outputs` lacked a package that is there now. */
  mend(outputs: readonly CellOutput[]): Promise<boolean>;
}
