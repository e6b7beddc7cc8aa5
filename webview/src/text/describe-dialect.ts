import type { TableProfile } from "../../../src/agents/protocol/table-profile.ts";
import type { Strings } from "../strings/en.ts";

/** How a file was read, such as `UTF-8 · comma`, or `XLSX · sheet Sales of 3`. */
export function describeDialect(profile: TableProfile, strings: Strings): string {
  const { dialect, sheets } = profile;
  const { delimiter, encoding, sheet } = dialect;
  const parts = [
    encoding === null ? dialect.format.toUpperCase() : encoding.toUpperCase().replace("-SIG", " BOM"),
    delimiter === null ? null : (strings.delimiters[delimiter] ?? delimiter),
    sheet === null ? null : sheets.length > 1 ? strings.sheetOf(sheet, String(sheets.length)) : strings.sheet(sheet),
    dialect.headerRow === null && delimiter !== null ? strings.noHeader : null,
  ];
  return parts.filter((part) => part !== null).join(" · ");
}
