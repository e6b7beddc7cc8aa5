import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { read, utils, write } from "@e965/xlsx";
import { parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { testPython } from "../process/test-python.ts";

const run = promisify(execFile);
const root = new URL("../../", import.meta.url).pathname;

async function elapsed(work: () => unknown): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

/**
 * Installs DuckDB where it is not there yet.
 *
 * @returns The path of its module.
 * @throws An Error with the output of npm where it cannot be had
 */
export async function installDuckDb(): Promise<string> {
  const { stdout } = await run(process.execPath, [join(root, "scripts", "setup-duckdb.mjs")]);
  return stdout.trim().split("\n").at(-1) ?? "";
}

/** Milliseconds that DuckDB needs to summarize a CSV file on one thread. */
export async function duckDbMs(module: string, path: string): Promise<number> {
  const program = join(root, "scripts", "duckdb-summarize.mjs");
  const { stdout } = await run(process.execPath, [program, module, path]);
  return Number(stdout);
}

/** Milliseconds that the library for workbooks needs for the rows of a sheet, dates as such, without what is made of them. */
export function workbookMs(path: string): Promise<number> {
  return elapsed(() => {
    const book = read(readFileSync(path), { type: "buffer", dense: true, cellText: false, cellDates: true });
    const sheet = book.Sheets[book.SheetNames[0] ?? ""];
    const rows: unknown[][] = sheet === undefined ? [] : utils.sheet_to_json(sheet, { header: 1, raw: true });
    if (rows.length < 2) {
      throw new Error("The workbook has no rows.");
    }
  });
}

/** Milliseconds that the library for Parquet needs for footer and first rows. */
export async function parquetMs(path: string): Promise<number> {
  const handle = await open(path);
  try {
    const { size } = await handle.stat();
    const slice = async (start: number, end = size): Promise<ArrayBuffer> => {
      const bytes = new Uint8Array(end - start);
      await handle.read(bytes, 0, bytes.length, start);
      return bytes.buffer;
    };
    return await elapsed(async () => {
      const file = { byteLength: size, slice };
      const metadata = await parquetMetadataAsync(file);
      await parquetReadObjects({ file, metadata, compressors, rowStart: 0, rowEnd: 200, utf8: false });
    });
  } finally {
    await handle.close();
  }
}

/** Writes a workbook of 50,000 rows and 10 columns. */
export async function writeWorkbook(path: string): Promise<void> {
  const header = ["id", "day", "kind", "city", "amount", "price", "share", "flag", "note", "count"];
  const rows = Array.from({ length: 50_000 }, (_, row) => [
    row,
    new Date(Date.UTC(2015, 0, 1 + (row % 3000))),
    `kind ${row % 11}`,
    ["北京", "Berlin", "Oslo"][row % 3],
    (row * 7919) % 99_991,
    ((row * 31) % 10_007) / 100,
    row / 50_000,
    row % 2 === 0,
    `note of row ${row}`,
    row % 40,
  ]);
  const sheet = utils.aoa_to_sheet([header, ...rows]);
  const { writeFile } = await import("node:fs/promises");
  const content: unknown = write(
    { SheetNames: ["Orders"], Sheets: { Orders: sheet } },
    { type: "buffer", bookType: "xlsx" },
  );
  if (!(content instanceof Uint8Array)) {
    throw new Error("The workbook was not written.");
  }
  await writeFile(path, content);
}

/** Writes the first rows of a CSV file as Parquet, by pandas. */
export async function writeParquet(csv: string, path: string): Promise<void> {
  const code = "import sys, pandas as pd\npd.read_csv(sys.argv[1], nrows=200_000).to_parquet(sys.argv[2])";
  await run(testPython(), ["-c", code, csv, path]);
  if (!existsSync(path)) {
    throw new Error("The Parquet file was not written.");
  }
}
