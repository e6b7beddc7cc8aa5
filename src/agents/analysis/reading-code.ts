import { withImports } from "../protocol/python-imports.ts";
import type { TableProfile } from "../protocol/table-profile.ts";

/** A Python string literal of `text`; JSON's escapes are Python's too. */
export function pythonString(text: string): string {
  return JSON.stringify(text);
}

/**
 * The statements by which code reads a file: into a frame with pandas, else into a list of dictionaries.
 *
 * @param suffix Ends the names of the variables, so that several files do not overwrite each other.
 * @returns `null` where there is no pandas and the standard library alone cannot read the file.
 */
export function readingCode(
  { path, reading }: Pick<TableProfile, "path" | "reading">,
  hasPandas: boolean,
  suffix = "",
): string | null {
  const assignment = `path${suffix} = ${pythonString(path)}`;
  // The path is the first argument of every reading call.
  const withName = (code: string) => code.replace(/\bpath\b/, `path${suffix}`);
  if (hasPandas) {
    const { imports, code } = withImports(reading.pandas);
    return ["import pandas as pd", ...imports, assignment, `df${suffix} = ${withName(code)}`].join("\n");
  }

  return reading.standardLibrary === null
    ? null
    : [assignment, withName(reading.standardLibrary), ...(suffix === "" ? [] : [`rows${suffix} = rows`])].join("\n");
}
