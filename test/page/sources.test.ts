import type { Locator } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Push, requests } from "../../src/agents/protocol/page.ts";
import { leftOutText } from "../../src/agents/protocol/words/left-out-text.ts";
import {
  type ScriptEvent,
  type SessionScript,
  disasterProfile,
  modelsPush,
  noModelsPush,
  pythonPush,
  sessionPush,
  sessionScript,
} from "./fixtures.ts";
import { type OpenOptions, type OpenedPage, type PageHarness, startPageHarness } from "./page-harness.ts";
import {
  citation,
  ended,
  handbook,
  modelCall,
  passage,
  readState,
  report,
  said,
  selectRetrieval,
  source,
} from "./source-fixtures.ts";

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

async function open(push: Push, options: OpenOptions & { readonly models?: Push } = {}): Promise<OpenedPage> {
  opened = await harness.open(options);
  await opened.push(options.models ?? modelsPush(), pythonPush, push);
  return opened;
}

async function sent(page: OpenedPage, name: string): Promise<readonly unknown[]> {
  return (await page.requests()).filter((request) => request.name === name).map(({ params }) => params);
}

function box(page: OpenedPage): Locator {
  return page.page.getByLabel("Ask a question");
}

/** Adds events to a session that is shown. */
async function go(page: OpenedPage, script: SessionScript, ...events: readonly ScriptEvent[]): Promise<void> {
  const before = script.events.length;
  script.add(...events);
  await page.push({ kind: "events", sessionId: "s1", events: script.events.slice(before) });
}

const days = "Everyone has 30 days of paid holiday a year.";
const paid = "Unused holiday of 212 days was paid out in March.";

function cited(text: string, ...more: readonly ScriptEvent[]): SessionScript {
  return handbook()
    .ask("How many days of holiday?")
    .add(
      selectRetrieval,
      {
        type: "passages",
        agent: "retrieval_agent",
        query: "days of holiday",
        how: "search",
        passages: [passage(), report],
      },
      { type: "citation", blockId: "b", citation: citation(1, days) },
      { type: "citation", blockId: "b", citation: citation(2, paid, report) },
      ...more,
      said(text),
      modelCall,
      ended,
    );
}

const doubt = (reason: "not-in-passages" | "not-cited", quote: string) =>
  ({ type: "claim-doubt", blockId: "b", doubt: { number: 1, reason, quote } }) as const;

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
    const message = "The disk is full.";
    const leftOut = [{ path: "scan.pdf", reason: "scanned" }];
    const script = sessionScript("S").add(
      ...source(
        { id: "a", name: "a", kind: "folder" },
        { status: "failed", problem: { code: "index.full", message, details: {} } },
      ),
      ...source({ id: "b", name: "scan.pdf" }, readState({ files: 0, passages: 0, leftOutFiles: 1, leftOut })),
    );
    const page = await open(sessionPush(script, { locale: "zh-cn" }), { locale: "zh-cn" });
    await page.page.getByRole("alert").filter({ hasText: message }).waitFor();
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
    await page.page.getByRole("button", { name: "60 files not fully read" }).click();
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

describe("an answer that cites", () => {
  test("opens what a mark cites, by pointer and by keyboard", async () => {
    const page = await open(sessionPush(cited("Thirty.[1] Paid out.[2]")));
    const second = page.page.getByRole("button", { name: "Source 2: finance/annual report 2025.pdf, page 3" });
    await second.click();
    await page.page.getByRole("button", { name: "Source 1: handbook.md, line 42" }).focus();
    await page.page.keyboard.press("Enter");
    const { path, place, page: sheet, start, end, startLine, endLine } = citation(2, paid, report);
    const places = await sent(page, "place-open");
    expect(places[0]).toEqual({ path, place, page: sheet, start, end, startLine, endLine, words: paid });
    expect(places[1]).toMatchObject({ path: "/w/handbook.md", startLine: 42, words: days });
  });

  test("shows the words in their passage while a mark is pointed at or has the focus", async () => {
    const page = await open(sessionPush(cited("Thirty.[1] Paid out.[2]")));
    const mark = page.page.getByRole("button", { name: /^Source 1: / });
    const card = page.page.getByRole("tooltip");
    await mark.hover();
    await card.waitFor();
    expect(await card.locator("mark").textContent()).toBe(days);
    expect(await card.textContent()).toContain("Up to five days may be carried");
    expect(await mark.getAttribute("aria-describedby")).toBe(await card.getAttribute("id"));
    await card.hover();
    await page.page.waitForTimeout(400);
    expect(await card.count()).toBe(1);
    await page.page.locator(".header").hover();
    await expect.poll(() => card.count()).toBe(0);

    await page.page.keyboard.press("Tab");
    await mark.focus();
    await page.page.keyboard.press("Tab");
    await page.page.keyboard.press("Shift+Tab");
    await card.waitFor();
    await page.page.keyboard.press("Escape");
    await expect.poll(() => card.count()).toBe(0);
  });

  test("marks what nothing supports, and says why", async () => {
    const script = cited("Thirty,[1] or not.[?1]", doubt("not-in-passages", "part-time pro rata"));
    const page = await open(sessionPush(script));
    await page.page.getByText("1 statement is not supported by the passages").waitFor();
    await page.page.getByRole("button", { name: "Unsupported statement" }).focus();
    await page.page.keyboard.press("Enter");
    const card = page.page.getByRole("tooltip");
    await card.getByText("stand in none of the passages").waitFor();
    await card.getByText("part-time pro rata").waitFor();
    expect(await sent(page, "place-open")).toEqual([]);
  });

  test("lists its sources by file, each to be opened", async () => {
    const page = await open(sessionPush(cited("Thirty.[1] Paid out.[2]")));
    const list = page.page.getByRole("region", { name: "Sources", exact: true });
    expect(await list.locator(".cited-name").allTextContents()).toEqual([
      "handbook.md",
      "finance/annual report 2025.pdf",
    ]);
    await list.getByRole("button", { name: /page 3/u }).click();
    expect(await sent(page, "place-open")).toMatchObject([{ path: report.path, page: 3, words: paid }]);
  });

  test("does not say in its list what it quotes itself", async () => {
    const page = await open(sessionPush(cited(`- ${days} [1]\n- In **March**, it was paid out.[2]`)));
    const lines = page.page.getByRole("region", { name: "Sources", exact: true }).getByRole("listitem");
    expect(await lines.allInnerTexts()).toEqual(["1\nline 42", `2\npage 3 ${paid}`]);
  });

  test("is copied with its sources", async () => {
    const page = await open(sessionPush(cited("Thirty,[1] or not.[?1]", doubt("not-cited", ""))));
    await page.page.locator(".answer").hover();
    await page.page.getByRole("button", { name: "Copy the answer" }).click();
    const texts = (await sent(page, "text-copy")).map((params) => requests["text-copy"].params.parse(params).text);
    expect(texts[0]).toContain("Thirty,[1] or not. (unsupported)");
    expect(texts[0]).toContain(`- [1] handbook.md, line 42: “${days}”`);
  });

  test("leaves brackets that cite nothing, code and links as they are", async () => {
    const text = "See [9], `a[1]`, [the [1] site](https://example.org/x) and\n\n```\nb[1]\n```\n\nthirty.[1]";
    const page = await open(sessionPush(cited(text)));
    expect(await page.page.locator(".cite").allTextContents()).toEqual(["1"]);
    const drawn = await page.page.locator(".answer .markdown").innerText();
    for (const kept of ["[9]", "a[1]", "the [1] site", "b[1]"]) {
      expect(drawn).toContain(kept);
    }
  });

  test("grows letter by letter without a mark that comes in parts being seen", async () => {
    const script = handbook().ask("How many?").add(selectRetrieval);
    const page = await open(sessionPush(script));
    await go(page, script, { type: "citation", blockId: "b", citation: citation(1, days) }, doubt("not-cited", ""));
    await page.page.evaluate(() => {
      const seen = new Set<string>();
      Object.assign(window, { seen });
      new MutationObserver(() => {
        const text = [...document.querySelectorAll(".markdown")].map((element) => element.textContent).join("");
        seen.add(/\[[^\]]*$/u.exec(text)?.[0] ?? "");
      }).observe(document.body, { subtree: true, childList: true, characterData: true });
    });
    const text = "Thirty.[1] Or `a[1]` not.[?1] Done.[1][1]";
    for (const letter of text) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other, as they come
      await go(page, script, { type: "text-delta", blockId: "b", agent: "r", role: "answer", text: letter });
    }

    await go(page, script, said(text), ended);
    await expect.poll(() => page.page.locator(".cite").count()).toBe(4);
    expect(await page.page.evaluate(() => "seen" in window && window.seen instanceof Set && [...window.seen])).toEqual([
      "",
    ]);
    expect(await page.complaints()).toEqual([]);
  });

  test("with two hundred citations folds its list and keeps every mark", async () => {
    const script = handbook().ask("Everything");
    for (let number = 1; number <= 200; number += 1) {
      const one = passage({ number, path: `/w/${number}.md`, name: `${number}.md` });
      script.add({ type: "citation", blockId: "b", citation: citation(number, days, one) });
    }

    script.add(said(Array.from({ length: 200 }, (_, index) => `S${index}[${index + 1}]`).join(" ")), ended);
    const page = await open(sessionPush(script));
    expect(await page.page.locator(".cite").count()).toBe(200);
    expect(await page.page.locator(".cited-place").count()).toBe(6);
    await page.page.getByRole("button", { name: "Show 194 more" }).click();
    expect(await page.page.locator(".cited-place").count()).toBe(200);
  });

  test("offers to go on in detail, and no plot", async () => {
    const page = await open(sessionPush(cited("Thirty.[1]")));
    const offered = page.page.getByRole("group", { name: "Follow-up questions" });
    expect(await offered.getByRole("button").allTextContents()).toEqual(["Explain in more detail"]);
  });
});

describe("passages that were read", () => {
  test("open to a list with scores, and each to its place", async () => {
    const page = await open(sessionPush(cited("Thirty.[1]")));
    await page.page.getByRole("button", { name: "Read 2 passages from 2 files for “days of holiday”" }).click();
    await page.page.getByText("text score 8.20 · similarity 0.81 · reranked 0.97").waitFor();
    await page.page.getByRole("button", { name: "Open handbook.md, lines 40–43" }).click();
    expect(await sent(page, "place-open")).toMatchObject([{ startLine: 40, endLine: 43, words: passage().text }]);
  });

  test("stand open where they come nearest and answer nothing", async () => {
    const long = passage({ text: "word ".repeat(500) });
    const script = handbook()
      .ask("Who won?")
      .add(
        selectRetrieval,
        said("Not in these files."),
        { type: "passages", agent: "retrieval_agent", query: "winner", how: "nearest", passages: [long] },
        ended,
      );
    const page = await open(sessionPush(script));
    const card = page.page.getByRole("region", { name: "Nearest passages" });
    await card.getByRole("button", { name: "Show the whole passage" }).click();
    await card.getByRole("button", { name: "Show less of the passage" }).waitFor();
  });

  test("are said to be none where none was found", async () => {
    const none = { type: "passages", agent: "r", query: "winner", how: "search", passages: [] } as const;
    const page = await open(
      sessionPush(
        handbook()
          .ask("Who?")
          .add({ ...none, passages: [] }),
      ),
    );
    await page.page.getByText("No passage was found for “winner”").waitFor();
  });
});

const attack = `<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>](javascript:window.hacked=1)`;

test("names, quotes and reasons that are hostile stay text", async () => {
  const one = passage({ name: attack, path: `/w/${attack}`, place: attack, text: `${attack} and more` });
  const leftOut = [{ path: attack, reason: attack }];
  const script = sessionScript("S")
    .add(...source({ id: "f", name: attack, kind: "folder" }, readState({ leftOutFiles: 1, leftOut })))
    .ask("Q")
    .add(
      { type: "passages", agent: attack, query: attack, how: "search", passages: [one] },
      { type: "citation", blockId: "b", citation: citation(1, attack, one) },
      doubt("not-in-passages", attack),
      said(`Yes[1] no[?1] <span class="cite" data-cite="1">x</span> ![1] [1](javascript:window.hacked=1)`),
      ended,
    );
  const page = await open(sessionPush(script), { height: 2000 });
  await page.page.getByRole("button", { name: "1 file not fully read" }).click();
  await page.page.getByRole("button", { name: /^Read 1 passage/ }).click();
  expect(await page.page.locator(".cite").allTextContents()).toEqual(["1", "", "1", "1"]);
  await page.page.locator(".cite").first().hover();
  await page.page.getByRole("tooltip").waitFor();
  expect(await page.page.getByRole("tooltip").locator("mark").textContent()).toBe(attack);
  await page.page.locator(".cite-doubt").click();
  await page.page.getByRole("tooltip").getByText("Given as a quote").waitFor();
  const state = await page.page.evaluate(() => ({
    hacked: "hacked" in window,
    made: document.querySelectorAll("#app img, #app script, #app [href], #app [data-href]").length,
  }));
  expect(state).toEqual({ hacked: false, made: 0 });
  expect(await page.complaints()).toEqual([]);
});
