import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join, posix, sep } from "node:path";
import { zipSync } from "fflate";

/** The earliest date that a zip file can say: the same content gives the same bytes, whenever it is packed. */
const sameDate = new Date(1980, 0, 1);

/**
 * Packs what a Ray cluster runs into `dist/ray/package.zip`. The same content gives the same bytes, so that a cluster that
 * has it needs it no second time.
 *
 * @param {string} dist
 * @param {readonly { readonly from: string, readonly to: string }[]} parts Folders or files of `dist`, and their names there.
 * @param {string} version Of the product.
 */
export function writeClusterPackage(dist, parts, version) {
  const files = parts.flatMap(({ from, to }) => filesOf(join(dist, from), to));
  const entries = files.toSorted(([left], [right]) => (left < right ? -1 : 1)).map(entryOf);
  mkdirSync(join(dist, "ray"), { recursive: true });
  writeFileSync(join(dist, "ray", "package.zip"), zipSync(Object.fromEntries(entries), { level: 9 }));
  writeFileSync(join(dist, "ray", "about.json"), JSON.stringify({ version }));
}

/**
 * @param {string} place
 * @param {string} name
 * @returns {readonly (readonly [name: string, place: string])[]}
 */
function filesOf(place, name) {
  if (!statSync(place).isDirectory()) {
    return [[name, place]];
  }
  return readdirSync(place, { recursive: true, encoding: "utf8" })
    .filter((path) => !path.endsWith(".map"))
    .filter((path) => statSync(join(place, path)).isFile())
    .map((path) => [posix.join(name, path.split(sep).join("/")), join(place, path)]);
}

/**
 * @param {readonly [name: string, place: string]} file
 * @returns {[string, [Uint8Array, import("fflate").ZipOptions]]}
 */
function entryOf([name, place]) {
  // Made on Unix, readable by all: 0644, as the high half of the attributes.
  return [name, [readFileSync(place), { mtime: sameDate, os: 3, attrs: (0o100644 << 16) >>> 0 }]];
}
