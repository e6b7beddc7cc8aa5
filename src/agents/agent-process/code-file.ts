import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";

/** How files with an agent in code are called: `NAME.agent.mjs`, or the same in TypeScript. */
export const codeFilePattern = /\.agent\.(?:mjs|js|mts|ts)$/u;

/** What the agent of a file is called unless it says so itself. */
export function nameOfCodeFile(path: string): string {
  const name = basename(path)
    .replace(codeFilePattern, "")
    .replaceAll(/[^\p{L}\p{N}_-]/gu, "-")
    .slice(0, 63);
  return /^[\p{L}_]/u.test(name) ? name : `_${name}`;
}

/** What files hold, so that a change shows; a file that cannot be read counts as one of its own kind. */
export async function contentOf(paths: readonly string[]): Promise<string> {
  const each = await Promise.all(
    [...new Set(paths)].toSorted().map(async (path) => {
      const bytes = await readFile(path).catch(() => null);
      return `${path}\n${bytes === null ? "gone" : createHash("sha256").update(bytes).digest("hex")}`;
    }),
  );
  return each.join("\n");
}
