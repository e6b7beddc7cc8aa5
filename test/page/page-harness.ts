import { type Browser, type ConsoleMessage, type Page, chromium } from "playwright-core";
import type { AgentsPush } from "../../src/agents/protocol/agents-page.ts";
import type { Push, RequestName } from "../../src/agents/protocol/page.ts";
import type { Problem } from "../../src/agents/protocol/problem.ts";
import { installFakeEditor } from "./fake-editor.ts";
import { browserOptions, servePages } from "./page-server.ts";
import { type ThemeName, themes } from "./themes.ts";

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

/** Builds the page as the product is built, serves it, and starts Chromium. Each page has a profile of its own. */
export async function startPageHarness(): Promise<PageHarness> {
  const server = await servePages();
  const browser = await chromium.launch(browserOptions());
  return {
    resourceBase: `${server.origin}/pictures`,
    open: async (options = {}) => {
      const page = await (await browser.newContext()).newPage();
      return await openPage(page, server.origin, options, () => page.context().close());
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

/** Pages that are served and shown already, as `start-pages.ts` leaves them. */
export interface StartedPages {
  readonly origin: string;
  /** Where Chromium listens. */
  readonly endpoint: string;
}

/**
 * As `startPageHarness`, with what runs already. A tab that is closed is used again for a later page: a new profile takes
 * four times as long as a new document.
 */
export async function connectPageHarness({ origin, endpoint }: StartedPages): Promise<PageHarness> {
  const browser = await chromium.connect(endpoint);
  const tabs: Page[] = [];
  return {
    resourceBase: `${origin}/pictures`,
    open: async (options = {}) => {
      const tab = tabs.pop() ?? (await newTab(browser));
      return await openPage(tab, origin, options, async () => {
        await tab.goto("about:blank");
        tabs.push(tab);
      });
    },
    close: () => browser.close(),
  };
}

async function newTab(browser: Browser): Promise<Page> {
  const context = await browser.newContext();
  return await context.newPage();
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

async function openPage(
  page: Page,
  origin: string,
  options: OpenOptions,
  release: () => Promise<void>,
): Promise<OpenedPage> {
  const { width = 380, height = 800, locale = "en", theme = "light", path = "/" } = options;
  await page.setViewportSize({ width, height });
  const complaints = listen(page);
  const fake = await page.addInitScript(installFakeEditor, {
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
      return [...complaints.texts, ...violations];
    },
    async close() {
      complaints.end();
      await fake.dispose();
      await release();
    },
  };
}

/** Keeps every error of a page until it is ended. */
function listen(page: Page): { readonly texts: readonly string[]; readonly end: () => void } {
  const texts: string[] = [];
  const onConsole = (message: ConsoleMessage): void => {
    if (message.type() === "error") {
      texts.push(message.text());
    }
  };
  const onError = (error: Error): void => {
    texts.push(String(error));
  };
  page.on("console", onConsole);
  page.on("pageerror", onError);
  return {
    texts,
    end: () => {
      page.off("console", onConsole);
      page.off("pageerror", onError);
    },
  };
}
