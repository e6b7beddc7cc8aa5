import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import iconv from "iconv-lite";

/** Forms of the disasters table of npm's `vega-datasets`: as it is, and as Chinese offices write it. */
export const tableVariants = ["plain", "gb18030", "utf16"] as const;
export type TableVariant = (typeof tableVariants)[number];

const source = join(import.meta.dirname, "../../node_modules/vega-datasets/data/disasters.csv");

/** Writes one form of the table into `folder`. @returns Its path. */
export function writeVariant(folder: string, variant: TableVariant): string {
  mkdirSync(folder, { recursive: true });
  const [, ...lines] = readFileSync(source, "utf8").trim().split(/\r?\n/);
  const rows = lines.map((line) => /^(.*),(\d+),(\d+)$/.exec(line)?.slice(1) ?? []);
  switch (variant) {
    case "plain":
      return write(join(folder, "disasters.csv"), `${["Entity,Year,Deaths", ...lines].join("\n")}\n`, "utf8");
    case "gb18030":
      return write(join(folder, "灾害死亡人数_gb18030.csv"), withChineseHeader(rows, ","), "gb18030");
    case "utf16":
      return write(join(folder, "灾害死亡人数_utf16.txt"), withChineseHeader(rows, "\t"), "utf16");
  }
}

function withChineseHeader(rows: readonly (readonly string[])[], delimiter: string): string {
  const lines = rows.map(([entity, year, deaths], index) => [index + 1, deaths, year, entity].join(delimiter));
  return `${[["编号", "死亡人数", "年份", "灾害类型"].join(delimiter), ...lines].join("\r\n")}\r\n`;
}

function write(path: string, text: string, encoding: string): string {
  writeFileSync(path, encoding === "utf8" ? text : iconv.encode(text, encoding, { addBOM: encoding === "utf16" }));
  return path;
}
