import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { editorUrl, openBrowser } from "./browser.mjs";
import { ensureEditor } from "./install.mjs";
import { installVsix, startServer } from "./server.mjs";
import { setSidebarWidth, themes, waitForWorkbench, webviewFrame } from "./workbench.mjs";

/**
 * What to open. An extension comes installed from a VSIX, or runs from its folder as one under development.
 *
 * @typedef {object} LaunchOptions
 * @property {string} [workspace] The folder to open; none opens an empty window.
 * @property {string} [vsix] What to install.
 * @property {readonly string[]} [moreVsix] What to install after it.
 * @property {string} [extensionPath] A folder with a package.json.
 * @property {string} [extensionId] Whose webview `chatFrame()` is. Default `byzer.byzer-agent`.
 * @property {string} [userDataDir] Kept after the run; default: one of this run. Sessions and settings live there.
 * @property {string} [extensionsDir] Kept after the run; default: one of this run.
 * @property {Record<string, unknown>} [userSettings] For its settings.json.
 * @property {"light" | "dark" | "hc"} [theme] Default: the editor's own choice.
 * @property {{ width: number, height: number }} [viewport] Default 1400 × 900.
 * @property {number} [scale] Device pixels per CSS pixel. Default 1.
 * @property {number} [port] Default: one that is free.
 * @property {NodeJS.ProcessEnv} [env] Added to the environment that the extension sees.
 * @property {boolean} [trusted] Default true.
 */

/**
 * An editor with a page on it.
 *
 * @typedef {object} LaunchedEditor
 * @property {import("playwright-core").Page} page The window.
 * @property {string} url Opens the same folder in another browser.
 * @property {string} userDataDir Sessions and settings lie below.
 * @property {import("./server.mjs").EditorServer} server Its port, logs and folders.
 * @property {() => import("playwright-core").FrameLocator} chatFrame The document of the extension's view.
 * @property {(widthPx: number) => Promise<void>} setSidebarWidth Drags its border.
 * @property {() => Promise<void>} reload Reloads the window; the extension host starts anew.
 * @property {() => Promise<void>} close Ends the browser and the server and removes what this run made.
 */

/** The editors of this process that are open, for its exit handler. @type {Set<() => void>} */
const open = new Set();

process.on("exit", () => {
  for (const kill of open) {
    kill();
  }
});

/**
 * Opens VS Code Server in a headless Chromium, installing the editor where it is not there yet.
 *
 * @param {LaunchOptions} [options]
 * @returns {Promise<LaunchedEditor>} Once the workbench shows.
 */
export async function launchEditor(options = {}) {
  const editor = await ensureEditor();
  const viewport = options.viewport ?? { width: 1400, height: 900 };
  const folders = runFolders(options);
  const kills = new Set([folders.remove]);
  const killAll = () => kills.forEach((kill) => kill());
  open.add(killAll);
  try {
    for (const vsix of [...(options.vsix === undefined ? [] : [options.vsix]), ...(options.moreVsix ?? [])]) {
      // oxlint-disable-next-line no-await-in-loop -- one may need another
      await installVsix(editor, { vsix: resolve(vsix), ...folders.paths });
    }
    const server = await startServer({ editor, ...serverOptions(options), ...folders.paths });
    kills.add(server.kill);
    const browser = await openBrowser({ executable: editor.chromium, viewport, scale: options.scale ?? 1 });
    const close = async () => {
      await browser.close();
      await server.stop();
      folders.remove();
      open.delete(killAll);
    };
    const url = editorUrl(server, {
      folder: options.workspace && resolve(options.workspace),
      payload: payloadOf(options, server),
    });
    // How long a window may take is told by its workbench.
    await browser.page.goto(url, { waitUntil: "commit" });
    await waitForWorkbench(browser.page, { hasFolder: options.workspace !== undefined }).catch(async (error) => {
      await close();
      throw new Error(`The editor's window did not come up: ${error.message}\n${server.logs()}`);
    });
    return {
      page: browser.page,
      url,
      userDataDir: folders.paths.userDataDir,
      server,
      close,
      chatFrame: () => webviewFrame(browser.page, options.extensionId ?? "byzer.byzer-agent"),
      setSidebarWidth: (widthPx) => setSidebarWidth(browser.page, widthPx),
      reload: async () => {
        await browser.page.reload();
        // Which view is open comes from before, so the Explorer need not be.
        await waitForWorkbench(browser.page, { hasFolder: false });
      },
    };
  } catch (error) {
    killAll();
    open.delete(killAll);
    throw error;
  }
}

/**
 * @param {LaunchOptions} options
 * @returns {{ paths: { userDataDir: string, extensionsDir: string }, remove: () => void }}
 */
function runFolders({ userDataDir, extensionsDir }) {
  const home = mkdtempSync(join(tmpdir(), "byzer-launch-"));
  return {
    paths: { userDataDir: userDataDir ?? join(home, "data"), extensionsDir: extensionsDir ?? join(home, "extensions") },
    remove: () => rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
  };
}

/**
 * @param {LaunchOptions} options
 * @returns {Omit<import("./server.mjs").ServerOptions, "editor">}
 */
function serverOptions({ theme, userSettings, env, trusted, port, extensionPath }) {
  const themeSettings =
    theme === undefined ? {} : { "workbench.colorTheme": themes[theme], "window.autoDetectColorScheme": false };
  return {
    userSettings: { ...themeSettings, ...userSettings },
    testDriver: extensionPath !== undefined,
    trusted: trusted ?? true,
    ...(env === undefined ? {} : { env }),
    ...(port === undefined ? {} : { port }),
  };
}

/**
 * @param {LaunchOptions} options
 * @param {import("./server.mjs").EditorServer} server Its port, logs and folders.
 * @returns {readonly (readonly [string, string])[]}
 */
function payloadOf({ extensionPath }, server) {
  return extensionPath === undefined
    ? []
    : [["extensionDevelopmentPath", `vscode-remote://${server.authority}${resolve(extensionPath)}`]];
}
