import type { Locator } from "playwright-core";
import { describe, expect, test } from "vitest";
import { leftOutText } from "../../src/agents/protocol/words/left-out-text.ts";
import { disasterProfile, noModelsPush, sessionPush, sessionScript } from "./fixtures.ts";
import { go, openedPages, sent } from "./opened-pages.ts";
import type { OpenedPage } from "./page-harness.ts";
import { handbook, readState, source } from "./source-fixtures.ts";

const open = openedPages();

function box(page: OpenedPage): Locator {
  return page.page.getByLabel("Ask a question");
}

describe("what is asked about", () => {
  test("is shown while it is read, may be asked, and is stopped", async () => {
    const script = sessionScript("S").add(...source({ id: "f", name: "contracts", kind: "folder" }));
    const page = await open(sessionPush(script));
    const card = page.page.getByRole("region", { name: "What is asked about" });
    await card.getByText("can be asked while it is being read").waitFor();
    await go(page, script, {
      type: "source-state",
      sourceId: "f",
      state: { status: "indexing", doneFiles: 30, ofFiles: 120 },
    });
    expect(await card.getByRole("progressbar").getAttribute("aria-valuenow")).toBe("25");
    await card.getByText("30 of 120 files read").waitFor();
    await page.page.getByRole("button", { name: "Stop reading contracts" }).click();
    await card.locator("vscode-button", { hasText: "Cancel" }).click();
    expect(await sent(page, "source-stop")).toEqual([{ sourceId: "f" }, { sourceId: "f" }]);

    await box(page).fill("What is in it?");
    await box(page).press("Enter");
    expect(await sent(page, "chat-send")).toEqual([{ text: "What is in it?", agent: null }]);

    await go(page, script, {
      type: "source-state",
      sourceId: "f",
      state: readState({ status: "stopped", files: 30, passages: 900 }),
    });
    await card.getByText("30 files · 900 passages").waitFor();
    const spoken = page.page.locator("[aria-live=polite][role=status]");
    await expect.poll(() => spoken.textContent()).toContain("contracts. 30 files · 900 passages. Reading was stopped");
    await card.getByRole("button", { name: "Read the rest" }).click();
    expect(await sent(page, "source-retry")).toEqual([{ sourceId: "f" }]);
  });

  test("that could not be read says why, in the page's language, with ways out", async () => {
    const message = "There is no room left for the index.";
    const leftOut = [{ path: "scan.pdf", reason: "scanned" }];
    const script = sessionScript("S").add(
      ...source(
        { id: "a", name: "a", kind: "folder" },
        { status: "failed", problem: { code: "index.full", message, details: {} } },
      ),
      ...source({ id: "b", name: "scan.pdf" }, readState({ files: 0, passages: 0, leftOutFiles: 1, leftOut })),
    );
    const page = await open(sessionPush(script, { locale: "zh-cn" }), { locale: "zh-cn" });
    await page.page.getByRole("alert").filter({ hasText: "磁盘空间不足" }).waitFor();
    const card = page.page.getByRole("region", { name: "提问范围" });
    await card.getByText(`未能读取：${leftOutText("scanned", "zh")}。`).waitFor();
    await card.locator("vscode-button", { hasText: "重试" }).click();
    await card.locator("vscode-button", { hasText: "移除" }).click();
    expect(await sent(page, "source-retry")).toEqual([{ sourceId: "a" }]);
    expect(await sent(page, "source-remove")).toEqual([{ sourceId: "a" }]);
  });

  test("lists what is left out of it, with reasons in words", async () => {
    const leftOut = [
      { path: "config/.env", reason: "secret" },
      { path: "big.log", reason: "first-megabytes 50" },
    ];
    const state = readState({ files: 9, passages: 90, leftOutFiles: 60, leftOut });
    const page = await open(
      sessionPush(sessionScript("S").add(...source({ id: "f", name: "w", kind: "folder" }, state))),
    );
    await page.page.getByRole("button", { name: "60 files not read, or not in full" }).click();
    expect(await page.page.locator(".left-out-list li").allInnerTexts()).toEqual([
      `config/.env: ${leftOutText("secret", "en")}`,
      `big.log: ${leftOutText("first-megabytes 50", "en")}`,
      "and 58 more",
    ]);
  });

  test("is added by a menu, each way by its own request", async () => {
    const files = [{ path: "/w", name: "company", folder: "", kind: "workspace" }];
    const page = await open(sessionPush(sessionScript("S")), { answers: { "file-find": { files } } });
    const pick = async (name: string) => {
      await page.page.getByRole("button", { name: "Add what to ask about" }).click();
      await page.page.getByRole("menuitem", { name }).click();
    };
    await pick("Table to analyze…");
    await pick("Files to ask about…");
    await pick("Folder to ask about…");
    await pick("Whole workspace");
    await expect.poll(() => sent(page, "source-add")).toEqual([{ path: "/w" }]);
    expect(await sent(page, "file-pick")).toEqual([{}]);
    expect(await sent(page, "source-pick")).toEqual([{ kind: "files" }, { kind: "folder" }]);
  });

  test("cannot be a workspace where no folder is open, which is said", async () => {
    const page = await open(sessionPush(sessionScript("S")), { answers: { "file-find": { files: [] } } });
    await page.page.getByRole("button", { name: "Add what to ask about" }).click();
    await page.page.getByRole("menuitem", { name: "Whole workspace" }).click();
    await page.page.getByRole("alert").filter({ hasText: "No folder is open" }).waitFor();
    expect(await sent(page, "source-add")).toEqual([]);
  });

  test("folds many chips behind a number, and any is removed", async () => {
    const script = sessionScript("S").attach(disasterProfile());
    for (let index = 0; index < 9; index += 1) {
      script.add(...source({ id: `s${index}`, name: `note ${index}.md` }, readState()));
    }

    const page = await open(sessionPush(script), { width: 300 });
    const chips = page.page.getByRole("group", { name: "Files and sources" });
    expect(await chips.locator(".scope-chip").count()).toBe(5);
    await chips.getByRole("button", { name: "Show 5 more" }).click();
    expect(await chips.locator(".scope-chip").count()).toBe(10);
    await chips.getByRole("button", { name: "Remove note 8.md" }).click();
    expect(await sent(page, "source-remove")).toEqual([{ sourceId: "s8" }]);
  });

  test("invites questions that fit, which are sent", async () => {
    const page = await open(sessionPush(handbook()));
    await page.page.getByRole("button", { name: "Summarize this file" }).click();
    expect(await sent(page, "chat-send")).toEqual([{ text: "Summarize this file", agent: null }]);
  });
});

describe("the composer", () => {
  const found = [
    { path: "/w", name: "company", folder: "", kind: "workspace" },
    { path: "/w/sales.csv", name: "sales.csv", folder: "", kind: "table" },
    { path: "/w/contracts", name: "contracts", folder: "", kind: "folder" },
    { path: "/w/handbook.md", name: "handbook.md", folder: "", kind: "document" },
  ];

  test.each([
    ["a table is attached", /sales\.csv/u, "in sales.csv ", "file-attach", [{ path: "/w/sales.csv" }]],
    ["a folder is asked about", /contracts/u, "in contracts ", "source-add", [{ path: "/w/contracts" }]],
    ["a workspace is asked about, unnamed", /@workspace/u, "in ", "source-add", [{ path: "/w" }]],
    ["what is there already is named only", /handbook\.md/u, "in handbook.md ", "source-add", []],
  ])("by @, %s", async (...[, option, draft, request, params]) => {
    const page = await open(sessionPush(handbook()), { answers: { "file-find": { files: found } } });
    await box(page).pressSequentially("in @");
    await page.page.getByRole("option", { name: option }).click();
    expect(await box(page).inputValue()).toBe(draft);
    expect(await sent(page, request)).toEqual(params);
  });

  test("sends a question about files without a model, not one about a table", async () => {
    const script = handbook();
    const page = await open(sessionPush(script), { models: noModelsPush });
    expect(await box(page).getAttribute("placeholder")).toBe("Ask about these files…");
    await box(page).fill("How many days?");
    await box(page).press("Enter");
    expect(await sent(page, "chat-send")).toEqual([{ text: "How many days?", agent: null }]);
    const { path, name } = disasterProfile();
    await go(page, script, { type: "file-attach", path, name });
    await box(page).fill("How many deaths?");
    await box(page).press("Enter");
    expect((await sent(page, "chat-send")).length).toBe(1);
    await page.page.getByText("Please connect a model first").waitFor();
    await go(page, script, { type: "file-detach", path });
    await expect.poll(() => page.page.getByText("Please connect a model first").count()).toBe(0);
  });

  test("/files asks the agent that reads files", async () => {
    const page = await open(sessionPush(handbook().attach(disasterProfile())));
    await box(page).pressSequentially("/fi");
    await page.page.getByRole("option", { name: /answer from the files/u }).waitFor();
    await box(page).press("Tab");
    await box(page).pressSequentially("how many days?");
    await box(page).press("Enter");
    expect(await sent(page, "chat-send")).toEqual([{ text: "how many days?", agent: "retrieval_agent" }]);
  });
});
