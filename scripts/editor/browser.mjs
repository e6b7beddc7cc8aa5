import { randomBytes } from "node:crypto";
import { chromium } from "playwright-core";

const chromiumArguments = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * Starts the headless Chromium that serves as the editor's window.
 *
 * @param {{ executable: string, viewport: { width: number, height: number }, scale?: number }} options `scale`: device
 *   pixels per CSS pixel.
 * @returns {Promise<{ page: import("playwright-core").Page, close: () => Promise<void> }>}
 */
export async function openBrowser({ executable, viewport, scale = 1 }) {
  const browser = await chromium.launch({ executablePath: executable, args: chromiumArguments });
  const context = await browser.newContext({
    viewport,
    deviceScaleFactor: scale,
    locale: "en-US",
    permissions: ["clipboard-read", "clipboard-write"],
  });
  await context.addInitScript(keepSecrets, [...randomBytes(32)]);
  return { page: await context.newPage(), close: () => browser.close() };
}

/**
 * Answers the workbench when it asks for the server's half of the key that secrets are kept under, which Code Server
 * has and the server alone has not: without it no secret outlives a reload. Runs in the page, before anything else.
 *
 * @param {readonly number[]} key 32 bytes.
 */
function keepSecrets(key) {
  const fetchOfPage = window.fetch;
  window.fetch = (input, init) =>
    init?.method === "POST" && typeof input === "string" && input.endsWith("/mint-key")
      ? Promise.resolve(new Response(Uint8Array.from(key)))
      : fetchOfPage.call(window, input, init);
}

/**
 * The address that opens a folder, or an empty window, of a server.
 *
 * @param {import("./server.mjs").EditorServer} server
 * @param {{ folder?: string | undefined, payload?: readonly (readonly [string, string])[] }} [options]
 * @returns {string}
 */
export function editorUrl(server, { folder, payload = [] } = {}) {
  const url = new URL(server.origin);
  url.searchParams.set("tkn", server.token);
  if (folder === undefined) {
    url.searchParams.set("ew", "true");
  } else {
    url.searchParams.set(folder.endsWith(".code-workspace") ? "workspace" : "folder", folder);
  }
  if (payload.length > 0) {
    url.searchParams.set("payload", JSON.stringify(payload));
  }
  return url.href;
}
