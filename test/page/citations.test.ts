import { describe, expect, test } from "vitest";
import { requests } from "../../src/agents/protocol/page.ts";
import { sessionPush, sessionScript } from "./fixtures.ts";
import { go, openedPages, sent } from "./opened-pages.ts";
import {
  citation,
  cited,
  days,
  doubt,
  ended,
  handbook,
  paid,
  passage,
  readState,
  report,
  said,
  selectRetrieval,
  source,
} from "./source-fixtures.ts";

const open = openedPages();

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
  await page.page.getByRole("button", { name: "1 file not read, or not in full" }).click();
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
