import { closeSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";

/** Names of the tables that the pictures are of, beside the one of disasters. */
export const picturedTables = {
  /** Semicolons between fields, and commas in most of them. */
  stations: "stations.csv",
  orders: "orders.csv",
  customers: "customers.csv",
  /** So long that it is still being read when its picture is taken. */
  measurements: "measurements.csv",
};

const measurementBytes = 1_500_000_000;
const cities = ["Aalborg", "Bergen", "Cork", "Dresden", "Évora", "Faro", "Ghent"];

/**
 * Writes the tables of the pictures.
 *
 * @param {string} folder Absolute path.
 * @param {readonly string[]} names Which of them.
 */
export function writePicturedTables(folder, names) {
  for (const name of names) {
    const path = join(folder, name);
    if (name === picturedTables.measurements) {
      writeMeasurements(path);
    } else {
      writeFileSync(path, makers[name]?.() ?? "");
    }
  }
}

/** @type {Record<string, () => string>} */
const makers = {
  [picturedTables.stations]: () =>
    table(
      "station;position;temperature",
      180,
      (index) => `${cityOf(index)} ${index};5${index % 10},${index},E${index % 7},${index};${index % 30},${index % 10}`,
    ),
  [picturedTables.orders]: () =>
    table(
      "order_no,customer_id,ordered,amount",
      2400,
      (index) =>
        `${700_000 + index},${(index * 7) % 510},2025-${two((index % 12) + 1)}-${two((index % 28) + 1)},${(index * 37) % 900}.${two(index % 100)}`,
    ),
  [picturedTables.customers]: () =>
    table("id,name,city", 500, (index) => `${String(index).padStart(4, "0")},Customer ${index},${cityOf(index)}`),
};

/** @param {string} path */
function writeMeasurements(path) {
  const rows = table(
    "",
    20_000,
    (index) =>
      `2025-${two((index % 12) + 1)}-${two((index % 28) + 1)} 06:00:00,${cityOf(index)},${index % 41}.${two(index % 100)},ok`,
  );
  const block = Buffer.from(rows.trimStart());
  const file = openSync(path, "w");
  let written = writeSync(file, "time,station,temperature,quality\n");
  while (written < measurementBytes) {
    written += writeSync(file, block);
  }
  closeSync(file);
}

/**
 * @param {string} header
 * @param {number} rows
 * @param {(index: number) => string} line Counted from 1.
 */
function table(header, rows, line) {
  return `${header}\n${Array.from({ length: rows }, (_, index) => line(index + 1)).join("\n")}\n`;
}

/** @param {number} value */
function two(value) {
  return String(value).padStart(2, "0");
}

/** @param {number} index */
function cityOf(index) {
  return cities[index % cities.length] ?? "";
}
