import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  chooseInExplorerMenu,
  menuEntry,
  openFromExplorer,
  openViewContainer,
  runPaletteCommand,
} from "../../scripts/editor/workbench.mjs";
import { tinyPdf } from "./tiny-pdf.mjs";
import { openUserEditor, pictureFailures, said } from "./user-editor.mjs";

const filler = Array.from({ length: 60 }, (_, index) => `Paragraph ${index} speaks of something else entirely.`);
const handbook = ["# Handbook", "", ...filler, "", "## Travel", "", "Train tickets are refunded within 14 days.", ""];
const notebook = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: { language_info: { name: "python" } },
  cells: [
    { id: "a", cell_type: "markdown", metadata: {}, source: ["# Study\n", "Where the threshold comes from."] },
    {
      id: "b",
      cell_type: "code",
      metadata: {},
      execution_count: null,
      outputs: [],
      source: ["rows = 1\n", "alarm_threshold = 37.5\n", "print(alarm_threshold)"],
    },
  ],
};
/** “The contract takes effect on the day of its signature.” in GB18030, after a line of ASCII. */
const contract = Buffer.concat([
  Buffer.from("# 1\n"),
  Buffer.from("bacfcdacd7d4c7a9d7d6d6aec8d5c6f0c9fad0a7a1a30a", "hex"),
  Buffer.from("# 2\n"),
]);

/** @type {import("./user-editor.mjs").UserEditor} */
let user;

beforeAll(async () => {
  user = await openUserEditor({
    files: {
      "handbook.md": handbook.join("\n"),
      "manual.pdf": tinyPdf([["Cover page"], ["Safety", "Unplug the pump before opening the lid."], ["Index"]]),
      "study.ipynb": JSON.stringify(notebook),
      "boiling.html": "<html><body><h1>Water</h1><p>It <b>boils</b> at <i>100</i> degrees.</p></body></html>",
      "contract.txt": contract,
      "notes/one.md": "The canteen opens at seven.\n",
      "notes/two.md": "The library closes at nine.\n",
    },
  });
}, 300_000);
afterAll(() => user.close());
pictureFailures(() => user);

/**
 * Asks about a file of the Explorer, and has the model answer with words of its first passage.
 *
 * @param {string} name
 * @param {string} quote
 */
async function askAbout(name, quote) {
  await openViewContainer(user.page, "Explorer");
  await chooseInExplorerMenu(user.page, name, "Ask about f");
  await user.chat.shows(name);
  user.server.expectChat(cites(quote));
  await user.chat.ask(`What does ${name} say?`);
  await user.chat.answered("It says so");
}

/** @param {string} quote */
function cites(quote) {
  return said(`It says so [1: "${quote}"].`);
}

async function openCitation() {
  await user.chat.frame.locator(".cite").last().click();
}

/** @param {string} text A piece of the text under the mark. */
async function marked(text) {
  const lines = user.page.locator(".editor-instance .view-lines .view-line").filter({ hasText: text });
  await lines.first().waitFor();
  await user.page.locator(".editor-instance .view-overlays [class*='ced-']").first().waitFor();
}

test("a text file: the Explorer's menu, a question, a citation, and its line in the editor with the words marked", async () => {
  await askAbout("handbook.md", "Train tickets are refunded within 14 days.");
  await openCitation();
  await marked("Train tickets are refunded");
  await user.page.locator(".statusbar-item").filter({ hasText: "Ln 66, Col 1" }).waitFor();
  const tab = user.page.locator(".tabs-container .tab[data-resource-name='handbook.md']");
  await tab.dblclick();
  await openViewContainer(user.page, "Explorer");
  await openFromExplorer(user.page, "contract.txt");
  await tab.click();
  await marked("Train tickets are refunded");
});

test("a PDF document opens at the page of the citation, with the words marked", async () => {
  await askAbout("manual.pdf", "Unplug the pump before opening the lid.");
  await openCitation();
  // The editor does not say in the address what a frame is for; this one is the newest.
  const frames = user.page.frameLocator("iframe.webview.ready[src*='extensionId=byzer.byzer-agent']");
  const view = frames.last().frameLocator("#active-frame");
  await view.locator(".mark").first().waitFor();
  expect(await view.getByRole("textbox", { name: "Page" }).inputValue()).toBe("2");
  await runPaletteCommand(user.page, "View: Close All Editors");
});

test("a notebook opens at the cell of the citation", async () => {
  await askAbout("study.ipynb", "alarm_threshold = 37.5");
  await openCitation();
  await user.page.locator(".notebookOverlay .cell-list-container").first().waitFor();
  await user.page.locator(".notebookOverlay [class*='ced-']").first().waitFor();
});

test("a text in GB18030 is read, cited and shown in its own characters", async () => {
  await askAbout("contract.txt", "合同自签字之日起生效");
  await openCitation();
  await marked("合同自签字之日起生效");
});

test("a document whose source does not hold the words is shown as text under its name", async () => {
  await askAbout("boiling.html", "It boils at 100 degrees.");
  await openCitation();
  await marked("It boils at 100 degrees.");
  await user.page.locator(".tabs-container .tab[data-resource-name='boiling.html']").waitFor();
});

test("lines that are selected are asked about, and opened again", async () => {
  await openViewContainer(user.page, "Explorer");
  await openFromExplorer(user.page, "handbook.md");
  await user.page.keyboard.press("Control+Home");
  await user.page.keyboard.press("Shift+ArrowDown");
  await runPaletteCommand(user.page, "Byzer Agent: Ask about selection");
  await user.chat.shows(/handbook\.md:1/u);
  await user.page.keyboard.press("Control+End");
  await user.chat.frame.locator(".source-entry").getByText("handbook.md:1").click();
  await user.page
    .locator(".statusbar-item")
    .filter({ hasText: /Ln 2, Col 1 \(\d+ selected\)/u })
    .waitFor();
});

test("a folder has its state in the status bar; what is saved is found; its index can be deleted", async () => {
  await askAbout("notes", "The canteen opens at seven.");
  const item = user.page.locator(".statusbar-item").filter({ hasText: /\d+ files/u });
  await item.waitFor();
  writeFileSync(join(user.workspace, "notes", "three.md"), "The gym opens at five.\n");
  user.server.expectChat(said("What does notes say?"), (request) => {
    const passage = /\[(\d+)\][^[]*The gym opens at five/u.exec(JSON.stringify(request.body));
    return said(`It says so too [${passage?.[1] ?? 1}: "The gym opens at five."].`);
  });
  await user.chat.ask("When does the gym open?");
  await user.chat.answered("It says so too");
  await openCitation();
  await marked("The gym opens at five.");
  await item.click();
  await user.page.locator(".quick-input-list .monaco-list-row").filter({ hasText: "Delete" }).first().click();
  await user.page.locator(".monaco-dialog-box").getByRole("button", { name: "Delete" }).click();
  await item.waitFor({ state: "hidden" });
});

test("the menus of an editor and of its title offer it", async () => {
  await openViewContainer(user.page, "Explorer");
  await openFromExplorer(user.page, "handbook.md");
  await user.page.locator(".tabs-container .tab[data-resource-name='handbook.md']").click({ button: "right" });
  await menuEntry(user.page, "Ask about file").waitFor();
  await user.page.keyboard.press("Escape");
  await user.page.locator(".editor-instance .view-lines").first().click({ button: "right" });
  await menuEntry(user.page, "Ask about file").waitFor();
  await user.page.keyboard.press("Escape");
});
