import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { gallery } from "./gallery.ts";
import { agentsReplayStates } from "./gallery-replay.ts";
import { sessionAgentStates } from "./gallery-session-agents.ts";
import { type PageHarness, startPageHarness } from "./page-harness.ts";
import type { ThemeName } from "./themes.ts";

// Pictures of every state of the page, to be looked at: node test/page/take-pictures.ts FOLDER [NAME-PART] [THEME] [WIDTH]
// oxlint-disable eslint/no-await-in-loop -- one page at a time, on purpose
const [folder = "page-pictures", part = "", onlyTheme = "", onlyWidth = ""] = process.argv.slice(2);
const themeNames: readonly ThemeName[] = ["light", "dark", "hc"];
const widths = [300, 380, 900];

async function take(harness: PageHarness, theme: ThemeName, width: number): Promise<void> {
  for (const state of [...gallery, ...sessionAgentStates, ...agentsReplayStates].filter(({ name }) =>
    name.includes(part),
  )) {
    const opened = await harness.open({
      theme,
      width,
      height: 860,
      locale: state.locale ?? "en",
      path: state.path ?? "/",
      answers: state.answers ?? {},
    });
    await opened.push(...state.pushes(harness.resourceBase));
    await state.act?.(opened.page);
    await opened.page.waitForTimeout(150);
    for (const complaint of await opened.complaints()) {
      process.stderr.write(`${state.name}: ${complaint}\n`);
    }

    await opened.page.screenshot({ path: join(folder, `${state.name}-${theme}-${width}.png`) });
    await opened.close();
  }
}

await mkdir(folder, { recursive: true });
const harness = await startPageHarness();
try {
  for (const theme of themeNames.filter((name) => onlyTheme === "" || name === onlyTheme)) {
    for (const width of widths.filter((value) => onlyWidth === "" || String(value) === onlyWidth)) {
      await take(harness, theme, width);
    }
  }
} finally {
  await harness.close();
}
