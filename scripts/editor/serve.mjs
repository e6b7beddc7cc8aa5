import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { editorUrl } from "./browser.mjs";
import { editorPaths } from "./editor-paths.mjs";
import { ensureServer } from "./install.mjs";
import { say } from "./process.mjs";
import { installVsix, startServer } from "./server.mjs";

/**
 * Serves an editor with a VSIX installed to a person's own browser, on a loopback port and behind a token. Settings and
 * sessions are kept in the editor's cache folder.
 *
 * @param {{ vsix: string, workspace: string, port?: number | undefined, env?: NodeJS.ProcessEnv, userSettings?: Record<string, unknown>, trusted?: boolean }} options
 *   `trusted`: the editor asks about no folder. Default false.
 * @returns {Promise<{ url: string, server: import("./server.mjs").EditorServer }>}
 */
export async function serveEditor({ vsix, workspace, port, env = {}, userSettings = {}, trusted = false }) {
  const editor = await ensureServer();
  const home = join(editorPaths().cache, "profile");
  const folders = { userDataDir: join(home, "data"), extensionsDir: join(home, "extensions") };
  mkdirSync(home, { recursive: true });
  await installVsix(editor, { vsix: resolve(vsix), ...folders });
  const server = await startServer({
    editor,
    env,
    trusted,
    userSettings,
    staysWithoutPage: true,
    ...folders,
    ...(port === undefined ? {} : { port }),
  });
  process.on("exit", server.kill);
  return { url: editorUrl(server, { folder: resolve(workspace) }), server };
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { port: { type: "string" }, vsix: { type: "string", default: "byzer-agent.vsix" } },
  });
  const { url, server } = await serveEditor({
    vsix: values.vsix,
    workspace: positionals[0] ?? ".",
    port: values.port === undefined ? undefined : Number(values.port),
  });
  say(`The editor is at ${url}\nPress Ctrl+C to end it.`);
  const stop = () => void server.stop().then(() => process.exit(0));
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  process.exitCode = await server.ended;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main();
}
