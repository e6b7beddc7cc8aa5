import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chooseInExplorerMenu } from "../../scripts/editor/workbench.mjs";
import { called, openUserEditor, pictureFailures, routed, said, salesTable } from "./user-editor.mjs";

/** @type {import("./user-editor.mjs").UserEditor} */
let user;

beforeAll(async () => {
  user = await openUserEditor({ files: { "sales.csv": salesTable }, trusted: false });
}, 300_000);
afterAll(() => user.close());
pictureFailures(() => user);

test("in a folder that is not trusted the data card shows, and the page says that nothing runs", async () => {
  await chooseInExplorerMenu(user.page, "sales.csv", "Analyze this CSV");
  await user.chat.shows("40 rows");
  await user.chat.shows("This workspace is not trusted");
});

test("a question in words is answered there", async () => {
  user.server.expectChat(routed, said("Cities, years and sales."));
  await user.chat.ask("What is in it?");
  await user.chat.answered("Cities, years and sales.");
});

test("code that a model wants run does not run, its author is told why, and no terminal opens", async () => {
  user.server.expectChat(routed, called("open('ran.txt', 'w').write('x')"), said("It cannot run here."));
  await user.chat.ask("Sum of sales?");
  await user.chat.answered("It cannot run here.");
  expect(JSON.stringify(user.server.chats.at(-1))).toContain("not trusted");
  expect(existsSync(join(user.workspace, "ran.txt"))).toBe(false);
  expect(await user.page.locator(".terminal-wrapper").count()).toBe(0);
});

test("once the person trusts the folder, the same question runs", async () => {
  await user.chat.button("Manage trust").click();
  await user.page.locator(".workspace-trust-editor").getByRole("button", { name: "Trust", exact: true }).click();
  await user.chat.frame.getByText("This workspace is not trusted").waitFor({ state: "detached" });
  await user.page
    .locator(".monaco-modal-editor-block")
    .getByRole("button", { name: /^Close/ })
    .first()
    .click();
  await user.page.locator(".workspace-trust-editor").waitFor({ state: "hidden" });
  user.server.expectChat(routed, called("print('ran', 6 * 7)"), said("It ran."));
  await user.chat.askAndRun("And now?");
  await user.chat.answered("It ran.");
  await user.chat.shows("ran 42");
});
