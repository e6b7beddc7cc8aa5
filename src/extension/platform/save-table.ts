import { Uri, l10n, window, workspace } from "vscode";
import type { TableOutput } from "../../agents/protocol/cell-output.ts";
import { toDelimited } from "../../agents/protocol/delimited-text.ts";

/** Without it, spreadsheets take UTF-8 for the code page of the machine. */
const byteOrderMark = "\uFEFF";

/** Asks where, and saves what a cell showed of a table as CSV. What travelled of a longer table is said before and after. */
export async function saveTable(table: TableOutput, cellNumber: number): Promise<void> {
  const cut = cutOf(table);
  const [folder] = workspace.workspaceFolders ?? [];
  const name = `${fileName(table.name) ?? `cell ${cellNumber}`}.csv`;
  const target = await window.showSaveDialog({
    title: cut === undefined ? l10n.t("Save the table as CSV") : l10n.t("Save the table as CSV: {0}", cut),
    filters: { CSV: ["csv"] },
    ...(folder === undefined ? {} : { defaultUri: Uri.joinPath(folder.uri, name) }),
  });
  if (target === undefined) {
    return;
  }
  const text = `${byteOrderMark}${toDelimited(table.columns, table.rows, ",")}\r\n`;
  await workspace.fs.writeFile(target, new TextEncoder().encode(text));
  if (cut !== undefined) {
    const advice = l10n.t("For all of it, ask for the table to be written to a file.");
    void window.showWarningMessage(l10n.t("Saved {0}. {1}", cut, advice));
  }
}

/** What of a table is here, in words, where it is not all of it. */
function cutOf({ rows, columns, rowCount, columnCount }: TableOutput): string | undefined {
  const facts = [
    rows.length < rowCount ? l10n.t("the first {0} of {1} rows", rows.length, rowCount) : undefined,
    columns.length < columnCount ? l10n.t("the first {0} of {1} columns", columns.length, columnCount) : undefined,
  ].filter((fact) => fact !== undefined);
  return facts.length === 0 ? undefined : facts.join(", ");
}

/** A table's name as the name of a file; `undefined` where nothing of it is left. */
function fileName(name: string | undefined): string | undefined {
  const plain = (name ?? "")
    .replaceAll(/[\\/:*?"<>|\p{Cc}]+/gu, " ")
    .trim()
    .slice(0, 80);
  return plain === "" || /^\.+$/u.test(plain) ? undefined : plain;
}
