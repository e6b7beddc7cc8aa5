import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, expect, inject } from "vitest";
import { launchEditor } from "../../scripts/editor/launch.mjs";
import { webviewFrame } from "../../scripts/editor/workbench.mjs";
import { testPythonPaths } from "../../scripts/setup-python.mjs";
import { startModelServer } from "../../src/agents/testing/model-server.ts";
import { called as calledWith, said } from "../../src/agents/testing/server-answers.ts";

/** @typedef {import("../../src/agents/testing/model-server.ts").ServerAnswer} ServerAnswer */

/**
 * @typedef {object} UserEditorOptions
 * @property {Record<string, string | Uint8Array>} files Of the workspace: path and content.
 * @property {Record<string, unknown>} [userSettings] Beside or instead of those that name the model and the Python.
 * @property {NodeJS.ProcessEnv} [env] Added to what the extension sees.
 * @property {boolean} [trusted] Default true.
 * @property {readonly string[]} [moreVsix] Other extensions to install.
 * @property {import("../../src/agents/testing/model-server.ts").ModelServerOptions["models"]} [models] What the model's
 *   server lists.
 */

/** A window of the editor with the product installed, a folder of tables, and a model that says what a test scripts. */
export class UserEditor {
  /**
   * @param {{ home: string, workspace: string, server: import("../../src/agents/testing/model-server.ts").ModelServer, editor: import("../../scripts/editor/launch.mjs").LaunchedEditor }} parts
   */
  constructor({ home, workspace, server, editor }) {
    this.home = home;
    this.workspace = workspace;
    this.server = server;
    this.editor = editor;
    this.page = editor.page;
    /** The first window's chat page. */
    this.chat = new ChatPage(editor.page);
  }

  /** Ends everything. @throws An Error when the model was asked what no test had scripted, or less than was scripted. */
  async close() {
    await this.editor.close();
    try {
      await this.server.close();
    } finally {
      rmSync(this.home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    }
  }
}

/** What a person sees and does in the chat page of one window. */
export class ChatPage {
  /** @param {import("playwright-core").Page} page The window. */
  constructor(page) {
    this.page = page;
    this.frame = webviewFrame(page, "byzer.byzer-agent");
  }

  /**
   * Asks once nothing is being answered, and waits until the question stands in the session.
   *
   * @param {string} question
   */
  async ask(question) {
    await this.idle();
    const before = await this.#newestQuestion();
    const box = this.frame.locator("#composer-text");
    await box.fill(question);
    await box.press("Enter");
    await expect.poll(() => this.#newestQuestion(), { message: `"${question}" is asked` }).not.toBe(before);
  }

  /** @returns {Promise<string | null>} Which question is the last one that shows. */
  async #newestQuestion() {
    const keys = await this.frame
      .locator(".row-question")
      .evaluateAll((rows) => rows.map((row) => row.getAttribute("data-key")));
    return keys.at(-1) ?? null;
  }

  /**
   * Asks, and lets the code run that comes of it.
   *
   * @param {string} question
   */
  async askAndRun(question) {
    await this.ask(question);
    await this.button("Run").click();
  }

  /**
   * The newest button of that name.
   *
   * @param {string} name Whole.
   */
  button(name) {
    return this.frame.getByRole("button", { name, exact: true }).last();
  }

  /**
   * Waits for an answer (not the code, nor the transcript) that holds the text.
   *
   * @param {string} text
   */
  async answered(text) {
    await this.frame.locator(".text-block.answer").getByText(text).last().waitFor();
    await this.idle();
  }

  /** Waits until nothing is being answered. */
  async idle() {
    await this.button("Send").waitFor();
  }

  /**
   * Waits until the text shows somewhere.
   *
   * @param {string | RegExp} text
   * @param {boolean} [exact] Whether it is an element's whole text.
   */
  async shows(text, exact = false) {
    await this.frame.getByText(text, { exact }).last().waitFor();
  }

  /** @returns {Promise<string>} Everything that it says. */
  text() {
    return this.frame.locator("body").innerText();
  }
}

/**
 * @param {UserEditorOptions} options
 * @returns {Promise<UserEditor>}
 */
export async function openUserEditor({
  files,
  userSettings = {},
  env = {},
  trusted = true,
  models = ["scripted"],
  moreVsix = [],
}) {
  const home = mkdtempSync(join(tmpdir(), "byzer-user-test-"));
  const workspace = join(home, "workspace");
  mkdirSync(workspace);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(workspace, path)), { recursive: true });
    writeFileSync(join(workspace, path), content);
  }
  const extensionsDir = join(home, "extensions");
  cpSync(inject("extensions"), extensionsDir, { recursive: true });
  const server = await startModelServer({ models });
  const editor = await launchEditor({
    workspace,
    extensionsDir,
    moreVsix,
    trusted,
    env,
    userSettings: {
      "byzer.model": { provider: "openai-compatible", baseUrl: server.baseUrl, model: "scripted" },
      "byzer.models.endpoints": [server.baseUrl],
      "byzer.models.discover": false,
      "byzer.python.path": testPythonPaths().python,
      ...userSettings,
    },
  });
  // Other parts of the tests run beside this one.
  editor.page.context().setDefaultTimeout(120_000);
  return new UserEditor({ home, workspace, server, editor });
}

/**
 * Leaves a picture of each window in `out/editor` for each test of the file that fails, and says what the panel showed.
 *
 * @param {() => UserEditor} current
 */
export function pictureFailures(current) {
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") {
      const folder = resolve("out", "editor");
      mkdirSync(folder, { recursive: true });
      const name = task.name.replaceAll(/\W+/g, "-").slice(0, 60);
      const pictures = current()
        .page.context()
        .pages()
        .map((page, index) => page.screenshot({ path: join(folder, `${name}-${index}.png`), timeout: 10_000 }));
      await Promise.allSettled(pictures);
      const shown = await current()
        .chat.text()
        .catch(() => "nothing");
      process.stderr.write(`"${task.name}" failed while the panel showed:\n${shown}\n`);
    }
  });
}

export { said };

/**
 * Code that a model wants run.
 *
 * @param {readonly string[]} lines
 * @returns {ServerAnswer}
 */
export function called(...lines) {
  return calledWith(lines.join("\n"));
}

/** The router's choice of who answers. */
export const routed = said("assistant_agent");

/**
 * An answer that begins and then neither goes on nor ends well.
 *
 * @param {string} content
 * @param {"cut" | "hang"} end
 * @returns {ServerAnswer}
 */
export function brokenOff(content, end) {
  const chunk = { choices: [{ index: 0, delta: { role: "assistant", content }, finish_reason: null }] };
  return { type: "raw", pieces: [`data: ${JSON.stringify(chunk)}\n\n`], end };
}

/** Forty rows with Chinese cities; sales total 420. */
export const salesTable = `city,year,sales\n${["北京", "上海"]
  .flatMap((city) => Array.from({ length: 20 }, (_, index) => `${city},${2000 + index},${index + 1}`))
  .join("\n")}\n`;
