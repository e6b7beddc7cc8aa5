import { expect, test } from "vitest";
import { agentsOf, groupSession, longSession, says } from "./gallery-session-agents.ts";
import { testPages } from "./opened-pages.ts";
import type { OpenOptions, OpenedPage } from "./page-harness.ts";
import { sessionScript } from "./fixtures.ts";

const pages = testPages();

async function open(push: ReturnType<typeof agentsOf>, options: OpenOptions = {}): Promise<OpenedPage> {
  const opened = await pages.open({ width: 900, path: "/agents", ...options });
  await opened.push(push);
  return opened;
}

test("the newest run is drawn from its first word to its last, and a line opens to the whole message", async () => {
  const { page } = await open(agentsOf(groupSession()));
  const lines = page.locator(".message-line");
  expect(await lines.count()).toBe(8);
  const line = page.getByRole("button", { name: /^3\. assistant_agent asks python_interpreter/u });
  await line.click();
  await page.locator(".opened").getByText('total = df[df.Entity == "All natural disasters"]').waitFor();
  await line.press("ArrowDown");
  expect(await page.locator(":focus").getAttribute("aria-label")).toMatch(/^4\. python_interpreter answers/u);
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  expect(await page.locator(".opened").count()).toBe(2);
  expect(await page.locator(".message-line[tabindex='0']").count()).toBe(1);
});

test("figures are of the question or of the whole session, with a cost where there is a price", async () => {
  const opened = await open(agentsOf(groupSession()));
  const { page } = opened;
  const row = (name: string) => page.locator("tbody tr, tfoot tr").filter({ hasText: name }).innerText();
  expect((await row("assistant_agent")).trim().split(/\s+/u)).toEqual([
    "assistant_agent",
    "3",
    "2",
    "2,408",
    "192",
    "3.7",
    "s",
    "0.001492",
  ]);
  expect(await row("Together")).toContain("≥ 0.001492");
  expect(await page.locator("tbody").innerText()).not.toContain("hello");
  await page.getByRole("combobox", { name: "Figures of" }).selectOption("the whole session");
  expect(await page.locator("tbody").innerText()).toContain("hello");
  await opened.push({ kind: "prices", prices: {} });
  await expect.poll(() => page.locator("thead").innerText()).not.toContain("Cost");
});

test("an earlier run can be looked at, and the conversation of two; both are kept while the page is hidden", async () => {
  const first = await open(agentsOf(groupSession()));
  await first.page.getByLabel("Messages").selectOption({ label: "assistant_agent ↔ code_review_agent (2)" });
  expect(await first.page.locator(".conversation li").allInnerTexts()).toEqual([
    expect.stringContaining("Please look at this."),
    expect.stringContaining("(no words)"),
  ]);
  const kept = await first.kept();
  await first.close();
  const second = await open(agentsOf(groupSession()), { kept });
  await second.page.locator(".conversation li").first().waitFor();
  await second.page.getByLabel("Question").selectOption({ index: 2 });
  expect(await second.page.locator(".message-line").count()).toBe(2);
});

test("what happens is drawn as it happens; of very many messages all are drawn on request", async () => {
  const script = longSession(150);
  const opening = await open(agentsOf(script));
  const { page } = opening;
  expect(await page.locator(".message-line").count()).toBe(100);
  await page.getByRole("button", { name: "Show all 150 messages" }).click();
  expect(await page.locator(".message-line").count()).toBe(150);
  const before = script.events.length;
  script.add(says("critic", "user", "That is all."));
  await opening.push({ kind: "events", events: script.events.slice(before) });
  await page.getByRole("button", { name: /^151\. critic asks user: That is all/u }).waitFor();
});

test("text of messages stays text, and a very long one is cut until it is asked for", async () => {
  const attack = '<img src=x onerror="window.hacked=1">';
  const script = sessionScript(attack)
    .ask(attack)
    .add(says(attack, "user", attack), says("a", "b", "y".repeat(9000)));
  const opening = await open(agentsOf(script));
  const { page } = opening;
  await page.locator(".message-line").first().click();
  await page.locator(".message-line").nth(1).click();
  await page.getByRole("button", { name: "Show the whole text (9,000 characters)" }).click();
  expect(await page.locator(".words").nth(1).innerText()).toHaveLength(9000);
  expect(await page.evaluate(() => "hacked" in window)).toBe(false);
  expect(await page.locator("img").count()).toBe(0);
  expect(await opening.complaints()).toEqual([]);
});

test("prices are set in the settings", async () => {
  const page = await open(agentsOf(groupSession()));
  await page.page.getByRole("button", { name: "Say what models cost…" }).click();
  expect((await page.requests()).map(({ name }) => name)).toEqual(["ready", "set-prices"]);
});

test("an agent's instructions are edited and earlier ones found again, where that can be done", async () => {
  const script = groupSession();
  const opening = await open(agentsOf(script));
  const { page } = opening;
  const agents = [{ name: "assistant_agent", edit: true, forget: true }];
  await opening.push({ kind: "agents", agents });
  await page.getByRole("button", { name: "Edit the system message of assistant_agent" }).click();
  expect(await page.getByRole("button", { name: /^Earlier system/u }).count()).toBe(0);
  const edit = { type: "agent-edit", at: 1, agent: "assistant_agent", systemMessage: "Be brief." } as const;
  await opening.push({ kind: "events", events: [edit] });
  await page.getByRole("button", { name: "Earlier system messages of assistant_agent" }).click();
  await page.getByRole("button", { name: "Make assistant_agent forget" }).click();
  expect((await opening.requests()).map(({ name }) => name)).toEqual(["ready", "edit", "restore", "forget"]);
  expect(await page.getByRole("button", { name: /of python_interpreter$/u }).count()).toBe(0);
});
