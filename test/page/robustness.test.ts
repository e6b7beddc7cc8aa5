import { describe, expect, test } from "vitest";
import type { Push } from "../../src/agents/protocol/page.ts";
import { type SessionScript, column, disasterProfile, modelsPush, sessionPush, sessionScript } from "./fixtures.ts";
import { gallery } from "./gallery.ts";
import { sessionAgentStates } from "./gallery-session-agents.ts";
import { answeredTurn } from "./gallery-turns.ts";
import { testPages } from "./opened-pages.ts";
import type { OpenOptions, OpenedPage } from "./page-harness.ts";

const pages = testPages();

async function open(pushes: readonly Push[], options: OpenOptions = {}): Promise<OpenedPage> {
  const opened = await pages.open(options);
  await opened.push(modelsPush(), ...pushes);
  return opened;
}

describe.each([...gallery, ...sessionAgentStates].map((state) => [state.name, state] as const))(
  "%s",
  (_name, state) => {
    test("keeps the policy, names every control, and fits a narrow sidebar", async () => {
      const opened = await pages.open({
        width: 300,
        theme: "hc",
        locale: state.locale ?? "en",
        path: state.path ?? "/",
        answers: state.answers ?? {},
      });
      await opened.push(...state.pushes(pages.resourceBase()));
      await state.act?.(opened.page);
      const found = await opened.page.evaluate(() => {
        // oxlint-disable-next-line unicorn/consistent-function-scoping -- its text is sent to the browser
        const name = (element: Element): string =>
          element.getAttribute("aria-label") ?? (element.textContent?.trim() || element.getAttribute("title") || "");
        const controls = "button, [role=button], [role=option], [role=radio], [role=menuitem], vscode-button, textarea";
        const nameless = [...document.querySelectorAll(controls)].filter(
          (element) => name(element) === "" && !(element instanceof HTMLTextAreaElement && element.labels.length > 0),
        );
        const landmarks = document.querySelectorAll("main").length;
        const images = [...document.querySelectorAll("img")].filter((image) => image.alt === "");
        return {
          nameless: nameless.map((element) => element.outerHTML.slice(0, 200)),
          landmarks,
          unnamedImages: images.length,
          overflow: document.documentElement.scrollWidth - window.innerWidth,
          headings: document.querySelectorAll("h1").length,
        };
      });
      expect(found).toEqual({ nameless: [], landmarks: 1, unnamedImages: 0, overflow: 0, headings: 1 });
      expect(await opened.complaints()).toEqual([]);
    });
  },
);

const attack = `<img src=x onerror="window.hacked=1"><script>window.hacked=1</script><svg onload="window.hacked=1">`;

test("text from files, models and programs stays text", async () => {
  const name = `${attack}.csv`;
  const profile = disasterProfile({
    name,
    columns: [
      column({
        name: attack,
        type: "category",
        distinct: 2,
        nulls: 1,
        top: [{ value: attack, count: 1 }],
      }),
    ],
    rows: [[attack]],
    warnings: [{ code: attack, severity: "warning", message: attack, columns: [], values: {} }],
  });
  const answer = `${attack}\n\n[a](javascript:window.hacked=1) ![p](https://example.org/x.png) <https://example.org/y>\n\n| ${attack} |\n|---|\n| [b](data:text/html,x) |\n\n\`\`\`html\n${attack}\n\`\`\``;
  const script = sessionScript(attack)
    .attach(profile)
    .ask(attack)
    .add(
      { type: "cell-start", cellId: "c", number: 1, agent: attack, code: attack, repair: 0, effects: [] },
      { type: "cell-run", cellId: "c" },
      { type: "cell-output", cellId: "c", output: { type: "text", stream: "stdout", text: attack } },
      {
        type: "cell-output",
        cellId: "c",
        output: {
          type: "table",
          columns: [{ name: attack, kind: "text", dtype: attack }],
          rows: [[attack], ["x".repeat(200_000)]],
          rowCount: 2,
          columnCount: 1,
        },
      },
      { type: "cell-end", cellId: "c", status: "ok", durationMs: 1 },
      { type: "text-end", blockId: "b", agent: attack, role: "answer", text: answer },
      { type: "turn-end", reason: "done", problem: null, durationMs: 1 },
    );
  const page = await open([sessionPush(script)], { height: 2400 });
  await page.page.getByText("First rows").click();
  const state = await page.page.evaluate(() => ({
    hacked: "hacked" in window,
    made: document.querySelectorAll("#app img, #app script, #app svg, #app [href]").length,
    longest: Math.max(...[...document.querySelectorAll("td")].map((cell) => cell.textContent?.length ?? 0)),
    links: [...document.querySelectorAll("[data-href]")].map((link) => link.getAttribute("data-href")),
  }));
  expect(state).toEqual({ hacked: false, made: 0, longest: 301, links: ["https://example.org/y"] });
  await page.page.locator("[data-href]").click();
  const links = (await page.requests()).filter((request) => request.name === "link-open");
  expect(links.map(({ params }) => params)).toEqual([{ href: "https://example.org/y" }]);
  expect(await page.complaints()).toEqual([]);
});

test("a block that cannot be drawn does not take the others with it", async () => {
  const script = answeredTurn(sessionScript("S"));
  const broken = { type: "table", columns: null, rows: [], rowCount: 0, columnCount: 0 };
  const events: object[] = [...script.events];
  events.splice(-3, 0, { type: "cell-output", at: 0, turnId: "t1", cellId: "c1", output: broken });
  const page = await open([], { height: 1200 });
  await page.pushRaw({ ...sessionPush(script), events });
  await page.page.getByText("This part could not be drawn.").waitFor();
  expect(await page.page.locator(".answer strong").textContent()).toBe("200,018");
  const reported = (await page.requests()).filter(({ name }) => name === "page-failed");
  expect(reported.length).toBe(1);
});

test("a page that cannot be drawn offers to draw itself anew, with everything asked for again", async () => {
  const page = await open([sessionPush(sessionScript("S"))]);
  const script = sessionScript("S").ask("Q");
  const events = script.events.map((event) => (event.type === "turn-start" ? { ...event, question: null } : event));
  await page.pushRaw({ ...sessionPush(script), events });
  await page.page.getByText("The page could not be drawn.").waitFor();
  await page.push(sessionPush(sessionScript("Good again")));
  await page.page.locator("vscode-button", { hasText: "Reload" }).click();
  await page.page.getByRole("button", { name: /Good again/u }).waitFor();
  expect((await page.requests()).filter(({ name }) => name === "page-ready").length).toBe(2);
});

test("what is no push is ignored", async () => {
  const page = await open([sessionPush(sessionScript("Still here"))]);
  await page.pushRaw({ kind: "models", state: { sources: "none" } }, 7);
  await page.page.getByRole("button", { name: /Still here/u }).waitFor();
  expect(await page.complaints()).toEqual([]);
});

function long(turns: number, sessionId = "s1"): SessionScript {
  const script = sessionScript("Long", sessionId).attach(disasterProfile());
  for (let turn = 0; turn < turns; turn += 1) {
    answeredTurn(script);
  }

  return script;
}

/** Turns of one line each, which together are lower than the page. */
function brief(turns: number, sessionId: string): SessionScript {
  const script = sessionScript("Brief", sessionId).attach(disasterProfile());
  for (let turn = 0; turn < turns; turn += 1) {
    script
      .ask("How many?")
      .add(
        { type: "agent-select", agent: "assistant_agent", how: "model", durationMs: 400 },
        { type: "text-end", blockId: "b", agent: "assistant_agent", role: "answer", text: "Seven." },
        { type: "turn-end", reason: "done", problem: null, durationMs: 3000 },
      );
  }

  return script;
}

/** Pixels between what is in view and the end of the list. */
function scrollState(page: OpenedPage): Promise<number> {
  return page.page.evaluate(() => {
    const area = document.querySelector(".messages-scroller");
    return area === null ? Number.NaN : area.scrollHeight - area.scrollTop - area.clientHeight;
  });
}

/** Pixels of the view, above and below, where rows should stand and none is drawn. */
function blankInView(page: OpenedPage): Promise<number> {
  return page.page.locator(".messages-scroller").evaluate((area) => {
    const content = getComputedStyle(area.querySelector(".messages-content") ?? area);
    const below = area.scrollHeight - area.scrollTop - area.clientHeight;
    const above = Number.parseFloat(content.paddingTop) - area.scrollTop;
    return Math.max(0, above) + Math.max(0, Number.parseFloat(content.paddingBottom) - below);
  });
}

function scrollTop(page: OpenedPage): Promise<number> {
  return page.page.locator(".messages-scroller").evaluate((area) => area.scrollTop);
}

function scrollBy(page: OpenedPage, pixels: number): Promise<void> {
  return page.page.locator(".messages-scroller").evaluate((area, by) => {
    area.scrollTop += by;
  }, pixels);
}

async function turnWheel(page: OpenedPage, turns: number, pixels: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) {
    // oxlint-disable-next-line eslint/no-await-in-loop -- one turn after the other, as a hand does it
    await page.page.mouse.wheel(0, pixels);
    // oxlint-disable-next-line eslint/no-await-in-loop -- one turn after the other, as a hand does it
    await page.page.waitForTimeout(30);
  }
}

function grow(turnId: string, text: string): Push {
  return {
    kind: "events",
    sessionId: "s1",
    events: [{ type: "text-delta", at: 0, turnId, blockId: "b", agent: "a", role: "answer", text }],
  };
}

function whole(text: string): Push {
  return {
    kind: "events",
    sessionId: "s1",
    events: [{ type: "text-end", at: 0, turnId: "t1", blockId: "b", agent: "a", role: "answer", text }],
  };
}

function markdownHtml(page: OpenedPage): Promise<string> {
  return page.page.locator(".markdown").evaluate((element) => element.innerHTML);
}

describe("a long session", () => {
  test("draws only what is in view, from its end", async () => {
    const page = await open([sessionPush(long(300))]);
    await expect.poll(() => scrollState(page)).toBeLessThan(4);
    expect(await page.page.locator(".row").count()).toBeLessThan(40);
    await page.page.locator(".row-end .chips").waitFor();
  });

  test("follows what grows, unless the person scrolled away; then it leads back", async () => {
    const script = long(5).ask("More");
    const page = await open([sessionPush(script)]);
    await page.push(grow("t6", "line\n\n".repeat(60)));
    await expect.poll(() => scrollState(page)).toBeLessThan(4);
    await page.page.locator(".messages-scroller").hover();
    await page.page.mouse.wheel(0, -700);
    await page.page.getByRole("button", { name: "Jump to the latest" }).waitFor();
    await page.push(grow("t6", "line\n\n".repeat(60)));
    expect(await scrollState(page)).toBeGreaterThan(600);
    await page.page.getByRole("button", { name: "Jump to the latest" }).click();
    await expect.poll(() => scrollState(page)).toBeLessThan(4);
  });

  test.each<readonly [string, (page: OpenedPage) => Promise<void>]>([
    ["the wheel", (page) => page.page.mouse.wheel(0, -300)],
    ["small turns of the wheel", (page) => turnWheel(page, 8, -15)],
    ["PageUp", (page) => page.page.keyboard.press("PageUp")],
    ["ArrowUp", (page) => page.page.keyboard.press("ArrowUp")],
    ["Home", (page) => page.page.keyboard.press("Home")],
    ["its scroll bar", (page) => scrollBy(page, -300)],
  ])("stays where %s brought it, while the answer grows", async (_how, go) => {
    const page = await open([sessionPush(long(5).ask("More"))]);
    await page.push(grow("t6", "line\n\n".repeat(60)));
    await expect.poll(() => scrollState(page)).toBeLessThan(4);
    await page.page.locator(".messages-scroller").hover();
    await page.page.locator(".messages-scroller").focus();
    await go(page);
    await expect.poll(() => scrollState(page)).toBeGreaterThan(20);
    await page.page.waitForTimeout(500);
    const top = await scrollTop(page);
    for (let piece = 0; piece < 5; piece += 1) {
      // oxlint-disable-next-line eslint/no-await-in-loop -- one frame after the other
      await page.push(grow("t6", "line\n\n".repeat(10)));
    }

    await page.page.waitForTimeout(300);
    expect(Math.abs((await scrollTop(page)) - top)).toBeLessThan(2);
  });

  test("goes on following when the composer under it becomes smaller", async () => {
    const page = await open([sessionPush(long(5).ask("More"))]);
    await page.page.getByLabel("Ask a question").fill("line\n".repeat(8));
    await page.push(grow("t6", "line\n\n".repeat(60)));
    await expect.poll(() => scrollState(page)).toBeLessThan(4);
    await page.page.waitForTimeout(300);
    await page.page.getByLabel("Ask a question").fill("");
    await page.page.waitForTimeout(300);
    await page.push(grow("t6", "line\n\n".repeat(60)));
    await page.page.waitForTimeout(300);
    expect(await scrollState(page)).toBeLessThan(4);
  });

  test("is scrolled up and stays there when it is only read", async () => {
    const page = await open([sessionPush(long(12))]);
    await expect.poll(() => scrollState(page)).toBeLessThan(4);
    await page.page.locator(".messages-scroller").hover();
    await page.page.mouse.wheel(0, -900);
    await expect.poll(() => scrollState(page)).toBeGreaterThan(600);
    await page.page.waitForTimeout(500);
    expect(await scrollState(page)).toBeGreaterThan(600);
    await page.page.locator(".messages-scroller").focus();
    await page.page.keyboard.press("Home");
    await expect.poll(() => scrollTop(page)).toBe(0);
    await page.page.waitForTimeout(500);
    expect(await scrollTop(page)).toBe(0);
    await page.page.locator(".data-card").waitFor();
  });

  test("opens where it was left, with the draft and the folds", async () => {
    const script = long(40);
    const first = await open([sessionPush(script)]);
    await first.page.locator(".messages-scroller").evaluate((area) => {
      area.scrollTop = 0;
    });
    await first.page.getByRole("button", { name: "First rows" }).click();
    await first.page.getByLabel("Ask a question").fill("half a thought");
    await first.page.locator(".messages-scroller").evaluate((area) => {
      area.scrollTop = 130;
    });
    await first.page.waitForTimeout(400);
    const kept = await first.kept();
    await first.close();

    const second = await open([sessionPush(script)], { kept });
    expect(await second.page.getByLabel("Ask a question").inputValue()).toBe("half a thought");
    await second.page.locator(".data-card .grid").waitFor();
    await expect
      .poll(() => second.page.locator(".messages-scroller").evaluate((area) => Math.round(area.scrollTop)))
      .toBe(130);
  });
});

describe("a session that is opened from the list of sessions", () => {
  test.each<readonly [string, SessionScript]>([
    ["one brief turn", brief(1, "s2")],
    ["two brief turns", brief(2, "s2")],
    ["three brief turns", brief(3, "s2")],
    ["six brief turns", brief(6, "s2")],
    ["one turn", long(1, "s2")],
    ["three turns", long(3, "s2")],
    ["forty turns", long(40, "s2")],
  ])("shows its end and every row in view, and follows: %s", async (_name, script) => {
    const summary = { id: "s2", title: "Found", updatedAt: 0, turns: 1, files: [] };
    const page = await open(
      [
        sessionPush(sessionScript("New")),
        { kind: "sessions", sessions: [summary] },
        { kind: "view", view: "sessions" },
      ],
      { width: 340, height: 900 },
    );
    await page.page.locator(".session-open").click();
    await page.push(sessionPush(script));
    await page.page.locator(".data-card, .bubble").first().waitFor();
    await expect.poll(() => scrollState(page)).toBeLessThan(4);
    await expect.poll(() => blankInView(page)).toBe(0);
    const asked = script.events.filter(({ type }) => type === "turn-start").length;
    await page.page.locator(`.row-end[data-key="t${asked}:end"]`).waitFor();

    const before = script.events.length;
    script
      .ask("More")
      .add({ type: "text-delta", blockId: "b", agent: "a", role: "answer", text: "line\n\n".repeat(60) });
    await page.push({ kind: "events", sessionId: "s2", events: script.events.slice(before) });
    await page.page.getByText("More", { exact: true }).waitFor({ state: "attached" });
    await page.page.locator(".row-progress").waitFor();
    await expect.poll(() => scrollState(page)).toBeLessThan(4);
    expect(await blankInView(page)).toBe(0);
  });
});

test("Markdown that arrives in pieces looks as if it had come whole", async () => {
  const text =
    "# Title\n\nPara with [ref] and **bold**.\n\n- a\n- b\n\n  more\n\n1. x\n2. y\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n```python\nx = 1\n\ny = 2\n```\n\n> quote\n\nSetext\n===\n\n- [x] done\n\n[ref]: https://example.org/r\n";
  const complete = await open([sessionPush(sessionScript("S").ask("Q")), whole(text)]);
  await complete.page.locator(".markdown blockquote").waitFor();
  const expected = await markdownHtml(complete);
  await complete.close();

  const streamed = await open([sessionPush(sessionScript("S").ask("Q"))]);
  for (let at = 0; at < text.length; at += 7) {
    // oxlint-disable-next-line eslint/no-await-in-loop -- one frame after the other
    await streamed.push(grow("t1", text.slice(at, at + 7)));
  }

  await streamed.push(whole(text));
  await expect.poll(() => markdownHtml(streamed)).toBe(expected);
  expect(expected).toContain('data-href="https://example.org/r"');
});
