import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { recordedModelName, startRecordedModel } from "../test/evals/recorded-model.ts";
import { readRecordings } from "../test/evals/recording.ts";
import { repositoryRoot } from "./editor/editor-paths.mjs";
import { launchEditor } from "./editor/launch.mjs";
import { say } from "./editor/process.mjs";
import { chooseInExplorerMenu, openFromExplorer, openViewContainer, runPaletteCommand } from "./editor/workbench.mjs";
import { picturedQuestions, picturedRecordings } from "./pictured-answers.mjs";
import { picturedFolder, writePicturedDocuments } from "./pictured-documents.mjs";
import { picturedTables, writePicturedTables } from "./pictured-tables.mjs";
import { ensureTestPython } from "./setup-python.mjs";

/**
 * Makes the pictures of `docs/` in the real editor, in each theme, with recorded answers and code that runs for real.
 * Names of pictures as arguments limit what is made: `npm run pictures -- card plot`.
 */
const sidebarWidthPx = 400;
const file = "disasters.csv";
const noModel = "no-model";
const folder = join(repositoryRoot, "docs");
const wanted = process.argv.slice(2);

/**
 * @typedef {object} Scene
 * @property {import("./editor/launch.mjs").LaunchedEditor} editor The window.
 * @property {import("playwright-core").FrameLocator} chat The chat page.
 */

/**
 * What leads to each picture of the panel.
 *
 * @type {Record<string, (scene: Scene) => Promise<void>>}
 */
const panels = {
  card: async ({ chat }) => {
    await chat.getByText("803 rows").waitFor();
    await chat.getByText("Python 3").waitFor();
  },
  "chosen-delimiter": async ({ chat }) => {
    await chat.getByText("180 rows").waitFor();
    await chat.locator(".reading-line").click();
    await choose(chat, "Delimiter", "semicolon");
    await chat.getByRole("button", { name: "Read it this way" }).click();
    await chat.getByText("chosen by you").waitFor();
    await chat.locator(".reading-line").click();
  },
  joins: async ({ chat }) => {
    await chat.getByText("2,400 rows").waitFor();
    const box = chat.locator("#composer-text");
    await box.pressSequentially("@custom");
    await chat.getByRole("option", { name: picturedTables.customers }).waitFor();
    await box.press("Enter");
    await box.fill("");
    await chat.getByRole("button", { name: "Ask with this join" }).first().scrollIntoViewIfNeeded();
  },
  "half-way": async ({ chat }) => {
    await chat.getByText(/[3-6]\d% read/u).waitFor({ timeout: 120_000 });
  },
  "running-cell": async (scene) => {
    await ask(scene, picturedQuestions.running);
    await runCell(scene);
    await scene.chat.getByText("1907").first().waitFor();
  },
  plot: async (scene) => {
    await ask(scene, "Draw a bar chart of the deaths by kind of disaster.");
    await runCell(scene);
    await ended(scene);
  },
  table: async (scene) => {
    await ask(scene, "Name the three decades with the highest death toll.");
    await runCell(scene);
    await ended(scene);
  },
  error: async (scene) => {
    await ask(scene, picturedQuestions.failing);
    await runCell(scene);
    await scene.chat.getByText("repair 1").waitFor();
    await scene.chat.locator(".attempt").click();
  },
  ask: async (scene) => {
    await folderRead(scene);
    await ask(scene, picturedQuestions.asking);
    await ended(scene);
  },
  [noModel]: async ({ chat }) => {
    await chat.getByText("LM Studio is not").waitFor();
  },
};

/**
 * The table of each picture that is not of the disasters, or what else it is about.
 *
 * @type {Record<string, string>}
 */
const tables = {
  ask: picturedFolder,
  "chosen-delimiter": picturedTables.stations,
  joins: picturedTables.orders,
  "half-way": picturedTables.measurements,
};

const python = await ensureTestPython();
const recordings = readRecordings(join(repositoryRoot, "test", "evals", "recordings"));
const model = await startRecordedModel({
  recordings: [...recordings.filter(({ variant }) => variant === "plain"), ...picturedRecordings],
  unknown: "This question was not recorded.",
});
const modelSettings = {
  "byzer.model": { provider: "openai-compatible", baseUrl: model.baseUrl, model: recordedModelName },
  "byzer.models.endpoints": [model.baseUrl],
};
mkdirSync(folder, { recursive: true });
try {
  /* oxlint-disable no-await-in-loop -- one editor after the other */
  for (const theme of /** @type {const} */ (["dark", "light", "hc"])) {
    await takePanels(theme);
  }
  for (const theme of /** @type {const} */ (["dark", "light", "hc"])) {
    if (isWanted("citation")) {
      await takeCitation(theme);
    }
  }
  /* oxlint-enable no-await-in-loop */
  if (isWanted("overview")) {
    await takeOverview();
  }
} finally {
  await model.close();
}

/** @param {"dark" | "light" | "hc"} theme */
async function takePanels(theme) {
  const viewport = { width: 1200, height: 860 };
  const names = Object.keys(panels).filter(isWanted);
  const withModel = names.filter((name) => name !== noModel);
  if (withModel.length > 0) {
    await withEditor({ theme, viewport, userSettings: modelSettings }, async (scene) => {
      for (const name of withModel) {
        // oxlint-disable-next-line no-await-in-loop -- one picture after the other
        await takePanel(scene, { name, theme });
      }
    });
  }
  if (names.includes(noModel)) {
    await withEditor({ theme, viewport: { ...viewport, height: 1000 } }, (scene) =>
      takePanel(scene, { name: noModel, theme }),
    );
  }
}

/**
 * Each picture begins with a session of its own.
 *
 * @param {Scene} scene
 * @param {{ name: string, theme: string }} picture
 */
async function takePanel(scene, { name, theme }) {
  const { page, setSidebarWidth } = scene.editor;
  await openViewContainer(page, "Explorer");
  const about = tables[name] ?? file;
  await chooseInExplorerMenu(page, about, about === picturedFolder ? "Ask about folder" : "Analyze this CSV");
  await setSidebarWidth(sidebarWidthPx);
  await panels[name]?.(scene);
  await settle(page, name === "half-way" ? 0 : undefined);
  await page.locator(".part.sidebar").screenshot({ path: join(folder, `${name}-${theme}.png`) });
  say(`docs/${name}-${theme}.png`);
  await stop(scene);
  await runPaletteCommand(page, "Byzer Agent: New Session");
}

/**
 * An answer from files beside the page that it cites.
 *
 * @param {"dark" | "light" | "hc"} theme
 */
async function takeCitation(theme) {
  const look = { theme, viewport: { width: 1200, height: 720 } };
  await withEditor({ ...look, userSettings: modelSettings }, async (scene) => {
    const { page, setSidebarWidth } = scene.editor;
    await chooseInExplorerMenu(page, picturedFolder, "Ask about folder");
    await setSidebarWidth(sidebarWidthPx);
    await folderRead(scene);
    await ask(scene, picturedQuestions.asking);
    await ended(scene);
    await scene.chat.locator(".cite").last().click();
    // The newest of the extension's frames is the document's.
    const frames = page.frameLocator("iframe.webview.ready[src*='extensionId=byzer.byzer-agent']");
    await frames.last().frameLocator("#active-frame").locator(".mark").first().waitFor();
    await settle(page);
    await page.screenshot({ path: join(folder, `citation-${theme}.png`) });
    say(`docs/citation-${theme}.png`);
  });
}

async function takeOverview() {
  const look = { theme: /** @type {const} */ ("dark"), viewport: { width: 1440, height: 1000 } };
  await withEditor({ ...look, userSettings: modelSettings }, async (scene) => {
    const { page, setSidebarWidth } = scene.editor;
    await openFromExplorer(page, file);
    await chooseInExplorerMenu(page, file, "Analyze this CSV");
    await setSidebarWidth(520);
    await ask(scene, "Which year was the deadliest, and how many people died in it?");
    await runCell(scene);
    await ended(scene);
    await ask(scene, "Draw a bar chart of the deaths by kind of disaster.");
    await runCell(scene);
    await ended(scene);
    await settle(page);
    await page.screenshot({ path: join(folder, "overview.png") });
    say("docs/overview.png");
  });
}

/**
 * @param {Pick<import("./editor/launch.mjs").LaunchOptions, "theme" | "viewport" | "userSettings">} options
 * @param {(scene: Scene) => Promise<void>} show
 */
async function withEditor({ userSettings = {}, ...look }, show) {
  const home = mkdtempSync(join(tmpdir(), "byzer-"));
  // The window shows its name.
  const workspace = join(home, "office");
  mkdirSync(workspace);
  cpSync(join(repositoryRoot, "node_modules", "vega-datasets", "data", file), join(workspace, file));
  writePicturedDocuments(workspace);
  writePicturedTables(
    workspace,
    Object.values(picturedTables).filter((table) => table !== picturedTables.measurements || isWanted("half-way")),
  );
  const editor = await launchEditor({
    ...look,
    workspace,
    vsix: join(repositoryRoot, "byzer-agent.vsix"),
    scale: 1.5,
    // The two places where a local model is looked for, without one.
    env: { OLLAMA_HOST: "127.0.0.1:9" },
    userSettings: {
      ...userSettings,
      "byzer.python.path": python,
      // On a canvas its letters do not follow the scale.
      "terminal.integrated.gpuAcceleration": "off",
    },
  });
  try {
    await show({ editor, chat: editor.chatFrame() });
  } finally {
    await editor.close();
    rmSync(home, { recursive: true, force: true });
  }
}

/**
 * @param {Scene} scene
 * @param {string} question
 */
async function ask({ chat }, question) {
  const box = chat.locator("#composer-text");
  await box.fill(question);
  await box.press("Enter");
}

/**
 * @param {Scene["chat"]} chat
 * @param {string} field
 * @param {string} option
 */
async function choose(chat, field, option) {
  await chat.getByRole("combobox", { name: field, exact: true }).click();
  await chat.getByRole("option", { name: option, exact: true }).click();
}

/** @param {Scene} scene */
async function folderRead({ chat }) {
  await chat
    .getByText(/3 files · \d+ passages/u)
    .first()
    .waitFor();
}

/** @param {Scene} scene */
async function runCell({ chat }) {
  await chat.getByRole("button", { name: "Run", exact: true }).last().click();
}

/** @param {Scene} scene */
async function ended({ chat }) {
  await chat.getByRole("button", { name: "Stop", exact: true }).waitFor({ state: "detached", timeout: 60_000 });
  await chat.locator(".turn-end .usage").last().waitFor();
}

/** @param {Scene} scene */
async function stop({ chat }) {
  const button = chat.getByRole("button", { name: "Stop", exact: true });
  if ((await button.count()) > 0) {
    await button.click();
    await button.waitFor({ state: "detached" });
  }
}

/**
 * Takes the pointer and its tooltips away and lets what moves come to rest.
 *
 * @param {import("playwright-core").Page} page
 * @param {number} [waitMs]
 */
async function settle(page, waitMs = 1200) {
  await page.mouse.move(700, 2);
  await page.waitForTimeout(waitMs);
}

/** @param {string} name */
function isWanted(name) {
  return wanted.length === 0 || wanted.includes(name);
}
