import { expect, test } from "vitest";
import { modelsPush, noModelsPush, pythonPush, sessionPush, sessionScript } from "./fixtures.ts";
import { agentsPush } from "./gallery-agents.ts";
import { testPages } from "./opened-pages.ts";
import type { OpenedPage } from "./page-harness.ts";

const pages = testPages();

async function open(models = modelsPush()): Promise<OpenedPage> {
  const opened = await pages.open();
  await opened.push(models, pythonPush, sessionPush(sessionScript("Agents")), agentsPush);
  return opened;
}

async function sent(page: OpenedPage): Promise<readonly unknown[]> {
  return (await page.requests()).filter(({ name }) => name === "chat-send").map(({ params }) => params);
}

test("an agent is found by its first letters, with what it is for, and called", async () => {
  const opening = await open();
  const { page } = opening;
  const box = page.getByLabel("Ask a question");
  await box.pressSequentially("@审");
  const option = page.getByRole("option", { name: /审稿人/u });
  await option.waitFor();
  expect(await option.innerText()).toContain("找出文稿中的错误与遗漏");
  await box.press("Enter");
  expect(await box.inputValue()).toBe("@审稿人 ");
  await box.pressSequentially("请看第一段");
  await box.press("Enter");
  await expect.poll(() => sent(opening)).toEqual([{ text: "请看第一段", agent: "审稿人" }]);
});

test("without a model only an agent that answers by itself is asked", async () => {
  const opening = await open(noModelsPush);
  const box = opening.page.getByLabel("Ask a question");
  await box.fill("@hello Good morning");
  await box.press("Enter");
  await opening.page.getByRole("alert").waitFor();
  expect(await sent(opening)).toEqual([]);
  await box.fill("@release_notes_writer_for_the_command_line 1.4");
  await box.press("Enter");
  const agent = "release_notes_writer_for_the_command_line";
  await expect.poll(() => sent(opening)).toEqual([{ text: "1.4", agent }]);
});

test("an agent that is gone is no longer offered", async () => {
  const opening = await open();
  const { page } = opening;
  await page.getByLabel("Ask a question").pressSequentially("@h");
  await page.getByRole("option", { name: /hello/u }).waitFor();
  await opening.push({ kind: "agents", agents: [] });
  await page.getByLabel("Ask a question").fill("");
  await page.getByLabel("Ask a question").pressSequentially("@h");
  await expect.poll(() => page.getByRole("option", { name: /hello/u }).count()).toBe(0);
});
