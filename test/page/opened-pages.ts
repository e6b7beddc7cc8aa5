import { afterAll, afterEach, beforeAll } from "vitest";
import type { Push } from "../../src/agents/protocol/page.ts";
import { type ScriptEvent, type SessionScript, modelsPush, pythonPush } from "./fixtures.ts";
import { type OpenOptions, type OpenedPage, type PageHarness, startPageHarness } from "./page-harness.ts";

/** Opens a page that is told its models, a Python and what is given. */
type OpenPage = (push: Push, options?: OpenOptions & { readonly models?: Push }) => Promise<OpenedPage>;

/** Opens one page for each test of a file, and closes it. */
export function openedPages(): OpenPage {
  let harness: PageHarness;
  let opened: OpenedPage | null = null;
  beforeAll(async () => {
    harness = await startPageHarness();
  });
  afterEach(async () => {
    await opened?.close();
    opened = null;
  });
  afterAll(() => harness.close());
  return async (push, options = {}) => {
    opened = await harness.open(options);
    await opened.push(options.models ?? modelsPush(), pythonPush, push);
    return opened;
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
