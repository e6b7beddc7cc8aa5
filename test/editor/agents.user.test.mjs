import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runPaletteCommand } from "../../scripts/editor/workbench.mjs";
import { openUserEditor, pictureFailures, said } from "./user-editor.mjs";

/** @param {string} body */
const polite = (body) => ["---", "description: Greets", "---", body, ""].join("\n");

/** @type {import("./user-editor.mjs").UserEditor} */
let user;

beforeAll(async () => {
  user = await openUserEditor({
    files: {
      "notes.md": "Nothing of importance.\n",
      ".byzer/agents/审稿人.agent.md": polite("你是审稿人。"),
      ".github/agents/trips.agent.md": "---\nname: planner of trips\ntarget: vscode\n---\nYou plan trips.\n",
      ".byzer/agents/draft.agent.md": "---\ndescription: A draft\nmodle: chat\n---\nYou write drafts.\n",
    },
  });
}, 300_000);
afterAll(() => user.close());
pictureFailures(() => user);

/** @param {string} name */
const agentFile = (name) => join(user.workspace, ".byzer", "agents", name);

/**
 * What is offered while that is typed.
 *
 * @param {string} letters
 */
async function offeredFor(letters) {
  const box = user.chat.frame.locator("#composer-text");
  await box.fill("");
  await box.pressSequentially(letters);
  const offered = await user.chat.frame.getByRole("option").allInnerTexts();
  await box.fill("");
  return offered.join("\n");
}

/** The words of the Problems panel. */
async function problems() {
  return user.page.locator(".markers-panel-container .monaco-list").innerText();
}

/**
 * The system message of the newest request.
 *
 * @returns {string}
 */
function lastSystemMessage() {
  const messages = user.server.chats.at(-1)?.["messages"];
  return Array.isArray(messages) ? String(messages.find(({ role }) => role === "system")?.content) : "";
}

test("a new agent is made by a command, and answers by its name", async () => {
  const { page, server, chat } = user;
  await runPaletteCommand(page, "Byzer Agent: New Agent…");
  await page.locator(".quick-input-list .monaco-list-row").filter({ hasText: "A description and a system" }).click();
  await page.locator(".quick-input-box input").fill("hello");
  await page.locator(".quick-input-box input").press("Enter");
  await page.locator(".tabs-container .tab[data-resource-name='hello.agent.md']").waitFor();
  expect(readFileSync(agentFile("hello.agent.md"), "utf8")).toContain("description: Answers greetings");
  await runPaletteCommand(page, "Byzer Agent: Open Chat");
  server.expectChat(said("Good morning to you."));
  await chat.ask("@hello Good morning");
  await chat.answered("Good morning to you.");
  expect(lastSystemMessage()).toContain("You are hello.");
});

test("an agent with a Chinese name is offered while one types, and answers", async () => {
  const { chat, server } = user;
  const box = chat.frame.locator("#composer-text");
  await box.pressSequentially("@审");
  const offered = chat.frame.getByRole("option").first();
  await expect.poll(() => offered.innerText()).toContain("@审稿人");
  await box.press("Enter");
  await box.pressSequentially("请看");
  server.expectChat(said("没有问题。"));
  await box.press("Enter");
  await chat.answered("没有问题。");
  expect(lastSystemMessage()).toContain("你是审稿人。");
  await expect.poll(() => offeredFor("@pla")).toContain("@planner-of-trips");
});

test("what breaks a file stands in the Problems panel until it is mended, and the next question meets the new words", async () => {
  const { page, chat, server } = user;
  writeFileSync(agentFile("hello.agent.md"), "---\ndescription: Greets\nlimits: { seconds: 0 }\n---\nBe rude.\n");
  await runPaletteCommand(page, "Problems: Focus on Problems View");
  await expect.poll(problems).toContain("“seconds” is a number from 1 to 86400.");
  writeFileSync(agentFile("hello.agent.md"), polite("You are brief."));
  await expect.poll(problems).not.toContain("“seconds”");
  server.expectChat(said("Hi."));
  await chat.ask("@hello Good evening");
  await chat.answered("Hi.");
  expect(lastSystemMessage()).toContain("You are brief.");
  rmSync(agentFile("hello.agent.md"));
  await expect.poll(() => offeredFor("@he")).not.toContain("@hello");
});

test("keys and names are completed and explained, and a slip of the hand is put right", async () => {
  const { page } = user;
  await page.locator(".markers-panel-container .monaco-list-row").filter({ hasText: "modle" }).dblclick();
  await page.locator(".tabs-container .tab[data-resource-name='draft.agent.md']").waitFor();
  const editor = page.locator(".editor-instance .view-lines").first();
  await editor.getByText("modle").first().hover();
  await page.locator(".monaco-hover").getByText("There is no key “modle”").waitFor();
  await editor.getByText("modle").first().click();
  const fix = page.locator(".action-widget").getByText("Change to “model”");
  await expect
    .poll(async () => {
      // A key that comes while the hover is still shown is lost to it.
      await page.keyboard.press("Control+.");
      return await fix.waitFor({ timeout: 5000 }).then(
        () => true,
        () => false,
      );
    })
    .toBe(true);
  await page.keyboard.press("Enter");
  await editor.getByText("model").first().waitFor();
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await page.keyboard.type("to");
  const suggestions = page.locator(".suggest-widget .monaco-list-row");
  await suggestions.filter({ hasText: "tools" }).first().waitFor();
  await page.keyboard.press("Enter");
  await suggestions.filter({ hasText: "search_files" }).first().waitFor();
  await page.keyboard.type("sea");
  await page.keyboard.press("Enter");
  await editor.getByText("search_files").first().waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+S");
  await editor.getByText("tools").first().hover();
  await page.locator(".monaco-hover").getByText("Tools that it may use").waitFor();
  expect(readFileSync(agentFile("draft.agent.md"), "utf8")).toContain("tools: [search_files]");
});
