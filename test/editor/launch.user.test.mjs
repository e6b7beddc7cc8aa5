import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchEditor } from "../../scripts/editor/launch.mjs";
import { chooseInExplorerMenu, openViewContainer, runPaletteCommand } from "../../scripts/editor/workbench.mjs";

const home = mkdtempSync(join(tmpdir(), "byzer-launch-test-"));
const vsix = join(home, "probe.vsix");
/** @type {import("../../scripts/editor/launch.mjs").LaunchedEditor} */
let editor;

beforeAll(async () => {
  const packed = spawnSync(
    "vsce",
    ["package", "--no-dependencies", "--allow-missing-repository", "--skip-license", "--out", vsix],
    { cwd: resolve("test/editor/fixtures/probe-extension"), encoding: "utf8" },
  );
  expect(packed.status, packed.stdout + packed.stderr).toBe(0);
  const workspace = mkdtempSync(join(home, "workspace-"));
  writeFileSync(join(workspace, "table.csv"), "a,b\n1,2\n");
  writeFileSync(join(workspace, "notes.md"), "# Notes\n");
  editor = await launchEditor({ workspace, vsix, theme: "hc", extensionId: "byzer-test.editor-probe" });
}, 300_000);

afterAll(async () => {
  const { pid, userDataDir } = editor.server;
  await editor.close();
  rmSync(home, { recursive: true, force: true });
  expect({ folder: existsSync(userDataDir), group: isGroupAlive(pid) }).toEqual({ folder: false, group: false });
});

test("an installed VSIX answers in its view to what a person does in the Explorer", async () => {
  await chooseInExplorerMenu(editor.page, "table.csv", "Open Probe");
  await editor.chatFrame().locator("#opened:text-is('table.csv')").waitFor();
  await editor.chatFrame().locator("#count").click();
  await editor.chatFrame().locator("#total:text-is('1')").waitFor();
});

test("the palette runs its command, and the theme of the user's settings shows", async () => {
  await runPaletteCommand(editor.page, "Editor Probe: Open Probe");
  await editor.chatFrame().locator("#opened:text-is('no file')").waitFor();
  expect(await editor.page.locator(".monaco-workbench").getAttribute("class")).toContain("hc-black");
});

test("the sidebar takes the width it is given and keeps it over a reload, and the view comes back", async () => {
  await editor.setSidebarWidth(300);
  await editor.reload();
  await openViewContainer(editor.page, "Editor Probe");
  await editor.chatFrame().locator("#opened").waitFor();
  const box = await editor.page.locator(".part.sidebar").boundingBox();
  expect(Math.abs((box?.width ?? 0) - 300)).toBeLessThanOrEqual(2);
});

/** @param {number} pid */
function isGroupAlive(pid) {
  try {
    process.kill(-pid, 0);
    return true;
  } catch {
    return false;
  }
}
