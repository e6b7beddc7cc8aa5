import type * as Xlsx from "@e965/xlsx";

const two = (value: number): string => String(value).padStart(2, "0");

/** Says what a cell shows, on one line: days as ISO 8601, amounts and shares as they are formatted. */
export function cellReader(library: Pick<typeof Xlsx, "SSF">, book: Xlsx.WorkBook): (cell: Xlsx.CellObject) => string {
  const date1904 = book.Workbook?.WBProps?.date1904 === true;
  const isDate = new Map<string, boolean>();
  const dateOf = (serial: number): string | null => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the library types it as any
    const parts = library.SSF.parse_date_code(serial, { date1904 }) as {
      readonly y: number;
      readonly m: number;
      readonly d: number;
      readonly H: number;
      readonly M: number;
      readonly S: number;
    } | null;
    if (parts === null) {
      return null;
    }
    const clock = `${two(parts.H)}:${two(parts.M)}${parts.S >= 1 ? `:${two(Math.floor(parts.S))}` : ""}`;
    const day = `${String(parts.y).padStart(4, "0")}-${two(parts.m)}-${two(parts.d)}`;
    return serial < 1 ? clock : clock === "00:00" ? day : `${day} ${clock}`;
  };
  const numberOf = (value: number, format: string, shown: string): string => {
    if (!isDate.has(format)) {
      isDate.set(format, library.SSF.is_date(format) === true && !/\[[hms]+\]/iu.test(format));
    }
    const day = isDate.get(format) === true ? dateOf(value) : null;
    const isPlain = /^[-\d.,\s]*$/u.test(shown) || shown.includes("#");
    return day ?? (isPlain ? String(Number(value.toPrecision(15))) : shown.trim());
  };
  return (cell) => {
    const { v: value, w: shown = "", z: format, c: comments } = cell;
    const text =
      typeof value === "number" && cell.t === "n"
        ? numberOf(value, typeof format === "string" ? format : "General", shown)
        : value instanceof Date
          ? value.toISOString().replace(/T00:00:00\.000Z$/u, "")
          : cell.t === "z"
            ? ""
            : cell.t === "e"
              ? shown
              : String(value ?? "");
    const said = (comments ?? []).map(({ t }) => t ?? "").filter((comment) => comment.trim() !== "");
    return [text, ...said.map((comment) => `(${comment.trim()})`)].join(" ").replace(/\s+/gu, " ").trim();
  };
}
