import { expect, test } from "vitest";
import { modelsPush, pythonPush, sessionPush } from "./fixtures.ts";
import { asks } from "./gallery-tools.ts";
import { titled } from "./gallery-state.ts";
import { testPages } from "./opened-pages.ts";
import type { OpenedPage } from "./page-harness.ts";

const pages = testPages();

async function open(script: ReturnType<typeof titled>): Promise<OpenedPage> {
  const opened = await pages.open();
  await opened.push(modelsPush(), pythonPush, sessionPush(script));
  return opened;
}

async function answers(page: OpenedPage): Promise<readonly unknown[]> {
  return (await page.requests()).filter(({ name }) => name === "tool-answer").map(({ params }) => params);
}

const waiting = () =>
  titled()
    .ask("Publish")
    .add(...asks);

test("a tool that acts shows what it is given, and waits for one of three answers", async () => {
  const { page, ...rest } = await open(waiting());
  const group = page.getByRole("group", { name: /^May release_notes_writer use publish/u });
  await group.waitFor();
  expect(await page.getByText("- Fewer errors").count()).toBe(1);
  expect(await page.getByText("Tool of a-server-with-a-long-name.example").count()).toBe(1);
  await group.getByRole("button", { name: "Allow in this session" }).click();
  await expect.poll(() => answers({ page, ...rest })).toEqual([{ callId: "k3", decision: "session" }]);
});

test("Escape declines, Ctrl+Enter allows", async () => {
  for (const [key, decision] of [
    ["Escape", "deny"],
    ["Control+Enter", "once"],
  ] as const) {
    // oxlint-disable-next-line no-await-in-loop -- one page after the other
    const page = await open(waiting());
    const button = page.page.getByRole("button", { name: "Don’t allow" });
    // oxlint-disable-next-line no-await-in-loop
    await button.focus();
    // oxlint-disable-next-line no-await-in-loop
    await page.page.keyboard.press(key);
    // oxlint-disable-next-line no-await-in-loop
    await expect.poll(() => answers(page)).toEqual([{ callId: "k3", decision }]);
    // oxlint-disable-next-line no-await-in-loop
    await page.close();
  }
});

test("a call that is over is one line, which opens to what came of it", async () => {
  const { page } = await open(waiting());
  const line = page.getByRole("button", { name: /read_file/u });
  await line.waitFor();
  expect(await line.getAttribute("aria-expanded")).toBe("false");
  expect(await page.getByText("There is no CHANGES.md.").count()).toBe(0);
  await line.click();
  await page.getByText("There is no CHANGES.md. Ask list_files what there is.").waitFor();
});

test("whoever speaks beside the agent that was asked is named", async () => {
  const agent = { type: "agent-select", agent: "office", how: "forced", durationMs: 0 } as const;
  const { page } = await open(
    titled()
      .ask("Go")
      .add(agent, said("b1", "drafter", "comment"), said("b2", "office", "answer")),
  );
  await page.getByText("Words of b2.").waitFor();
  expect(await page.locator(".speaker").allTextContents()).toEqual(["drafter"]);
});

function said(blockId: string, agent: string, role: "comment" | "answer") {
  return { type: "text-end", blockId, agent, role, text: `Words of ${blockId}.` } as const;
}
