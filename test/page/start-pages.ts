import { chromium } from "playwright-core";
import type { TestProject } from "vitest/node";
import { browserOptions, servePages } from "./page-server.ts";

/**
 * Builds the pages and starts Chromium once for all files of a run; tests find them by `inject("pages")`.
 *
 * @returns Ends both.
 */
export async function setup({ provide }: Pick<TestProject, "provide">): Promise<() => Promise<void>> {
  const [server, browser] = await Promise.all([servePages(), chromium.launchServer(browserOptions())]);
  provide("pages", { origin: server.origin, endpoint: browser.wsEndpoint() });
  return async () => {
    await browser.close();
    await server.close();
  };
}
