import type { CellOutput } from "../../protocol/cell-output.ts";
import { type PackageName, packageFor } from "./package-names.ts";

/** A package that code asked for and Python does not have. */
export interface MissingPackage extends PackageName {
  /** As the code or a library named it. */
  readonly module: string;
}

/** How libraries say that an optional one of theirs is missing. */
const optional = [
  /Missing optional dependency '([\w.-]+)'/,
  /`Import ([\w.-]+)` failed/,
  /[Uu]se pip or conda to install (?:the )?`?([\w-]+)/,
  /required package '([\w.-]+)' (?:was )?not found/,
  /^([\w-]+) not found, please install it/,
  /A suitable version of (pyarrow) or fastparquet/,
  /pip install (?:-U |--upgrade )?["'`]?([A-Za-z][\w-]*)/,
];

/** What is missing, as the error says that ended a cell; `undefined` where the error is another one. */
export function missingPackage(outputs: readonly CellOutput[]): MissingPackage | undefined {
  const error = outputs.findLast((output) => output.type === "error");
  if (error?.type !== "error" || (error.name !== "ModuleNotFoundError" && error.name !== "ImportError")) {
    return undefined;
  }

  const module = namedIn(error.message);
  const found = module === undefined ? null : packageFor(module);
  return module === undefined || found === null ? undefined : { module, ...found };
}

/** A module with a dot is part of a package that is there: it has no such part, which installing does not mend. */
function namedIn(message: string): string | undefined {
  const absent = /^No module named '([^']+)'/.exec(message)?.[1];
  if (absent !== undefined) {
    return absent.includes(".") ? undefined : absent;
  }

  return optional.map((pattern) => pattern.exec(message)?.[1]).find((name) => name !== undefined);
}
