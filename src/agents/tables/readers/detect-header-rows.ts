import { looksTyped } from "../profile/parse-cell.ts";

type Cell = string | number | boolean | bigint | null;
type Row = readonly Cell[];

const textOf = (cell: Cell | undefined): string =>
  cell === null || cell === undefined ? "" : String(cell).replaceAll(/\s+/gu, " ").trim();

const isTyped = (cell: Cell | undefined): boolean =>
  typeof cell === "string" ? looksTyped(cell.trim()) : cell !== null && cell !== undefined;

const deepest = 3;
const looked = 60;

const bracketed = /^[([（【].{0,15}[)\]）】]$/u;
const unitNames =
  /^(%|‰|°|°?[CFK]|℃|[kMGmµμn]?(m|g|s|A|V|W|Hz|Pa|J|N|L|l|B|mol|bar|Wh|eV|Ω|ohm)|[ckmdµ]?m[²³23]|min|h|hr|hrs|days?|weeks?|months?|years?|sec|deg|rad|hPa|ppm|ppb|pcs?|kmh|km\/h|m\/s|mm\/h|m\/s²|g\/cm³|g\/L|mg\/L|kg\/m³|lbs?|oz|ft|mi|mph|inch|in|gal|USD|EUR|GBP|CNY|RMB|JPY|[$€£¥￥]|[十百千万亿]*(元|美元|欧元|日元|人|个|件|台|辆|次|天|日|年|月|岁|小时|分钟?|秒|米|千米|公里|厘米|毫米|克|千克|公斤|吨|升|毫升|平方米|平方公里|亩|公顷|户|家|条|张|册|只|头|株|度|千瓦时?|瓦))$/u;

const isUnit = (text: string): boolean => bracketed.test(text) || unitNames.test(text);

/** Columns in which all that is written is a number, a date or a time. */
function typedColumns(data: readonly Row[], width: number): readonly boolean[] {
  return Array.from({ length: width }, (_, column) => {
    const cells = data.map((row) => row[column]).filter((cell) => textOf(cell) !== "");
    return cells.length > 0 && cells.filter(isTyped).length >= cells.length * 0.8;
  });
}

/** A row of units below the names, above numbers. */
function isUnitsRow(row: Row, typed: readonly boolean[]): boolean {
  const filled = row.flatMap((cell, column) => (textOf(cell) === "" ? [] : [column]));
  const above = filled.filter((column) => typed[column] === true);
  return (
    filled.length > 0 &&
    above.length >= filled.length * 0.5 &&
    filled.length >= Math.min(2, typed.length) &&
    filled.every((column) => isUnit(textOf(row[column])))
  );
}

/**
 * Names of groups of columns: each stands above cells of its own, and beside it the row is blank or says it again. A
 * name of one column only has nothing below it.
 */
export function isGroupRow(row: Row, below: Row): boolean {
  let groups = 0;
  let spanning = 0;
  for (let column = 0; column < row.length;) {
    const text = textOf(row[column]);
    let end = column + 1;
    while (end < row.length && (textOf(row[end]) === "" || textOf(row[end]) === text)) {
      end += 1;
    }
    const under = textOf(below[column]);
    if (text !== "" && end - column === 1 && under !== "" && under !== text) {
      return false;
    }
    groups += text === "" ? 0 : 1;
    spanning += text !== "" && end - column > 1 ? 1 : 0;
    column = end;
  }
  return groups >= 2 && spanning >= 1 && row.length === below.length && row.every((cell) => !isValue(cell));
}

/** Typed, and no year. */
const isValue = (cell: Cell | undefined): boolean => isTyped(cell) && !/^(1[89]|20)\d{2}年?$/u.test(textOf(cell));

/** The row names columns: no value in it is typed, years aside, and numbers stand below its names. */
function namesColumns(row: Row, typed: readonly boolean[]): boolean {
  const cells = row.map(textOf);
  return (
    row.every((cell) => !isValue(cell)) &&
    cells.filter((text, column) => text !== "" && typed[column] === true).length >= 2
  );
}

/**
 * Says how many rows the header takes: 2 and more where names of groups of columns stand above names, or units below
 * names.
 *
 * @param rows first rows of the table, the header first
 */
export function headerDepth(rows: readonly Row[]): number {
  const width = rows[0]?.length ?? 0;
  const most = width < 2 ? 1 : Math.min(deepest, rows.length - 1);
  let depth = 1;
  while (depth < most) {
    const row = rows[depth] ?? [];
    const data = rows.slice(depth + 1, depth + 1 + looked);
    const typed = typedColumns(data, width);
    const units = row.length === width && isUnitsRow(row, typed);
    const level = row.length === width && isGroupRow(rows[depth - 1] ?? [], row) && namesColumns(row, typed);
    if (!units && !level) {
      break;
    }
    depth += 1;
    if (units) {
      break;
    }
  }
  return depth;
}

/** A name spread over the blank cells to its right, as far as the row below has names. */
function spread(row: Row, below: Row): string[] {
  let last = "";
  return row.map((cell, column) => {
    const text = textOf(cell);
    last = text === "" ? last : text;
    return text === "" && textOf(below[column]) === "" ? "" : last;
  });
}

/** The names of columns whose header takes several rows: `2023 / sales`, `depth (m)`. */
export function joinedNames(header: readonly Row[]): string[] {
  const width = Math.max(...header.map((row) => row.length));
  const levels = header.map((row, level) =>
    level < header.length - 1 ? spread(row, header[level + 1] ?? []) : row.map(textOf),
  );
  const units = header.length > 1 && levels.at(-1)?.every((text) => text === "" || isUnit(text)) === true;
  return Array.from({ length: width }, (_, column) => {
    let name = "";
    let last = "";
    for (const [level, cells] of levels.entries()) {
      const text = cells[column] ?? "";
      if (text === "" || text === last) {
        continue;
      }
      const unit = units && level === levels.length - 1 ? (bracketed.test(text) ? text : `(${text})`) : null;
      name = name === "" ? text : unit === null ? `${name} / ${text}` : `${name} ${unit}`;
      last = text;
    }
    return name;
  });
}
