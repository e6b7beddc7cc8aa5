import { randomBytes, timingSafeEqual } from "node:crypto";
import { mkdirSync } from "node:fs";
import { createServer } from "node:http";
import { dirname } from "node:path";
import { say } from "./process.mjs";
import { setSidebarWidth, webviewFrame } from "./workbench.mjs";

/**
 * One order for the page. `webview` names the extension whose view is meant; without it the editor's own page is.
 *
 * @typedef {object} DriverOrder
 * @property {string} action `print`, or one of the actions on the page.
 * @property {string} [webview]
 * @property {string} [selector]
 * @property {string} [text]
 * @property {string} [path]
 * @property {string} [attribute]
 * @property {"visible" | "hidden" | "attached" | "detached"} [state]
 * @property {number} [timeoutMs]
 * @property {number} [widthPx]
 * @property {number} [heightPx]
 */

/**
 * What each action does.
 *
 * @type {Record<string, (page: import("playwright-core").Page, order: DriverOrder) => Promise<unknown>>}
 */
const actions = {
  click: (page, order) => located(page, order).click(timeout(order)),
  fill: (page, order) => located(page, order).fill(order.text ?? "", timeout(order)),
  text: (page, order) => located(page, order).innerText(timeout(order)),
  attribute: (page, order) => located(page, order).getAttribute(order.attribute ?? "", timeout(order)),
  count: (page, order) => all(page, order).count(),
  waitFor: (page, order) => located(page, order).waitFor({ state: order.state ?? "visible", ...timeout(order) }),
  type: (page, order) => page.keyboard.type(order.text ?? ""),
  press: (page, order) => page.keyboard.press(order.text ?? ""),
  evaluate: (page, order) =>
    order.webview === undefined
      ? page.evaluate(order.text ?? "")
      : located(page, { ...order, selector: "html" }).evaluate((_root, text) => (0, eval)(text), order.text ?? ""),
  setViewport: (page, order) => page.setViewportSize({ width: order.widthPx ?? 0, height: order.heightPx ?? 0 }),
  setSidebarWidth: (page, order) => setSidebarWidth(page, order.widthPx ?? 0),
  screenshot: async (page, order) => {
    const path = order.path ?? "";
    mkdirSync(dirname(path), { recursive: true });
    await page.screenshot({ path });
  },
};

/**
 * Lets a suite in the extension host act on the editor's page, over a loopback port and with a one-time token.
 *
 * @param {() => import("playwright-core").Page | undefined} currentPage
 * @returns {Promise<{ url: string, close: () => void }>} `url` carries the token in its fragment.
 */
export async function startDriverServer(currentPage) {
  const token = randomBytes(16).toString("hex");
  const server = createServer(async (request, response) => {
    const reply = (/** @type {number} */ status, /** @type {unknown} */ body) => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    };
    if (!isAuthorized(request.headers.authorization, token)) {
      reply(401, { error: "wrong token" });
      return;
    }
    try {
      reply(200, { value: (await perform(currentPage(), await readJson(request))) ?? null });
    } catch (error) {
      reply(500, { error: error instanceof Error ? error.message : String(error) });
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}/#${token}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/**
 * @param {import("playwright-core").Page | undefined} page
 * @param {DriverOrder} order
 * @returns {Promise<unknown>}
 */
async function perform(page, order) {
  if (order.action === "print") {
    say(order.text ?? "");
    return;
  }
  const action = Object.hasOwn(actions, order.action) ? actions[order.action] : undefined;
  if (page === undefined || action === undefined) {
    throw new Error(page === undefined ? "The editor's page is not open." : `There is no action "${order.action}".`);
  }
  return action(page, order);
}

/**
 * @param {import("playwright-core").Page} page
 * @param {DriverOrder} order
 * @returns {import("playwright-core").Locator}
 */
function all(page, { webview, selector = "html" }) {
  return webview === undefined ? page.locator(selector) : webviewFrame(page, webview).locator(selector);
}

/**
 * @param {import("playwright-core").Page} page
 * @param {DriverOrder} order
 * @returns {import("playwright-core").Locator}
 */
function located(page, order) {
  return all(page, order).first();
}

/** @param {DriverOrder} order */
function timeout({ timeoutMs = 15_000 }) {
  return { timeout: timeoutMs };
}

/**
 * @param {string | undefined} header
 * @param {string} token
 * @returns {boolean}
 */
function isAuthorized(header, token) {
  const given = Buffer.from(header ?? "");
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/**
 * @param {import("node:http").IncomingMessage} request
 * @returns {Promise<DriverOrder>}
 */
async function readJson(request) {
  const chunks = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString("utf8"));
}
