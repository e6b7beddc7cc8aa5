import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchEditor } from "../../scripts/editor/launch.mjs";
import { chooseInExplorerMenu } from "../../scripts/editor/workbench.mjs";

const home = mkdtempSync(join(tmpdir(), "byzer-trust-test-"));
/** @type {import("../../scripts/editor/launch.mjs").LaunchedEditor} */
let editor;

beforeAll(async () => {
  const workspace = mkdtempSync(join(home, "workspace-"));
  writeFileSync(join(workspace, "sales.csv"), "city,sold\nBerlin,3\nHangzhou,5\n");
  editor = await launchEditor({ workspace, extensionPath: resolve("."), trusted: false });
}, 120_000);

afterAll(async () => {
  await editor.close();
  rmSync(home, { recursive: true, force: true });
});

test("in a folder that is not trusted the data card shows, and the page says that nothing runs", async () => {
  await chooseInExplorerMenu(editor.page, "sales.csv", "Analyze this CSV");
  const chat = editor.chatFrame();
  await chat.getByText("sold").first().waitFor({ timeout: 30_000 });
  await chat.getByText("not trusted").or(chat.getByText("Nothing runs")).first().waitFor({ timeout: 30_000 });
});

test("no terminal is opened there", async () => {
  expect(await editor.page.locator(".terminal-wrapper").count()).toBe(0);
});
