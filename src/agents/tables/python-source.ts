import { extname } from "node:path";
import type { TableProfile } from "../protocol/table-profile.ts";
import { withImports } from "../protocol/python-imports.ts";
import { pythonText } from "./python-text.ts";
import type { OpenedFile } from "./readers/file-bytes.ts";
import type { Packing } from "./readers/table-source.ts";

/** A module in an expression that must stand alone; what is shown to people and agents has an import instead. */
export function pythonModule(name: string): string {
  return `__import__(${pythonText(name)})`;
}

/** An expression for the bytes of the table, as a path where it is not packed. */
function bytesExpression(packing: readonly Packing[]): string {
  return packing.reduce(
    (inner, { method, member }) =>
      method === "gzip"
        ? `${pythonModule("gzip")}.open(${inner})`
        : `${pythonModule("zipfile")}.ZipFile(${inner}).open(${pythonText(member ?? "")})`,
    "path",
  );
}

/** Extensions from which pandas guesses that a text file is packed. */
const guessedFrom: ReadonlySet<string> = new Set([".gz", ".bz2", ".zip", ".xz", ".zst", ".tar"]);
const takesCompression = /pd\.read_(csv|json|fwf|table)\(path\b/u;

/** Tells a call that reads text by its path how the file is packed, where its name says nothing or the wrong thing. */
function withCompression(call: string, packing: readonly Packing[], extension: string): string {
  const [only] = packing;
  const argument =
    only === undefined
      ? guessedFrom.has(extension)
        ? "compression=None"
        : null
      : only.method === "gzip" && extension !== ".gz"
        ? 'compression="gzip"'
        : null;
  return argument === null ? call : call.replace(takesCompression, (found) => `${found}, ${argument}`);
}

/** A call of pandas on a plain file as a call on the packed one. */
function packedCall(call: string, packing: readonly Packing[], extension: string): string {
  const simple = packing.length === 0 || (packing.length === 1 && packing[0]?.method === "gzip");
  if (simple && takesCompression.test(call)) {
    return withCompression(call, packing, extension);
  }
  if (packing.length === 0) {
    return call;
  }
  const bytes = bytesExpression(packing);
  const opened = /\bopen\(path, (encoding=[^)]*)\)/u.exec(call);
  if (opened !== null) {
    const text = `${pythonModule("io")}.TextIOWrapper(${bytes}, ${opened[1] ?? ""})`;
    return call.replace(opened[0], () => text);
  }
  return call.replace(/\bopen\(path, "rb"\)|\bpath\b/u, () => bytes);
}

/** Statements on a plain file as statements on the packed one. */
function packedStatements(statements: string, packing: readonly Packing[]): string {
  if (packing.length === 0) {
    return statements;
  }
  const { imports, code } = withImports(`${pythonModule("io")}.TextIOWrapper(${bytesExpression(packing)}, `);
  return [...imports, statements.replace(/\bopen\(path, /u, () => code)].join("\n");
}

/** How Python reads a table that may lie packed. */
export function packedReading(
  reading: TableProfile["reading"],
  packing: readonly Packing[],
  file: OpenedFile,
): TableProfile["reading"] {
  const { pandas, standardLibrary } = reading;
  return {
    ...reading,
    pandas: packedCall(pandas, packing, extname(file.name).toLowerCase()),
    standardLibrary: standardLibrary === null ? null : packedStatements(standardLibrary, packing),
  };
}
