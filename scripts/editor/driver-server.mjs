import { randomBytes, timingSafeEqual } from "node:crypto";
import { mkdirSync } from "node:fs";
import { createServer } from "node:http";
import { dirname } from "node:path";
import { say } from "./process.mjs";
import { setSidebarWidth, webviewFrame } from "./workbench.mjs";

/**
 * One order for the page.
 *
 * @typedef {object} DriverOrder
 * @property {string} action `print`, or one of the actions on the page.
 * @property {string} [webview] `publisher.name`; without it the editor's own page is meant.
 * @property {string} [selector] The first match is meant.
 * @property {string} [text] What to fill, type, press, print or evaluate.
 * @property {string} [path] Where the picture goes.
 * @property {string} [attribute] Its name.
 * @property {"visible" | "hidden" | "attached" | "detached"} [state] What to wait for. Default: visible.
 * @property {number} [timeoutMs] Default: 15,000.
 * @property {number} [widthPx] Of the window or the sidebar.
 * @property {number} [heightPx] Of the window.
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
  evaluate: async (page, order) => (await frameOf(page, order)).evaluate(order.text ?? ""),
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
  const server = createServer((request, response) => {
    void respond(response, answer(request, token, currentPage));
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
 * @param {import("node:http").ServerResponse} response
 * @param {Promise<{ status: number, body: unknown }>} answered
 */
async function respond(response, answered) {
  const { status, body } = await answered;
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

/**
 * @param {import("node:http").IncomingMessage} request
 * @param {string} token
 * @param {() => import("playwright-core").Page | undefined} currentPage
 * @returns {Promise<{ status: number, body: unknown }>}
 */
async function answer(request, token, currentPage) {
  if (!isAuthorized(request.headers.authorization, token)) {
    return { status: 401, body: { error: "wrong token" } };
  }
  try {
    return { status: 200, body: { value: (await perform(currentPage(), await readJson(request))) ?? null } };
  } catch (error) {
    return { status: 500, body: { error: error instanceof Error ? error.message : String(error) } };
  }
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
 * @returns {Promise<import("playwright-core").Frame>}
 */
async function frameOf(page, { webview }) {
  if (webview === undefined) {
    return page.mainFrame();
  }
  const root = await webviewFrame(page, webview).locator("html").elementHandle();
  const frame = await root?.ownerFrame();
  if (frame === null || frame === undefined) {
    throw new Error(`The view of ${webview} is not open.`);
  }
  return frame;
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
