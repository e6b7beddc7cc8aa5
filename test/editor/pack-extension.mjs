import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureServer } from "../../scripts/editor/install.mjs";
import { installVsix } from "../../scripts/editor/server.mjs";
import { packageVsix } from "../../scripts/package.mjs";

/**
 * Packs the built extension and installs it once for all files of a run; tests find the folder of installed extensions
 * by `inject("extensions")` and use copies of it.
 *
 * @param {{ provide: (key: "extensions", path: string) => void }} project
 * @returns {Promise<() => void>} Removes it.
 */
export async function setup({ provide }) {
  const folder = mkdtempSync(join(tmpdir(), "byzer-vsix-"));
  const extensionsDir = join(folder, "extensions");
  const [editor, vsix] = await Promise.all([ensureServer(), packageVsix(join(folder, "byzer-agent.vsix"))]);
  await installVsix(editor, { vsix, extensionsDir, userDataDir: join(folder, "data") });
  provide("extensions", extensionsDir);
  return () => rmSync(folder, { recursive: true, force: true });
}
