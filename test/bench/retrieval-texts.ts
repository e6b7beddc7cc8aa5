import { copyFileSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** Texts that people wrote and every checkout has: documentation and code of the installed packages. */
const source = join(import.meta.dirname, "..", "..", "node_modules");
const kinds = /\.(?:md|ts|mts|cts|js|mjs|cjs|txt)$/;
const mostOfOneFile = 400_000;

/**
 * Copies real texts into `folder`, in the order of their paths; where there are too few, all of them again under other
 * names.
 *
 * @returns their bytes, at least `bytes`
 */
export function copyTexts(folder: string, bytes: number): number {
  let copied = 0;
  let count = 0;
  const visit = (directory: string): void => {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name);
      if (copied >= bytes) {
        return;
      }
      if (entry.isDirectory()) {
        visit(path);
      } else if (entry.isFile() && kinds.test(entry.name) && !entry.name.includes(".min.")) {
        const { size } = statSync(path);
        if (size < mostOfOneFile) {
          const place = join(folder, String(Math.floor(count / 100)));
          mkdirSync(place, { recursive: true });
          copyFileSync(path, join(place, `${count}-${entry.name}`));
          copied += size;
          count += 1;
        }
      }
    }
  };
  for (let isEmpty = false; !isEmpty;) {
    const before = copied;
    visit(source);
    isEmpty = copied === before;
  }
  return copied;
}
