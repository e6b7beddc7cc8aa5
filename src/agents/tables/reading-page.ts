import type { TableProfile } from "../protocol/table-profile.ts";
import type { BuiltTable } from "./profile/table-builder.ts";
import { pythonModule } from "./python-source.ts";
import { pythonEncoding, pythonText } from "./python-text.ts";
import { columnArguments, nameList } from "./reading-columns.ts";
import type { TableSource } from "./readers/table-source.ts";

/** The page, out of the file that packs it with its pictures where there is one. */
function pageExpression({ layout }: TableSource): string {
  if (layout.mimePart === null) {
    return "path";
  }
  const parts = `${pythonModule("email")}.message_from_binary_file(open(path, "rb")).walk()`;
  const page = `[part for part in ${parts} if part.get_content_type() == "text/html"][${layout.mimePart}]`;
  return `${pythonModule("io")}.BytesIO(${page}.get_payload(decode=True))`;
}

/** One table of a page: what is said of its header and columns would not fit the others. */
function tableExpression(page: string, element: number, encoding: string): string {
  const html = `${pythonModule("lxml.html")}.html`;
  const parser = `${html}.HTMLParser(encoding=${pythonText(encoding)})`;
  const table = `${html}.parse(${page}, parser=${parser}).xpath("//table")[${element}]`;
  return `${pythonModule("io")}.StringIO(${html}.tostring(${table}, encoding="unicode", with_tail=False))`;
}

/** Where the header is, as `read_html` counts: from the first row of the table. */
function headerArguments({ dialect, layout }: TableSource): string[] {
  const { headerRow, headerRows = 1 } = dialect;
  if (headerRow === null) {
    return layout.headRows > 0
      ? [`header=${layout.headRows - 1}`]
      : layout.skippedRecords > 0
        ? [`skiprows=${layout.skippedRecords}`]
        : [];
  }
  const last = headerRow + headerRows - 1;
  return layout.headRows === 1 && last === 0 ? [] : [`header=${last}`];
}

/** Columns are told by their place: their names may be given only after reading. */
function byPlace(argument: string, names: readonly string[]): string {
  return names.reduce((text, name, index) => text.replaceAll(`${pythonText(name)}: `, () => `${index}: `), argument);
}

/** Identifiers and numbers beyond 64 bits stay text; amounts with signs become numbers. */
function convertersArgument(source: TableSource, built: BuiltTable, amounts: string | undefined): string[] {
  const texts = built.columns.flatMap(({ profile, decided, evidence }, index) =>
    (profile.type === "identifier" && decided.whole !== true) || evidence.beyondInt64
      ? [`${index}: lambda x: x or None`]
      : [],
  );
  const inner = amounts === undefined ? [] : [byPlace(amounts, source.names).replace(/^converters=\{(.*)\}$/su, "$1")];
  const entries = [...texts, ...inner];
  return entries.length === 0 ? [] : [`converters={${entries.join(", ")}}`];
}

/** How Python reads a table of a web page. */
export function pageReading(source: TableSource, built: BuiltTable): TableProfile["reading"] {
  const { dialect, layout, names } = source;
  const columns = columnArguments(source, built);
  const encoding = pythonEncoding(dialect.encoding ?? "utf-8", layout.marked);
  const settings = [
    ...headerArguments(source),
    ...(dialect.decimal === "," ? ['decimal=","'] : []),
    ...(dialect.thousands === ","
      ? []
      : [`thousands=${dialect.thousands === null ? "None" : pythonText(dialect.thousands)}`]),
    ...columns
      .filter((argument) => argument.startsWith("na_values=") || argument.startsWith("keep_default_na="))
      .map((argument) => byPlace(argument, names)),
    ...convertersArgument(
      source,
      built,
      columns.find((argument) => argument.startsWith("converters=")),
    ),
  ];
  const page = pageExpression(source);
  const alone = layout.pageElement !== null && settings.length > 0;
  const read = alone
    ? `pd.read_html(${[tableExpression(page, layout.pageElement, encoding), ...settings].join(", ")})[0]`
    : `pd.read_html(${[page, `encoding=${pythonText(encoding)}`, ...settings].join(", ")})[${layout.part ?? "0"}]`;
  const renamed = layout.names === "header" ? "" : `.set_axis(${nameList(names)}, axis=1)`;
  const filled = layout.blankRows ? '.dropna(how="all")' : "";
  const limit = built.footer.rows > 0 ? `.head(${built.rowCount})` : "";
  return {
    pandas: `${read}${renamed}${filled}${limit}`,
    packages: ["pandas", "lxml"],
    standardLibrary: null,
  };
}
