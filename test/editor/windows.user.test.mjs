import { readFileSync, readdirSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chooseInExplorerMenu, openViewContainer, runPaletteCommand } from "../../scripts/editor/workbench.mjs";
import { ChatPage, called, openUserEditor, pictureFailures, routed, said, salesTable } from "./user-editor.mjs";

/** @type {import("./user-editor.mjs").UserEditor} */
let user;

beforeAll(async () => {
  user = await openUserEditor({ files: { "sales.csv": salesTable, "other.csv": "a,b\n1,2\n3,4\n" } });
  await chooseInExplorerMenu(user.page, "sales.csv", "Analyze this CSV");
  await user.chat.shows("40 rows");
}, 300_000);
afterAll(() => user.close());
pictureFailures(() => user);

test("a window reload while code runs loses no message, and says what was lost", async () => {
  user.server.expectChat(routed, called("print('before reload', flush=True)", "import time", "time.sleep(60)"));
  await user.chat.askAndRun("Reload me");
  await user.chat.shows("before reload", true);
  await user.editor.reload();
  await openViewContainer(user.page, "Byzer Agent");
  await user.chat.shows("reloaded while");
  const text = await user.chat.text();
  expect(text).toContain("40 rows");
  expect(text).toContain("Reload me");
  expect(text).toContain("before reload");
  user.server.expectChat(routed, said("Retried after the reload."));
  await user.chat.button("Retry").click();
  await user.chat.answered("Retried after the reload.");
});

test("an extension host that is killed while code runs comes back with the session", async () => {
  user.server.expectChat(routed, called("print('before kill', flush=True)", "import time", "time.sleep(60)"));
  await user.chat.askAndRun("Kill me");
  await user.chat.shows("before kill", true);
  // The one of before the reload may still be ending.
  await expect.poll(() => extensionHosts(user.editor.server.pid)).toHaveLength(1);
  for (const pid of extensionHosts(user.editor.server.pid)) {
    process.kill(pid, "SIGKILL");
  }
  await user.chat.shows("reloaded while");
  expect(await user.chat.text()).toContain("before kill");
  user.server.expectChat(routed, said("Retried after the kill."));
  await user.chat.button("Retry").click();
  await user.chat.answered("Retried after the kill.");
});

test("a second window on the same folder lists the sessions, leaves the open one alone, and starts its own", async () => {
  const page = await user.page.context().newPage();
  await page.goto(user.editor.url);
  const second = new ChatPage(page);
  await openViewContainer(page, "Byzer Agent");
  await second.shows("Ask your tables and files");
  await runPaletteCommand(page, "Byzer Agent: Show Sessions");
  await second.frame.locator(".session-open").filter({ hasText: "sales.csv" }).click();
  await second.shows("open in another window");
  await chooseFromExplorer(page, "other.csv");
  await second.shows("2 rows");
  user.server.expectChat(routed, said("From the second window."));
  await second.ask("Who are you?");
  await second.answered("From the second window.");
  expect(await user.chat.text()).not.toContain("From the second window.");
  await page.close();
});

test("sessions are found by a word of an answer, opened, renamed and deleted", async () => {
  const lines = user.chat.frame.locator(".session-line");
  await runPaletteCommand(user.page, "Byzer Agent: New Session");
  await user.chat.shows("Ask your tables and files");
  await runPaletteCommand(user.page, "Byzer Agent: Show Sessions");
  await lines.filter({ hasText: "other.csv" }).waitFor();
  await user.chat.frame.locator(".search input").fill("after the kill");
  const named = lines.filter({ has: user.chat.frame.getByRole("button", { name: /^Delete / }) });
  await expect.poll(() => named.allInnerTexts()).toEqual([expect.stringContaining("sales.csv")]);
  await named.locator(".session-open").click();
  await user.chat.shows("Retried after the kill.");
  await runPaletteCommand(user.page, "Byzer Agent: Show Sessions");
  await user.chat.button("Rename Reload me").click();
  await user.chat.frame.getByRole("textbox", { name: "Session title" }).fill("Sales of two cities");
  await user.page.keyboard.press("Enter");
  await lines.filter({ hasText: "Sales of two cities" }).waitFor();
  await user.chat.button("Delete Sales of two cities").click();
  const dialog = user.page.locator(".monaco-dialog-box").filter({ hasText: "“Sales of two cities”" });
  await expect.poll(() => dialog.locator(".monaco-button:focus").innerText()).toBe("Keep");
  await dialog.getByRole("button", { name: "Delete" }).click();
  await expect.poll(async () => (await lines.allInnerTexts()).join("\n")).not.toContain("Sales of two cities");
});

test("in an editor that speaks Chinese, everything speaks Chinese", async () => {
  const page = await user.page.context().newPage();
  await page.addInitScript(() => {
    // Where the editor's own language packs, which it fetches, leave the language they are in.
    Object.assign(globalThis, { _VSCODE_NLS_LANGUAGE: "zh-cn" });
  });
  await page.goto(user.editor.url);
  const chinese = new ChatPage(page);
  await chooseFromExplorer(page, "other.csv", "分析此 CSV");
  await chinese.shows("2 行");
  await chinese.frame.getByRole("textbox", { name: "提问" }).waitFor();
  expect(await chinese.text()).not.toMatch(/rows|columns|missing/);
  await page.close();
});

/**
 * @param {import("playwright-core").Page} page
 * @param {string} name
 * @param {string} [entry]
 */
async function chooseFromExplorer(page, name, entry = "Analyze this CSV") {
  await openViewContainer(page, "Explorer");
  await chooseInExplorerMenu(page, name, entry);
}

/**
 * The processes of a server's group that run extensions.
 *
 * @param {number} group
 * @returns {readonly number[]}
 */
function extensionHosts(group) {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => groupOf(pid) === group && commandOf(pid).includes("--type=extensionHost"));
}

/** @param {number} pid */
function groupOf(pid) {
  const stat = readProc(pid, "stat");
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[2]);
}

/** @param {number} pid */
function commandOf(pid) {
  return readProc(pid, "cmdline");
}

/**
 * @param {number} pid
 * @param {string} file
 * @returns {string} Empty where the process is gone.
 */
function readProc(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
