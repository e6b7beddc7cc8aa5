import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openViewContainer, runPaletteCommand } from "../../scripts/editor/workbench.mjs";
import { openUserEditor, pictureFailures, routed, said } from "./user-editor.mjs";

/** @type {import("./user-editor.mjs").UserEditor} */
let user;
const question = "What is the fee of the quokkafestival?";
const chosen = said("memory_agent");
const cites = said('The fee was twenty euros [1: "the fee is twenty euros"].');

beforeAll(async () => {
  user = await openUserEditor({ files: { "a.txt": "nothing\n" } });
  await openViewContainer(user.page, "Byzer Agent");
  await user.chat.shows("Ask your tables and files");
}, 300_000);
afterAll(() => user.close());
pictureFailures(() => user);

/** Everything that is kept of what is remembered. */
function remembered() {
  return readdirSync(user.editor.userDataDir, { recursive: true, encoding: "utf8" })
    .filter((name) => name.includes(join("byzer.byzer-agent", "memory")))
    .map((name) => join(user.editor.userDataDir, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true)
    .map((path) => readFileSync(path).toString("latin1"))
    .join("\n");
}

async function newSession() {
  await runPaletteCommand(user.page, "Byzer Agent: New Session");
  await user.chat.shows("Ask your tables and files");
}

test("what was found in one session is asked about in another; the citation opens the turn of then", async () => {
  user.server.expectChat(routed, said("Everybody says that the fee is twenty euros."));
  await user.chat.ask(question);
  await user.chat.answered("the fee is twenty euros");
  await newSession();
  user.server.expectChat(chosen, cites);
  await user.chat.ask("What did we find about the quokkafestival?");
  await user.chat.answered("The fee was twenty euros");
  await user.chat.frame.locator(".cite").last().click();
  await user.chat.frame.locator(".shown-turn").getByText(question).waitFor();
  expect(await user.chat.text()).not.toContain("What did we find");
});

test("the search of the palette follows what is typed, and shows the turn", async () => {
  await newSession();
  await runPaletteCommand(user.page, "Byzer Agent: Search Conversations…");
  await user.page.keyboard.type("twenty euros");
  const item = user.page.locator(".quick-input-list-entry").filter({ hasText: question });
  await item.waitFor();
  await user.page.keyboard.press("Enter");
  await user.chat.frame.locator(".shown-turn").getByText(question).waitFor();
});

test("a conversation that is forgotten stays in the list, is in no file, and is not found", async () => {
  expect(remembered()).toContain("okkafest");
  await user.chat.frame.getByRole("button", { name: /^More/u }).first().click();
  await user.chat.frame.getByRole("menuitem", { name: "Forget this conversation" }).click();
  await user.chat.frame.getByRole("button", { name: "This conversation is not remembered" }).waitFor();
  // Long, where others keep the machine busy: the index is written anew.
  await expect.poll(remembered, { timeout: 120_000 }).not.toContain("okkafest");
  await newSession();
  await user.chat.ask("@memory_agent What did we find about the quokkafestival?");
  await user.chat.answered("No earlier conversation of this workspace is remembered.");
  await runPaletteCommand(user.page, "Byzer Agent: Show Sessions");
  await user.chat.frame.locator(".session-open").filter({ hasText: "quokkafestival" }).first().waitFor();
});
