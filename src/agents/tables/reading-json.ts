import type { TableProfile } from "../protocol/table-profile.ts";
import type { BuiltTable } from "./profile/table-builder.ts";
import { pythonModule } from "./python-source.ts";
import { pythonEncoding, pythonList, pythonText } from "./python-text.ts";
import { emptyWords } from "./reading-words.ts";
import type { TableSource } from "./readers/table-source.ts";

const keys = (path: readonly string[]): string => path.map((key) => `[${pythonText(key)}]`).join("");

function encodingOf({ dialect, layout }: TableSource): string {
  return pythonEncoding(dialect.encoding ?? "utf-8", layout.marked);
}

/** An expression for the document, or the list of what stands on its lines. */
function loaded(source: TableSource, json: string): string {
  const { dialect, layout } = source;
  const open = `open(path, encoding=${pythonText(encodingOf(source))})`;
  return dialect.format === "jsonl" || layout.lines
    ? `[${json}.loads(line) for line in ${open} if line.strip()]`
    : `${json}.load(${open})`;
}

/** A list of dictionaries, one for each feature. */
function featureList(source: TableSource, json: string): string {
  const { layout } = source;
  const document = loaded(source, json);
  const { recordPath, places, lines, wholeIsRecord } = layout;
  const features = wholeIsRecord && !lines ? `[${document}]` : `${document}${keys(recordPath)}`;
  const geometry = '(f.get("geometry") or {})';
  const place = (index: number): string =>
    `${geometry}["coordinates"][${index}] if ${geometry}.get("type") == "Point" and len(${geometry}["coordinates"]) > ${index} else None`;
  const entries = [
    ...(places?.id === null || places === null ? [] : [`${pythonText(places.id)}: f.get("id")`]),
    '**(f.get("properties") or {})',
    `${pythonText(places?.type ?? "geometry_type")}: ${geometry}.get("type")`,
    ...(places?.longitude === null || places === null ? [] : [`${pythonText(places.longitude)}: ${place(0)}`]),
    ...(places?.latitude === null || places === null ? [] : [`${pythonText(places.latitude)}: ${place(1)}`]),
  ];
  return `[{${entries.join(", ")}} for f in ${features}]`;
}

/** A list of dictionaries for shapes of JSON that hold records; `null` for those that hold lists. */
function recordList(source: TableSource, json: string): string | null {
  const { layout, dialect } = source;
  if (dialect.format === "geojson") {
    return featureList(source, json);
  }
  const document = `${loaded(source, json)}${keys(layout.recordPath)}`;
  switch (layout.orientation) {
    case "records":
      return document;
    case "single":
      return `[${document}]`;
    case "by-row":
      return `[{${pythonText(layout.rowKey ?? "key")}: k, **v} for k, v in ${document}.items()]`;
    default:
      return null;
  }
}

/** Lists of cells, names left out. */
function cellLists(source: TableSource, json: string): string {
  const { layout } = source;
  const document = `${loaded(source, json)}${keys(layout.recordPath)}`;
  return layout.orientation === "arrays-with-header" ? `${document}[1:]` : document;
}

function jsonExpression(source: TableSource, beyondPandas: boolean): string {
  const { layout, dialect, names } = source;
  const json = pythonModule("json");
  const encoding = encodingOf(source);
  const named = encoding === "utf-8" ? "" : `, encoding=${pythonText(encoding)}`;
  const plain = `${dialect.format === "jsonl" ? ", lines=True" : ""}, dtype=False, convert_dates=False${named}`;
  const whole = layout.recordPath.length === 0 && !beyondPandas && !layout.nested;
  if (whole && ["records", "columns", "by-column"].includes(layout.orientation) && dialect.format !== "geojson") {
    const numbered = layout.orientation === "records" && names.some((name) => /^\d+$/u.test(name));
    return `pd.read_json(path${plain})${numbered ? `[${pythonList(names)}]` : ""}`;
  }
  const records = recordList(source, json);
  if (records !== null) {
    return layout.nested ? `pd.json_normalize(${records})` : `pd.DataFrame(${records})`;
  }
  const given = layout.orientation === "split" || layout.orientation === "arrays-with-header";
  return `pd.DataFrame(${cellLists(source, json)}${given ? `, columns=${pythonList(names)}` : ""})`;
}

/** How Python reads JSON, JSON Lines and GeoJSON. */
export function jsonReading(source: TableSource, built: BuiltTable): TableProfile["reading"] {
  const beyondPandas = built.columns.some(({ evidence }) => evidence.beyondInt64);
  const finite = source.layout.infinite ? '.replace([float("inf"), float("-inf")], None)' : "";
  const rows = built.footer.rows > 0 ? `.head(${built.rowCount})` : "";
  return {
    pandas: `${jsonExpression(source, beyondPandas)}${rows}${finite}${emptyWords(built)}`,
    packages: ["pandas"],
    standardLibrary: standardJson(source),
  };
}

/** Statements that leave the records in `rows`; nested objects stay dictionaries. */
function standardJson(source: TableSource): string | null {
  const { layout, names } = source;
  const records = recordList(source, "json");
  if (records !== null) {
    return ["import json", `rows = ${records}`].join("\n");
  }
  const document = `${loaded(source, "json")}${keys(layout.recordPath)}`;
  switch (layout.orientation) {
    case "columns":
      return [
        "import json",
        `columns = ${document}`,
        "rows = [dict(zip(columns, cells)) for cells in zip(*columns.values())]",
      ].join("\n");
    case "by-column":
      return [
        "import json",
        `columns = ${document}`,
        "rows = [{name: cells.get(key) for name, cells in columns.items()} for key in next(iter(columns.values()))]",
      ].join("\n");
    case "values":
      return ["import json", `rows = [{"0": value} for value in ${document}]`].join("\n");
    default:
      return [
        "import json",
        `names = ${pythonList(names)}`,
        `rows = [dict(zip(names, cells + [None] * len(names))) for cells in ${cellLists(source, "json")}]`,
      ].join("\n");
  }
}
