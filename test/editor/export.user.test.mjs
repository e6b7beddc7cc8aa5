import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chooseInExplorerMenu, runPaletteCommand } from "../../scripts/editor/workbench.mjs";
import { called, openUserEditor, pictureFailures, routed, said, salesTable } from "./user-editor.mjs";

/** @type {import("./user-editor.mjs").UserEditor} */
let user;

beforeAll(async () => {
  user = await openUserEditor({ files: { "sales.csv": salesTable } });
}, 300_000);
afterAll(() => user.close());
pictureFailures(() => user);

test("before anything was answered there is nothing to export, and that is said", async () => {
  await chooseInExplorerMenu(user.page, "sales.csv", "Analyze this CSV");
  await user.chat.shows("40 rows");
  await runPaletteCommand(user.page, "Byzer Agent: Export Session…");
  await user.page.locator(".notification-toast").getByText("There is nothing to export yet").waitFor();
});

test("a session is exported as a notebook that lies beside the data and opens", async () => {
  user.server.expectChat(
    routed,
    called("import pandas as pd", "df = pd.read_csv('sales.csv')", "df.groupby('city')['sales'].sum()"),
    said("210 each."),
  );
  await user.chat.askAndRun("Sales by city?");
  await user.chat.answered("210 each.");
  await runPaletteCommand(user.page, "Byzer Agent: Export Session…");
  await choose("Jupyter notebook");
  const target = await acceptPath();
  await user.page.locator(".notification-toast").getByText("Exported to").waitFor();
  const notebook = JSON.parse(readFileSync(target, "utf8"));
  expect(target).toBe(join(user.workspace, "Sales by city.ipynb"));
  expect([notebook.nbformat, notebook.nbformat_minor]).toEqual([4, 5]);
  expect(JSON.stringify(notebook)).toContain("210 each.");
  await user.page.locator(".notification-toast").getByRole("button", { name: "Open" }).click();
  await user.page.locator(".notebookOverlay .code-cell-row").first().waitFor();
});

test("one answer is exported from where it stands, as a report", async () => {
  await user.chat.button("Export this answer…").click();
  await choose("Report");
  const target = await acceptPath();
  await expect.poll(() => existsSync(target)).toBe(true);
  expect(readFileSync(target, "utf8")).toContain("| 北京 | 210 |");
});

/** @param {string} label One of the formats. */
async function choose(label) {
  await user.page.locator(".quick-input-list").getByText(label, { exact: true }).click();
}

/**
 * Takes the place that the save dialog offers.
 *
 * @returns {Promise<string>} Its path.
 */
async function acceptPath() {
  const box = user.page.locator(".quick-input-widget").filter({ hasText: "Export session" });
  const input = box.locator("input").first();
  await expect.poll(() => input.inputValue()).toMatch(/\.(?:ipynb|md)$/);
  const path = await input.inputValue();
  await box
    .getByRole("button", { name: "OK" })
    .or(box.getByText("Save", { exact: true }))
    .first()
    .click();
  return path;
}
