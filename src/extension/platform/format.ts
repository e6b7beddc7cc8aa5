import { env } from "vscode";

const units = ["B", "kB", "MB", "GB", "TB"] as const;

/** A number of bytes for a person: three figures at most. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  const digits = power === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toLocaleString(env.language, { maximumFractionDigits: digits })} ${units[power]}`;
}

/** A count for a person, in groups of three. */
export function formatCount(count: number): string {
  return count.toLocaleString(env.language);
}
