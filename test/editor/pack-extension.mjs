import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageVsix } from "../../scripts/package.mjs";

/**
 * Packs the built extension once for all files of a run; tests find its path by `inject("vsix")`.
 *
 * @param {{ provide: (key: "vsix", path: string) => void }} project
 * @returns {Promise<() => void>} Removes it.
 */
export async function setup({ provide }) {
  const folder = mkdtempSync(join(tmpdir(), "byzer-vsix-"));
  provide("vsix", await packageVsix(join(folder, "byzer-agent.vsix")));
  return () => rmSync(folder, { recursive: true, force: true });
}
