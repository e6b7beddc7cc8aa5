import { expect, test } from "vitest";
import { sessionPush } from "./fixtures.ts";
import { replayedSession } from "./gallery-replay.ts";
import { agentsOf, groupSession } from "./gallery-session-agents.ts";
import { testPages } from "./opened-pages.ts";
import type { OpenOptions, OpenedPage } from "./page-harness.ts";

const pages = testPages();

async function open(script = groupSession(), options: OpenOptions = {}): Promise<OpenedPage> {
  const opened = await pages.open({ width: 900, path: "/agents", ...options });
  await opened.push(agentsOf(script));
  return opened;
}

const words = "New words of python_interpreter for assistant_agent";

test("a message is given other words in its place, and the run is to be played again from there", async () => {
  const opening = await open();
  const { page } = opening;
  await page.getByRole("button", { name: /^4\. python_interpreter answers/u }).click();
  await page.getByRole("button", { name: "Change and replay…" }).click();
  const area = page.getByRole("textbox", { name: words });
  expect(await area.inputValue()).toContain("Code output: 200018");
  expect(await area.evaluate((element) => element === document.activeElement)).toBe(true);
  await area.fill(" ");
  expect(await page.getByRole("button", { name: "Replay", exact: true }).isDisabled()).toBe(true);
  await area.fill("Code output: 18");
  await page.getByRole("button", { name: "Replay", exact: true }).click();
  expect((await opening.requests()).at(-1)).toEqual({
    name: "replay",
    params: { kind: "replay", turnId: "t2", messageId: expect.any(String), content: "Code output: 18" },
  });
  expect(await area.count()).toBe(0);
});

test("keys of the editor stay in it: Escape leaves the message as it is, Control+Enter replays", async () => {
  const opening = await open();
  const { page } = opening;
  await page.getByLabel("Messages").selectOption({ label: "assistant_agent ↔ python_interpreter (2)" });
  const change = page.getByRole("button", { name: "Change and replay…" });
  expect(await change.count()).toBe(2);
  await change.nth(1).click();
  const area = page.getByRole("textbox", { name: words });
  await area.press("ArrowUp");
  await area.press("Escape");
  expect(await area.count()).toBe(0);
  expect(await page.locator(".conversation .words").nth(1).innerText()).toContain("200018");
  await change.nth(1).click();
  await area.fill("Code output: 19");
  await area.press("Control+Enter");
  expect((await opening.requests()).filter(({ name }) => name === "replay")).toHaveLength(1);
});

test("words that are being written outlast the page, and say what they would replace", async () => {
  const first = await open(groupSession(), { height: 1200 });
  await first.page.getByLabel("Question").selectOption({ index: 2 });
  await first.page.getByRole("button", { name: /^1\. user asks hello/u }).click();
  await first.page.getByRole("button", { name: "Change and replay…" }).click();
  await first.page.getByRole("textbox").fill("Good evening");
  await first.page.getByText("The question after this one is taken out").waitFor();
  await first.page.getByText("The question is asked anew.").waitFor();
  const kept = await first.kept();
  await first.close();
  const second = await open(groupSession(), { kept });
  expect(await second.page.getByRole("textbox").inputValue()).toBe("Good evening");
});

test("while a question is being answered nothing can be changed", async () => {
  const script = groupSession();
  const opening = await open(script);
  const before = script.events.length;
  script.ask("And in 1902?");
  await opening.push({ kind: "events", events: script.events.slice(before) });
  await opening.page.getByLabel("Question").selectOption({ index: 2 });
  await opening.page.locator(".message-line").first().click();
  await opening.page.locator(".opened").waitFor();
  expect(await opening.page.getByRole("button", { name: "Change and replay…" }).count()).toBe(0);
});

test("what is from the earlier run is marked, what was changed too, and the earlier run is a click away", async () => {
  const { page } = await open(replayedSession());
  expect(await page.locator(".message-line.known").count()).toBe(3);
  await page.getByRole("button", { name: /^3\..*\(From the earlier run\)$/u }).click();
  await page.locator(".opened .origin").getByText("From the earlier run").waitFor();
  await page.getByRole("button", { name: /^4\..*Code output: 18 \(Changed\)$/u }).waitFor();
  await page.getByText("Run 1, played again with one message changed.").waitFor();
  await page.getByRole("button", { name: "Show the earlier run" }).click();
  await page.getByRole("button", { name: /^4\..*Code output: 200018$/u }).waitFor();
  expect(await page.locator(".message-line.known").count()).toBe(0);
  // It was the first that its replay took the place of: it can be played again itself.
  await page.locator(".message-line").first().click();
  expect(await page.getByRole("button", { name: "Change and replay…" }).count()).toBe(1);
});

test("in a narrow tab each message names its ends in place of lanes", async () => {
  const { page } = await open(groupSession(), { width: 300 });
  await page.getByText("assistant_agent → python_interpreter:").first().waitFor();
  expect(await page.locator(".lane-name").first().isVisible()).toBe(false);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
});

test("the chat marks what is from the earlier run, and says where it runs anew", async () => {
  const opened = await pages.open({ width: 380, height: 1400 });
  await opened.push(sessionPush(replayedSession(), { resourceBase: pages.resourceBase(), locale: "en" }));
  const { page } = opened;
  await page.getByText("What python_interpreter says to assistant_agent was changed.").waitFor();
  expect(await page.locator(".row-replayed").count()).toBe(2);
  expect(await page.locator(".row-replayed.row-cell .sr-only").first().innerText()).toContain("From the earlier run");
  expect(await page.locator(".row-text.row-replayed").count()).toBe(0);
});
