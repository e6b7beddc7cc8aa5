import { mkdtemp, readFile, rm } from "node:fs/promises";
import { type Server, type ServerResponse, createServer } from "node:http";
import { tmpdir } from "node:os";
import { basename, extname, join, resolve } from "node:path";
import { type BuildOptions, build } from "esbuild";
import { type Browser, type Page, chromium } from "playwright-core";
import type { AgentsPush } from "../../src/agents/protocol/agents-page.ts";
import type { Push, RequestName } from "../../src/agents/protocol/page.ts";
import type { Problem } from "../../src/agents/protocol/problem.ts";
import { pageHtml } from "../../src/extension/chat/page-html.ts";
import { agentsHtml } from "../../src/extension/agents-view/agents-html.ts";
import { installFakeEditor } from "./fake-editor.ts";
import { pictureSvg } from "./picture.ts";
import { type ThemeName, themes } from "./themes.ts";

const root = resolve(import.meta.dirname, "../..");
const nonce = "testNonce0123456789";

/** How a page is opened. */
export interface OpenOptions {
  readonly theme?: ThemeName;
  /** Pixels. */
  readonly width?: number;
  readonly height?: number;
  readonly locale?: string;
  /** Which page; the chat where left out. */
  readonly path?: "/" | "/agents";
  /** What an earlier page left with `setState`. */
  readonly kept?: unknown;
  /** Answers by request name; anything else is answered with an empty object. */
  readonly answers?: Partial<Record<RequestName, unknown>>;
}

/** One request that the page made. */
export interface SeenRequest {
  readonly name: string;
  readonly params: unknown;
}

/** The built chat page in a real browser, with a fake editor around it. */
export interface OpenedPage {
  readonly page: Page;
  push(...pushes: readonly (Push | AgentsPush)[]): Promise<void>;
  /** As `push`, for messages that break the contract. */
  pushRaw(...messages: readonly unknown[]): Promise<void>;
  requests(): Promise<readonly SeenRequest[]>;
  /** The next requests of this name are answered with this problem. */
  refuse(name: RequestName, problem: Problem): Promise<void>;
  /** What the page last left with `setState`. */
  kept(): Promise<unknown>;
  /** Everything that broke the policy, and every error on the console. */
  complaints(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** A browser and a server of the built page. */
export interface PageHarness {
  /** Where pictures are served. */
  readonly resourceBase: string;
  open(options?: OpenOptions): Promise<OpenedPage>;
  close(): Promise<void>;
}

/** Builds the page as the product is built, serves it, and starts Chromium (`BYZER_CHROMIUM`, else /usr/bin/chromium). */
export async function startPageHarness(): Promise<PageHarness> {
  const folder = await mkdtemp(join(tmpdir(), "byzer-page-"));
  await buildPage(folder);
  const server = await serve(folder);
  const origin = `http://127.0.0.1:${portOf(server)}`;
  const browser = await chromium.launch({
    executablePath: process.env["BYZER_CHROMIUM"] ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  return {
    resourceBase: `${origin}/pictures`,
    open: (options = {}) => openPage(browser, origin, options),
    async close() {
      await browser.close();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Bundle {
  readonly entry: string;
  readonly out: string;
  readonly options: BuildOptions;
}

async function buildPage(folder: string): Promise<void> {
  const address = new URL("../../scripts/bundles.mjs", import.meta.url).href;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a plain script of this repository
  const { bundles } = (await import(address)) as { readonly bundles: readonly Bundle[] };
  const pages = bundles.filter(({ out }) => ["webview/main.js", "webview/agents.js"].includes(out));
  if (pages.length < 2) {
    throw new Error("The pages are not among the product's bundles.");
  }

  await Promise.all(
    pages.map(({ entry, out, options }) =>
      build({
        absWorkingDir: root,
        entryPoints: [entry],
        outfile: join(folder, basename(out)),
        bundle: true,
        minify: true,
        logLevel: "error",
        ...options,
      }),
    ),
  );
}

const mimeTypes: Readonly<Record<string, string>> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".ttf": "font/ttf",
  ".svg": "image/svg+xml",
};

const shells = new Map([
  ["/", { name: "main", html: pageHtml }],
  ["/agents", { name: "agents", html: agentsHtml }],
]);

async function serve(folder: string): Promise<Server> {
  const server = createServer((request, response) => {
    const address = new URL(request.url ?? "/", "http://127.0.0.1");
    const origin = `http://${request.headers.host ?? ""}`;
    const shell = shells.get(address.pathname);
    if (shell !== undefined) {
      const html = shell.html({
        scriptUri: `${origin}/${shell.name}.js`,
        styleUri: `${origin}/${shell.name}.css`,
        cspSource: origin,
        nonce,
        locale: address.searchParams.get("locale") ?? "en",
      });
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(html);
    } else if (address.pathname === "/favicon.ico") {
      response.writeHead(204).end();
    } else if (address.pathname.startsWith("/pictures/") && !address.pathname.includes("gone")) {
      response.writeHead(200, { "content-type": "image/svg+xml" }).end(pictureSvg());
    } else {
      void sendFile(join(folder, address.pathname.slice(1)), response);
    }
  });
  await new Promise<void>((done) => {
    server.listen(0, "127.0.0.1", done);
  });
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new Error("The server of the page has no port.");
  }

  return address.port;
}

async function sendFile(path: string, response: ServerResponse): Promise<void> {
  try {
    const content = await readFile(path);
    response.writeHead(200, { "content-type": mimeTypes[extname(path)] ?? "application/octet-stream" }).end(content);
  } catch {
    response.writeHead(404).end();
  }
}

async function post(page: Page, messages: readonly unknown[]): Promise<void> {
  await page.evaluate((text) => {
    const frames: readonly unknown[] = JSON.parse(text);
    for (const frame of frames) {
      window.postMessage(frame, "*");
    }
  }, JSON.stringify(messages));
  await page.evaluate(() => new Promise((done) => setTimeout(() => requestAnimationFrame(done), 30)));
}

async function openPage(browser: Browser, origin: string, options: OpenOptions): Promise<OpenedPage> {
  const { width = 380, height = 800, locale = "en", theme = "light", path = "/" } = options;
  const context = await browser.newContext({ viewport: { width, height } });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") {
      complaints.push(message.text());
    }
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.addInitScript(installFakeEditor, {
    theme: themes[theme],
    kept: options.kept ?? null,
    answers: options.answers ?? {},
  });
  await page.goto(`${origin}${path}?locale=${locale}`);
  return {
    page,
    push: (...pushes) => post(page, pushes),
    pushRaw: (...messages) => post(page, messages),
    requests: () => page.evaluate(() => window.fakeEditor.requests),
    refuse: (name, problem) =>
      page.evaluate(
        ([key, text]) => {
          window.fakeEditor.problems[key] = JSON.parse(text);
        },
        [name, JSON.stringify(problem)] as const,
      ),
    kept: () => page.evaluate(() => window.fakeEditor.state),
    async complaints() {
      const violations = await page.evaluate(() => window.fakeEditor.violations);
      return [...complaints, ...violations];
    },
    close: () => context.close(),
  };
}
