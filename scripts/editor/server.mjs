import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endProcessGroup, mustRun, signalGroup } from "./process.mjs";

/**
 * Where and how the server runs. Folders that are not given are made for this run and removed with it.
 *
 * @typedef {object} ServerOptions
 * @property {import("./install.mjs").InstalledServer} editor What to start.
 * @property {string} [userDataDir] Settings live in its `User/settings.json`.
 * @property {string} [extensionsDir] Where installed extensions are.
 * @property {Record<string, unknown>} [userSettings] Added to the settings that are there.
 * @property {NodeJS.ProcessEnv} [env] Added to this process's environment; the extension host sees it.
 * @property {boolean} [testDriver] Whether a page may name extensions under development and a test suite.
 * @property {boolean} [trusted] Whether every folder is trusted. Default true.
 * @property {boolean} [staysWithoutPage] Whether the server lives on when no page is open for five minutes.
 * @property {number} [port] Default: one that is free.
 */

/**
 * A running VS Code Server.
 *
 * @typedef {object} EditorServer
 * @property {string} origin `http://127.0.0.1:PORT`
 * @property {string} authority `127.0.0.1:PORT`
 * @property {string} token What a page must bring as `tkn`.
 * @property {string} userDataDir Settings, logs and sessions.
 * @property {string} extensionsDir Installed extensions.
 * @property {number} pid Also of its process group.
 * @property {() => string} output What the server has printed.
 * @property {() => string} logs The end of each of its log files, for a person.
 * @property {Promise<number>} ended Resolves with its exit code.
 * @property {() => Promise<void>} stop Ends it and its children, and removes the folders made for it.
 * @property {() => void} kill The same at once, for an exit handler.
 */

/** Settings that keep an editor quiet that nobody set up. */
const quietSettings = {
  "chat.agentsControl.enabled": "hidden",
  "chat.commandCenter.enabled": false,
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "git.openRepositoryInParentFolders": "never",
  "terminal.integrated.initialHint": false,
  "telemetry.telemetryLevel": "off",
  "update.showReleaseNotes": false,
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
};

const startupLimitMs = 60_000;

/**
 * Starts VS Code Server on a loopback port.
 *
 * @param {ServerOptions} options
 * @returns {Promise<EditorServer>} Once it listens.
 * @throws An Error with what it printed when it ends or does not listen within 60 s.
 */
export async function startServer(options) {
  const home = mkdtempSync(join(tmpdir(), "byzer-editor-"));
  const userDataDir = options.userDataDir ?? join(home, "data");
  const extensionsDir = options.extensionsDir ?? join(home, "extensions");
  const token = randomBytes(16).toString("hex");
  seedSettings(userDataDir, options.userSettings ?? {});
  const child = spawn(options.editor.node, serverArguments(options, { home, userDataDir, extensionsDir, token }), {
    env: serverEnvironment(options.env),
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let output = "";
  /** @type {Promise<number>} */
  const ended = new Promise((resolve) => {
    child.on("error", () => resolve(127));
    child.on("exit", (code) => resolve(code ?? 1));
  });
  const removeHome = () => rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  const kill = () => {
    signalGroup(child.pid ?? 0, "SIGKILL");
    removeHome();
  };
  const stop = async () => {
    await endProcessGroup(child);
    removeHome();
  };
  /** @type {Promise<string>} */
  const listening = new Promise((resolve) => {
    /** @param {Buffer} chunk */
    const take = (chunk) => {
      output = (output + chunk.toString()).slice(-200_000);
      const port = /listening on (\d+)/.exec(output)?.[1];
      if (port !== undefined) {
        resolve(port);
      }
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
  });
  const port = await Promise.race([listening, ended.then(() => undefined), afterMs(startupLimitMs)]);
  if (port === undefined) {
    await stop();
    throw new Error(`VS Code Server did not start:\n${output.trimEnd().split("\n").slice(-40).join("\n")}`);
  }
  const authority = `127.0.0.1:${port}`;
  return {
    origin: `http://${authority}`,
    authority,
    token,
    userDataDir,
    extensionsDir,
    pid: child.pid ?? 0,
    output: () => output,
    logs: () => logEnds(join(userDataDir, "logs")),
    ended,
    stop,
    kill,
  };
}

/**
 * Installs a VSIX (or unpacks it anew) into an extensions folder, as a person would by "Install from VSIX".
 *
 * @param {import("./install.mjs").InstalledServer} editor What to start.
 * @param {{ vsix: string, extensionsDir: string, userDataDir: string }} where
 * @throws An Error with what the server printed when it refuses.
 */
export async function installVsix(editor, { vsix, extensionsDir, userDataDir }) {
  const output = await mustRun(
    editor.node,
    [
      editor.serverMain,
      "--accept-server-license-terms",
      `--user-data-dir=${userDataDir}`,
      `--extensions-dir=${extensionsDir}`,
      `--install-extension=${vsix}`,
      "--force",
    ],
    { env: serverEnvironment() },
  );
  if (!output.includes("successfully installed")) {
    throw new Error(`VS Code Server did not install ${vsix}:\n${output}`);
  }
}

/**
 * @param {ServerOptions} options
 * @param {{ home: string, userDataDir: string, extensionsDir: string, token: string }} made
 * @returns {string[]}
 */
function serverArguments(options, { home, userDataDir, extensionsDir, token }) {
  return [
    options.editor.serverMain,
    "--host=127.0.0.1",
    `--port=${options.port ?? 0}`,
    `--connection-token=${token}`,
    "--accept-server-license-terms",
    "--disable-telemetry",
    `--server-data-dir=${home}`,
    `--user-data-dir=${userDataDir}`,
    `--extensions-dir=${extensionsDir}`,
    ...(options.testDriver === true ? ["--enable-smoke-test-driver"] : []),
    ...((options.trusted ?? true) ? ["--disable-workspace-trust"] : []),
    ...(options.staysWithoutPage === true ? [] : ["--enable-remote-auto-shutdown"]),
  ];
}

/**
 * @param {NodeJS.ProcessEnv} [added]
 * @returns {NodeJS.ProcessEnv} This process's environment without what an editor or npm around us has set.
 */
function serverEnvironment(added = {}) {
  const own = Object.entries(process.env).filter(([name]) => !/^(VSCODE_|ELECTRON_|npm_)/.test(name));
  // An empty gallery: the editor asks no market place for anything.
  return { ...Object.fromEntries(own), EXTENSIONS_GALLERY: "{}", ...added };
}

/**
 * @param {string} userDataDir
 * @param {Record<string, unknown>} wanted
 */
function seedSettings(userDataDir, wanted) {
  const folder = join(userDataDir, "User");
  const file = join(folder, "settings.json");
  mkdirSync(folder, { recursive: true });
  const present = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  writeFileSync(file, JSON.stringify({ ...quietSettings, ...present, ...wanted }, null, 2));
}

/**
 * @param {string} folder
 * @returns {string}
 */
function logEnds(folder) {
  if (!existsSync(folder)) {
    return "";
  }
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".log"));
  const ends = files.map((file) => {
    const lines = readFileSync(join(folder, file), "utf8").trimEnd().split("\n");
    return `--- ${file}\n${lines.slice(-40).join("\n")}`;
  });
  return ends.join("\n");
}

/**
 * @param {number} durationMs
 * @returns {Promise<undefined>}
 */
function afterMs(durationMs) {
  return new Promise((resolve) => {
    setTimeout(() => resolve(undefined), durationMs).unref();
  });
}
