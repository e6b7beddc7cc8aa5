/** A limit that ends what hangs: other parts of the tests keep the machine busy. */
const offeredWithinMs = 90_000;

/** The names that the editor has for its themes. */
export const themes = { light: "Light Modern", dark: "Dark Modern", hc: "Default High Contrast" };

/**
 * The document inside a webview of the sidebar, by way of the two frames that the editor puts around it. Every use looks
 * the frames up again, so it may be kept across a reload.
 *
 * @param {import("playwright-core").Page} page
 * @param {string} extensionId `publisher.name`
 * @returns {import("playwright-core").FrameLocator}
 */
export function webviewFrame(page, extensionId) {
  // A view that was hidden and shown again does not say what it is for any more, editors do.
  const others = ["webviewPanel", "customEditor"].map((purpose) => `:not([src*="purpose=${purpose}"])`).join("");
  return page
    .frameLocator(`iframe.webview.ready[src*="extensionId=${extensionId}"]${others}`)
    .frameLocator("#active-frame");
}

/**
 * Waits until the editor can be used.
 *
 * @param {import("playwright-core").Page} page
 * @param {{ hasFolder: boolean, timeoutMs?: number }} options
 */
export async function waitForWorkbench(page, { hasFolder, timeoutMs = 120_000 }) {
  await page.locator(".monaco-workbench .part.statusbar").waitFor({ timeout: timeoutMs });
  if (hasFolder) {
    await page.locator(".explorer-folders-view .monaco-list-row").first().waitFor({ timeout: timeoutMs });
  }
}

/**
 * Runs a command from the command palette, as a person would.
 *
 * @param {import("playwright-core").Page} page
 * @param {string} title As the palette shows it, with its category: `Byzer Agent: Analyze this CSV`.
 * @throws An Error when the palette does not offer it within a minute and a half.
 */
export async function runPaletteCommand(page, title) {
  const rows = page.locator(".quick-input-list .monaco-list-row .label-name");
  const row = rows.filter({ hasText: new RegExp(`^\\s*${escapeRegExp(title)}\\s*$`) }).first();
  await untilOffered(page, `The command palette has no "${title}"`, async () => {
    await page.keyboard.press("F1");
    const input = page.locator(".quick-input-widget .quick-input-box input");
    await input.waitFor();
    await input.fill(`>${title}`);
    return row;
  });
}

/**
 * Opens a file's context menu in the Explorer and chooses an entry.
 *
 * @param {import("playwright-core").Page} page
 * @param {string} name The file's or folder's name as the Explorer shows it.
 * @param {string} entry
 * @throws An Error when the menu does not offer it within a minute and a half.
 */
export async function chooseInExplorerMenu(page, name, entry) {
  await untilOffered(page, `The menu of ${name} has no "${entry}"`, async () => {
    await explorerRow(page, name).click({ button: "right" });
    return menuEntry(page, entry);
  });
}

/**
 * Opens the context menu of a line of a tree and chooses an entry.
 *
 * @param {import("playwright-core").Page} page
 * @param {import("playwright-core").Locator} line
 * @param {string} entry
 * @throws An Error when the menu does not offer it within a minute and a half.
 */
export async function chooseInMenuOf(page, line, entry) {
  await untilOffered(page, `The menu has no "${entry}"`, async () => {
    await line.click({ button: "right" });
    return menuEntry(page, entry);
  });
}

/**
 * Opens a file from the Explorer and keeps it open.
 *
 * @param {import("playwright-core").Page} page
 * @param {string} name
 */
export async function openFromExplorer(page, name) {
  await explorerRow(page, name).dblclick();
  await page.locator(`.tabs-container .tab[data-resource-name="${name}"]`).waitFor();
}

/**
 * The entry of the menu that is open.
 *
 * @param {import("playwright-core").Page} page
 * @param {string} entry
 * @returns {import("playwright-core").Locator}
 */
export function menuEntry(page, entry) {
  return page.locator(".monaco-menu .action-item .action-label").filter({ hasText: entry }).first();
}

/**
 * Opens (never closes) a view container by its icon in the activity bar.
 *
 * @param {import("playwright-core").Page} page
 * @param {string} title
 * @throws An Error when it does not open.
 */
export async function openViewContainer(page, title) {
  const item = page
    .locator(".activitybar .action-item")
    .filter({ has: page.locator(`[aria-label^="${title}"]`) })
    .first();
  await item.waitFor();
  const open = item.and(page.locator(".checked"));
  const deadlineMs = Date.now() + 60_000;
  /* oxlint-disable no-await-in-loop -- it polls */
  for (let waitMs = 2000; Date.now() < deadlineMs; waitMs += 1000) {
    if ((await open.count()) > 0) {
      return;
    }
    // A click on one that the editor is just opening by itself, after a reload, closes it; and clicks of before the
    // editor is ready come all at once, so each wait is longer than the last.
    await item.click();
    await open.waitFor({ timeout: waitMs }).catch(() => undefined);
  }
  /* oxlint-enable no-await-in-loop */
  throw new Error(`"${title}" does not open.`);
}

/**
 * Chooses a file in the editor's own file dialog. The dialog reads its folder while one types and may put that folder's
 * path back, so it is told again until it closes.
 *
 * @param {import("playwright-core").Page} page
 * @param {string} path Absolute.
 * @throws An Error when the dialog does not take it within a minute and a half.
 */
export async function chooseInFileDialog(page, path) {
  const dialog = page.locator(".quick-input-widget");
  const input = dialog.locator(".quick-input-box input");
  const deadlineMs = Date.now() + offeredWithinMs;
  /* oxlint-disable no-await-in-loop -- it polls */
  while (Date.now() < deadlineMs) {
    // A list of choices stands in the same place until the dialog shows the folder that it begins with.
    if (/^(\/|[A-Za-z]:)/u.test(await input.inputValue())) {
      await input.fill(path);
      await input.press("Enter");
      if (await isHidden(dialog, 2000)) {
        return;
      }
    } else {
      await page.waitForTimeout(100);
    }
  }
  /* oxlint-enable no-await-in-loop */
  throw new Error(`The file dialog does not take ${path}.`);
}

/**
 * Makes the sidebar as wide as told, by dragging its border.
 *
 * @param {import("playwright-core").Page} page
 * @param {number} widthPx At least 170, the editor's minimum.
 * @throws An Error when the sidebar is closed or will not take that width.
 */
export async function setSidebarWidth(page, widthPx) {
  const sidebar = page.locator(".part.sidebar");
  await sidebar.waitFor();
  const before = await sidebar.boundingBox();
  if (before === null || before.width === 0) {
    throw new Error("The sidebar is closed.");
  }
  const y = before.y + before.height / 2;
  await page.mouse.move(before.x + before.width, y);
  await page.mouse.down();
  await page.mouse.move(before.x + widthPx - 1, y, { steps: 4 });
  await page.mouse.move(before.x + widthPx, y, { steps: 2 });
  await page.mouse.up();
  // Away from the border, which is highlighted under the mouse.
  await page.mouse.move(before.x + widthPx / 2, 2);
  const after = await sidebar.boundingBox();
  if (after === null || Math.abs(after.width - widthPx) > 2) {
    throw new Error(`The sidebar is ${after?.width ?? 0} px wide, not ${widthPx}.`);
  }
}

/**
 * Removes the notifications and status hints that a picture should not show.
 *
 * @param {import("playwright-core").Page} page
 */
export async function clearNotifications(page) {
  await runPaletteCommand(page, "Notifications: Clear All Notifications");
}

/**
 * Opens a list until it has an entry, and clicks that. What an extension contributes comes a little after the window.
 *
 * @param {import("playwright-core").Page} page
 * @param {string} complaint
 * @param {() => Promise<import("playwright-core").Locator>} openList
 */
async function untilOffered(page, complaint, openList) {
  const deadlineMs = Date.now() + offeredWithinMs;
  /* oxlint-disable no-await-in-loop -- it polls */
  while (Date.now() < deadlineMs) {
    const entry = await openList();
    if (await chosen(entry)) {
      return;
    }
    await page.keyboard.press("Escape");
  }
  /* oxlint-enable no-await-in-loop */
  throw new Error(`${complaint}.`);
}

/**
 * Chooses an entry of an open list. The list may close, or be drawn anew, before the click; a menu that has only just
 * opened takes none.
 *
 * @param {import("playwright-core").Locator} entry
 * @returns {Promise<boolean>} Whether it was there to be chosen.
 */
async function chosen(entry) {
  try {
    await entry.waitFor({ timeout: 1500 });
    await entry.hover({ timeout: 3000 });
    await entry.click({ timeout: 3000 });
    return await isHidden(entry, 3000);
  } catch (error) {
    if (error instanceof Error && error.name === "TimeoutError") {
      return false;
    }
    throw error;
  }
}

/**
 * @param {import("playwright-core").Locator} element
 * @param {number} timeoutMs
 * @returns {Promise<boolean>} Whether it is hidden by then.
 */
async function isHidden(element, timeoutMs) {
  try {
    await element.waitFor({ state: "hidden", timeout: timeoutMs });
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === "TimeoutError") {
      return false;
    }
    throw error;
  }
}

/**
 * @param {import("playwright-core").Page} page
 * @param {string} name
 */
function explorerRow(page, name) {
  return page
    .locator(".explorer-folders-view .monaco-list-row")
    .filter({ has: page.locator(".label-name", { hasText: new RegExp(`^${escapeRegExp(name)}$`) }) })
    .first();
}

/**
 * @param {string} text
 * @returns {string}
 */
function escapeRegExp(text) {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
