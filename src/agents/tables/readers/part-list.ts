import { AgentError } from "../../base/errors.ts";
import type { TableProfile, TableWarning } from "../../protocol/table-profile.ts";
import type { OpenedFile } from "./file-bytes.ts";

type Parts = TableProfile["sheets"];

/** What holds several tables. */
export type Whole = "workbook" | "archive" | "database" | "page" | "file";

const namedParts = 12;

/** Names for a sentence, the first of many. */
function listed(names: readonly string[]): string {
  const more = names.length - namedParts;
  return `${names.slice(0, namedParts).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** The error for a part that the person, or an agent, named and that is not there. */
export function noSuchPart(
  file: OpenedFile,
  wanted: string,
  names: readonly string[],
): AgentError<"table.not-readable"> {
  const reason = `there is no "${wanted}" in it`;
  const message = `"${file.name}" has no table "${wanted}". It has: ${listed(names)}.`;
  return new AgentError("table.not-readable", { path: file.path, reason }, message);
}

/** Says which other tables the file holds beside the one that was read. */
export function otherParts(whole: Whole, parts: Parts, chosen: string | null): TableWarning[] {
  const others = parts.filter(({ name, rowCount }) => name !== chosen && rowCount !== 0);
  if (others.length === 0) {
    return [];
  }
  const names = others.map(({ name, hidden }) => `"${name}"${hidden ? " (hidden)" : ""}`);
  const part = whole === "workbook" ? "the sheet " : "";
  return [
    {
      code: whole === "workbook" ? "other-sheets" : "other-parts",
      severity: "info",
      message: `This is ${part}"${chosen ?? ""}". The ${whole} also has ${listed(names)}.`,
      columns: [],
      values: { sheet: chosen ?? "", others: listed(others.map(({ name }) => name)), whole },
    },
  ];
}
