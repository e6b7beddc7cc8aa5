import type { Locator } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { Push } from "../../src/agents/protocol/page.ts";
import {
  type SessionScript,
  disasterProfile,
  modelsPush,
  noModelsPush,
  pythonPush,
  sessionPush,
  sessionScript,
} from "./fixtures.ts";
import { answeredTurn } from "./gallery-turns.ts";
import { sent, testPages } from "./opened-pages.ts";
import type { OpenedPage } from "./page-harness.ts";

const pages = testPages();

async function open(pushes: readonly Push[]): Promise<OpenedPage> {
  const opened = await pages.open();
  await opened.push(modelsPush(), pythonPush, ...pushes);
  return opened;
}

function box(page: OpenedPage): Locator {
  return page.page.getByLabel("Ask a question");
}

function idle(): SessionScript {
  return sessionScript("S").attach(disasterProfile());
}

describe("the composer", () => {
  test("Enter sends, Shift+Enter does not, and an Enter that ends a composition does not", async () => {
    const page = await open([sessionPush(idle())]);
    await box(page).fill("第一行");
    await box(page).press("Shift+Enter");
    await box(page).evaluate((area) => {
      area.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true }));
      area.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", keyCode: 229, bubbles: true }));
    });
    expect(await sent(page, "chat-send")).toEqual([]);
    await box(page).press("Enter");
    await expect.poll(() => sent(page, "chat-send")).toEqual([{ text: "第一行", agent: null }]);
    expect(await box(page).inputValue()).toBe("");
  });

  test("a command completes by keyboard and calls its agent", async () => {
    const page = await open([sessionPush(idle())]);
    await box(page).pressSequentially("@v");
    await page.page.getByRole("option", { name: /visualization_agent/u }).waitFor();
    await box(page).press("Tab");
    await box(page).pressSequentially("deaths by year");
    await box(page).press("Enter");
    await expect
      .poll(() => sent(page, "chat-send"))
      .toEqual([{ text: "deaths by year", agent: "visualization_agent" }]);
  });

  test("what was refused goes back into the box, with the reason", async () => {
    const page = await open([sessionPush(idle())]);
    await page.refuse("chat-send", { code: "session.busy", message: "One question at a time.", details: {} });
    await box(page).fill("Why?");
    await box(page).press("Enter");
    await page.page.getByText("One question at a time.").waitFor();
    expect(await box(page).inputValue()).toBe("Why?");
  });

  test("while a turn runs, Send is Stop, and Escape stops", async () => {
    const page = await open([sessionPush(sessionScript("S").ask("Long"))]);
    await page.page.locator("vscode-button", { hasText: "Stop" }).click();
    await box(page).press("Escape");
    await expect.poll(async () => (await sent(page, "turn-stop")).length).toBe(2);
    await box(page).fill("Another");
    await box(page).press("Enter");
    expect(await sent(page, "chat-send")).toEqual([]);
  });

  test("Enter without a model says what is needed, keeps the question, and leads to the models", async () => {
    const page = await open([noModelsPush, sessionPush(idle())]);
    await box(page).press("Enter");
    expect(await page.page.getByText("Please connect a model first").count()).toBe(0);
    await box(page).fill("How many?");
    await box(page).press("Enter");
    await page.page.getByText("Please connect a model first").waitFor();
    expect(await box(page).inputValue()).toBe("How many?");
    await page.page.getByRole("button", { name: "Connect a model…" }).click();
    await page.page.getByRole("dialog", { name: "Models" }).waitFor();
    await page.push(modelsPush());
    await page.page.getByText("Please connect a model first").waitFor({ state: "detached" });
    expect(await sent(page, "chat-send")).toEqual([]);
  });

  test("arrow up on an empty box brings earlier questions back", async () => {
    const script = answeredTurn(answeredTurn(sessionScript("S")));
    const page = await open([sessionPush(script)]);
    await box(page).press("ArrowUp");
    expect(await box(page).inputValue()).toBe("根据文件统计下1901年总死亡人数");
    await box(page).press("ArrowDown");
    expect(await box(page).inputValue()).toBe("");
  });

  test("files that are dropped are added", async () => {
    const page = await open([sessionPush(idle())]);
    await page.page.evaluate(() => {
      const data = new DataTransfer();
      data.setData("text/uri-list", "# from the Explorer\r\nfile:///data/a.csv\r\nfile:///data/b.csv");
      document.querySelector(".page")?.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true }));
    });
    await expect.poll(() => sent(page, "file-drop")).toEqual([{ uris: ["file:///data/a.csv", "file:///data/b.csv"] }]);
  });

  test("a suggestion is sent; without a model it waits in the box", async () => {
    const page = await open([sessionPush(idle())]);
    await page.page.getByRole("button", { name: "Plot Deaths by Year" }).click();
    await expect.poll(() => sent(page, "chat-send")).toEqual([{ text: "Plot Deaths by Year", agent: null }]);
    await page.push(noModelsPush);
    await page.page.getByRole("button", { name: "Compare Deaths by Entity" }).click();
    await expect.poll(() => box(page).inputValue()).toBe("Compare Deaths by Entity");
    expect((await sent(page, "chat-send")).length).toBe(1);
  });
});
