import { packedExtensions, tableExtensions } from "../manifest/table-extensions.ts";

const names = new RegExp(
  `\\.(?:${[...tableExtensions, "zip"].join("|")}|(?:${packedExtensions.join("|")})\\.gz)$`,
  "iu",
);

/** Whether a file is a table by its name; text of other names is mostly none. */
export function isTableName(path: string): boolean {
  return names.test(path);
}
