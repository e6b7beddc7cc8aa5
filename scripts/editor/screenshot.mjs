import { mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { launchEditor } from "./launch.mjs";
import { say } from "./process.mjs";
import { themes } from "./workbench.mjs";

/**
 * What leads to a picture. A scenario module exports `options` (of launchEditor, beside the theme) and `show`; it may
 * export `clip`, the selector of the part to picture (default: the whole window).
 *
 * @typedef {object} Scenario
 * @property {import("./launch.mjs").LaunchOptions | (() => Promise<import("./launch.mjs").LaunchOptions>)} [options] What to open.
 * @property {(editor: import("./launch.mjs").LaunchedEditor) => Promise<void>} show Does what a person would do.
 * @property {string} [clip] A selector.
 */

/**
 * Plays a scenario in the real editor and takes a picture of where it ends.
 *
 * @param {Scenario} scenario
 * @param {{ theme: "light" | "dark" | "hc", out: string, sidebarWidthPx?: number | undefined }} picture
 */
export async function takeScreenshot({ options = {}, show, clip }, { theme, out, sidebarWidthPx }) {
  const launchOptions = typeof options === "function" ? await options() : options;
  const editor = await launchEditor({ scale: 2, ...launchOptions, theme });
  try {
    if (sidebarWidthPx !== undefined) {
      await editor.setSidebarWidth(sidebarWidthPx);
    }
    await show(editor);
    mkdirSync(dirname(resolve(out)), { recursive: true });
    await (clip === undefined ? editor.page : editor.page.locator(clip).first()).screenshot({ path: out });
  } finally {
    await editor.close();
  }
}

/**
 * @param {string} name
 * @returns {name is keyof typeof themes}
 */
function isTheme(name) {
  return Object.hasOwn(themes, name);
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      theme: { type: "string", default: "dark" },
      width: { type: "string" },
      out: { type: "string" },
    },
  });
  const [scenario] = positionals;
  const theme = isTheme(values.theme) ? values.theme : undefined;
  if (scenario === undefined || values.out === undefined || theme === undefined) {
    say(
      "Usage: node scripts/editor/screenshot.mjs SCENARIO.mjs --out PICTURE.png [--theme light|dark|hc] [--width SIDEBAR_PX]",
    );
    process.exitCode = 2;
    return;
  }
  await takeScreenshot(await import(pathToFileURL(resolve(scenario)).href), {
    theme,
    out: values.out,
    sidebarWidthPx: values.width === undefined ? undefined : Number(values.width),
  });
  say(values.out);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main();
}
