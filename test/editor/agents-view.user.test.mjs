import { afterAll, beforeAll, expect, test } from "vitest";
import { chooseInMenuOf, runPaletteCommand } from "../../scripts/editor/workbench.mjs";
import { openUserEditor, pictureFailures, said } from "./user-editor.mjs";

/** @type {import("./user-editor.mjs").UserEditor} */
let user;

beforeAll(async () => {
  user = await openUserEditor({
    files: {
      ".byzer/agents/审稿人.agent.md": "---\ndescription: Reviews\n---\n你是审稿人。\n",
      ".byzer/agents/broken.agent.md": "---\ndescription: B\nlimits: { seconds: 0 }\n---\nX\n",
    },
  });
}, 300_000);
afterAll(() => user.close());
pictureFailures(() => user);

/** @param {string} name */
const row = (name) => user.page.locator(".pane-body .monaco-list-row").filter({ hasText: name }).first();

/** The document of the tab with the session's agents. */
const panel = () =>
  user.page
    .frameLocator("iframe.webview.ready[src*='extensionId=byzer.byzer-agent']")
    .last()
    .frameLocator("#active-frame")
    .locator("main");

test("everyone who exists is listed with what is wrong, and is asked from there", async () => {
  const { page, chat, server } = user;
  await runPaletteCommand(page, "Byzer Agent: Open Chat");
  await page.locator(".pane-header").filter({ hasText: "Agents" }).click();
  await row("审稿人").waitFor();
  expect(await row("broken").innerText()).toContain("“seconds”");
  await row("审稿人").hover();
  await row("审稿人").locator(".action-label[aria-label^='Ask Agent']").click();
  await expect.poll(() => chat.frame.locator("#composer-text").inputValue()).toBe("@审稿人 ");
  server.expectChat(said("没有问题。"));
  await chat.ask("@审稿人 请看");
  await chat.answered("没有问题。");
});

test("a system message that is edited and saved is in force from the next question on, and an earlier one comes back", async () => {
  const { page, chat, server } = user;
  await chooseInMenuOf(page, row("审稿人"), "Edit System Message");
  await page.locator(".tabs-container .tab[data-resource-name='审稿人.md']").waitFor();
  await page.locator(".editor-instance .view-lines").getByText("你是审稿人").click();
  await page.keyboard.press("Control+A");
  await page.keyboard.insertText("Be strict.");
  await page.keyboard.press("Control+S");
  await page.locator(".statusbar").getByText("审稿人 has another system message").waitFor();
  server.expectChat(said("Strict."));
  await chat.ask("@审稿人 again");
  await chat.answered("Strict.");
  expect(JSON.stringify(server.chats.at(-1))).toContain("Be strict.");
  await chooseInMenuOf(page, row("审稿人"), "Restore System Message");
  await page.locator(".quick-input-list .monaco-list-row").filter({ hasText: "Its own" }).click();
  server.expectChat(said("Mild."));
  await chat.ask("@审稿人 once more");
  await chat.answered("Mild.");
  expect(JSON.stringify(server.chats.at(-1))).not.toContain("Be strict.");
});

test("the session's agents have a tab, and one that is to forget knows nothing of what was said", async () => {
  const { page, chat, server } = user;
  await runPaletteCommand(page, "Byzer Agent: Show Agents of This Session");
  await panel()
    .getByRole("button", { name: /^2\. 审稿人 answers user: Mild/u })
    .waitFor();
  await panel().getByRole("button", { name: "Make 审稿人 forget" }).click();
  await page.locator(".quick-input-list .monaco-list-row").filter({ hasText: "user" }).click();
  const tab = page.locator(".tabs-container .tab").filter({ hasText: "Agents of This Session" });
  await runPaletteCommand(page, "View: Close Editor");
  await tab.waitFor({ state: "detached" });
  server.expectChat(said("Who are you?"));
  await chat.ask("@审稿人 remember?");
  await chat.answered("Who are you?");
  expect(JSON.stringify(server.chats.at(-1))).not.toContain("Strict.");
}, 300_000);
