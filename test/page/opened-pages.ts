import { afterAll, afterEach, beforeAll, inject } from "vitest";
import type { Push } from "../../src/agents/protocol/page.ts";
import { type ScriptEvent, type SessionScript, modelsPush, pythonPush } from "./fixtures.ts";
import { type OpenOptions, type OpenedPage, type PageHarness, connectPageHarness } from "./page-harness.ts";

/** The pages of a test file. */
export interface TestPages {
  /** Opens a page that is told nothing. It is closed after its test, where it is still open. */
  open(options?: OpenOptions): Promise<OpenedPage>;
  /** Where pictures are served; known once a test runs. */
  resourceBase(): string;
}

/** Opens pages for the tests of a file, and closes them. */
export function testPages(): TestPages {
  let harness: PageHarness;
  const opened = new Set<OpenedPage>();
  beforeAll(async () => {
    harness = await connectPageHarness(inject("pages"));
  });
  afterEach(async () => {
    await Promise.all([...opened].map((page) => page.close()));
  });
  afterAll(() => harness.close());
  return {
    resourceBase: () => harness.resourceBase,
    async open(options) {
      const page = await harness.open(options);
      const listed: OpenedPage = {
        ...page,
        async close() {
          opened.delete(listed);
          await page.close();
        },
      };
      opened.add(listed);
      return listed;
    },
  };
}

/** Opens a page that is told its models, a Python and what is given. */
type OpenPage = (push: Push, options?: OpenOptions & { readonly models?: Push }) => Promise<OpenedPage>;

/** Opens pages with a session for the tests of a file, and closes them. */
export function openedPages(pages = testPages()): OpenPage {
  return async (push, options = {}) => {
    const page = await pages.open(options);
    await page.push(options.models ?? modelsPush(), pythonPush, push);
    return page;
  };
}

/** What a page has asked for under a name. */
export async function sent(page: OpenedPage, name: string): Promise<readonly unknown[]> {
  return (await page.requests()).filter((request) => request.name === name).map(({ params }) => params);
}

/** Adds events to a session that is shown. */
export async function go(page: OpenedPage, script: SessionScript, ...events: readonly ScriptEvent[]): Promise<void> {
  const before = script.events.length;
  script.add(...events);
  await page.push({ kind: "events", sessionId: "s1", events: script.events.slice(before) });
}
