#!/usr/bin/env node
/**
 * Stands in for the VS Code executable that @vscode/test-electron starts: takes the same arguments, runs the suite in
 * VS Code Server with a headless Chromium as its window, and exits with the suite's code. The suite finds
 * BYZER_EDITOR_DRIVER set: by it, test/editor/driver.ts prints lines and acts on the page.
 *
 * Environment: BYZER_EDITOR_TIMEOUT_MS (default 10 minutes) ends a suite that does not end; BYZER_EDITOR_ARTIFACTS
 * (default out/editor) is where a failure leaves a screenshot and the logs, whose end is printed too; BYZER_EDITOR_LOG
 * prints the consoles of window and extension host at all times.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { editorUrl, openBrowser } from "./browser.mjs";
import { startDriverServer } from "./driver-server.mjs";
import { repositoryRoot } from "./editor-paths.mjs";
import { parseElectronArguments } from "./electron-arguments.mjs";
import { ensureEditor } from "./install.mjs";
import { say } from "./process.mjs";
import { startServer } from "./server.mjs";
import { waitForWorkbench } from "./workbench.mjs";

/** What the window and its extension host have written to their consoles. @type {string[]} */
const windowLog = [];

/** What every window writes there: connecting to its server, and missing services that need a network. */
const chatter =
  /^\[\w+\] (Resolv|Creating a socket|Updating additional|Ignoring fetching|Timed out waiting for auth|\[(reconn|AgentHost|Account|Service W))/;

const {
  BYZER_EDITOR_LOG,
  BYZER_EDITOR_TIMEOUT_MS = "600000",
  BYZER_EDITOR_ARTIFACTS = join(repositoryRoot, "out", "editor"),
} = process.env;

/** What must end with this program, newest last. @type {{ stop: () => Promise<void> | void, kill?: () => void }[]} */
const running = [];

process.on("exit", () => running.forEach(({ kill }) => kill?.()));
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
  process.on(signal, () => process.exit(130));
}
try {
  process.exitCode = await runSuite(parseElectronArguments(process.argv.slice(2)));
} finally {
  await stopAll();
}
process.exit();

/**
 * @param {import("./electron-arguments.mjs").EditorArguments} options
 * @returns {Promise<number>} The suite's exit code.
 */
async function runSuite(options) {
  const editor = await ensureEditor();
  /** @type {import("playwright-core").Page | undefined} */
  let page;
  const driver = await startDriverServer(() => page);
  running.push({ stop: driver.close });
  const server = await startServer({
    editor,
    trusted: options.trusted,
    testDriver: true,
    env: { BYZER_EDITOR_DRIVER: driver.url },
    ...(options.userDataDir === undefined ? {} : { userDataDir: resolve(options.userDataDir) }),
    ...(options.extensionsDir === undefined ? {} : { extensionsDir: resolve(options.extensionsDir) }),
  });
  running.push(server);
  const browser = await openBrowser({ executable: editor.chromium, viewport: { width: 1400, height: 900 } });
  running.push({ stop: browser.close });
  page = browser.page;
  /** @type {PromiseWithResolvers<number | string>} */
  const end = Promise.withResolvers();
  await watchSuite({ page, server, end: end.resolve });
  const payload = payloadOf(options, server);
  await page.goto(editorUrl(server, { folder: options.folder && resolve(options.folder), payload }));
  waitForWorkbench(page, { hasFolder: false }).catch((error) => end.resolve(`no window: ${error.message}`));
  const result = await end.promise;
  if (result !== 0) {
    const reason = typeof result === "number" ? `the suite failed with exit code ${result}` : result;
    await reportFailure(reason, page, server);
  }
  return typeof result === "number" ? result : 1;
}

/**
 * Resolves with the suite's exit code, or with why there will be none.
 *
 * @param {object} suite
 * @param {import("playwright-core").Page} suite.page
 * @param {import("./server.mjs").EditorServer} suite.server
 * @param {(result: number | string) => void} suite.end
 */
async function watchSuite({ page, server, end }) {
  await page.exposeFunction("codeAutomationLog", keepInLog);
  await page.exposeFunction("codeAutomationExit", end);
  page.on("crash", () => end("the editor's page crashed"));
  void server.ended.then((code) => end(`VS Code Server ended with exit code ${code}`));
  const limitMs = Number(BYZER_EDITOR_TIMEOUT_MS);
  setTimeout(() => end(`the suite did not end within ${limitMs / 1000} s`), limitMs).unref();
}

/**
 * @param {string} level
 * @param {readonly unknown[]} parts
 */
function keepInLog(level, parts) {
  const line = `[${level}] ${parts.join(" ")}`;
  if (chatter.test(line)) {
    return;
  }
  windowLog.push(line);
  if (BYZER_EDITOR_LOG !== undefined) {
    say(line);
  }
}

/**
 * @param {import("./electron-arguments.mjs").EditorArguments} options
 * @param {import("./server.mjs").EditorServer} server
 * @returns {readonly (readonly [string, string])[]}
 */
function payloadOf({ extensionDevelopmentPath, extensionTestsPath }, { authority }) {
  const remote = (/** @type {string} */ path) => `vscode-remote://${authority}${resolve(path)}`;
  /** @type {[string, string][]} */
  const development =
    extensionDevelopmentPath === undefined ? [] : [["extensionDevelopmentPath", remote(extensionDevelopmentPath)]];
  return [...development, ["extensionTestsPath", remote(extensionTestsPath)], ["skipWelcome", "true"]];
}

/**
 * @param {string} reason
 * @param {import("playwright-core").Page} page
 * @param {import("./server.mjs").EditorServer} server
 */
async function reportFailure(reason, page, server) {
  mkdirSync(BYZER_EDITOR_ARTIFACTS, { recursive: true });
  const name = join(BYZER_EDITOR_ARTIFACTS, `failure-${new Date().toISOString().replaceAll(":", "-")}`);
  const pictured = await page.screenshot({ path: `${name}.png`, timeout: 10_000 }).then(
    () => `${name}.png`,
    (error) => `none (${error.message.split("\n")[0]})`,
  );
  const consoles = `--- console of the window and of its extension host\n${windowLog.join("\n")}`;
  writeFileSync(`${name}.log`, `${server.output()}\n${server.logs()}\n${consoles}`);
  say(`Editor: ${reason}.\nScreenshot: ${pictured}\nLogs: ${name}.log\n${consoles.split("\n").slice(-60).join("\n")}`);
}

async function stopAll() {
  for (const { stop } of running.toReversed()) {
    // oxlint-disable-next-line no-await-in-loop -- the browser ends before its server
    await stop();
  }
  running.length = 0;
}
