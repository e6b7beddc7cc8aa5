import { describe, expect, test } from "vitest";
import type { CodeEffect } from "../../src/agents/protocol/cell-output.ts";
import { type Push, requests } from "../../src/agents/protocol/page.ts";
import {
  type SessionScript,
  disasterProfile,
  modelsPush,
  pythonPush,
  sessionPush,
  sessionScript,
  yearTable,
} from "./fixtures.ts";
import { gallery } from "./gallery.ts";
import { answeredTurn, code } from "./gallery-turns.ts";
import { sent, testPages } from "./opened-pages.ts";
import type { OpenOptions, OpenedPage } from "./page-harness.ts";

const pages = testPages();

async function open(pushes: readonly Push[], options: OpenOptions = {}): Promise<OpenedPage> {
  const opened = await pages.open(options);
  await opened.push(modelsPush(), pythonPush, ...pushes);
  return opened;
}

const select = { type: "agent-select", agent: "assistant_agent", how: "model", durationMs: 400 } as const;

interface CellStart {
  readonly type: "cell-start";
  readonly cellId: string;
  readonly number: number;
  readonly agent: string;
  readonly code: string;
  readonly repair: number;
  readonly effects: CodeEffect[];
}

function cellStart(cellId: string, text: string): CellStart {
  return { type: "cell-start", cellId, number: 1, agent: "assistant_agent", code: text, repair: 0, effects: [] };
}

function waiting(): SessionScript {
  return sessionScript("S")
    .attach(disasterProfile())
    .ask("How many?")
    .add(select, cellStart("c1", code), { type: "approval-request", cellId: "c1" });
}

test("the page asks for everything when it has loaded, and shows nothing of its own before", async () => {
  const opened = await pages.open();
  expect(await sent(opened, "page-ready")).toEqual([{}]);
  await expect.poll(() => opened.page.getByRole("status").filter({ hasText: "Loading" }).count()).toBe(1);
});

function withTable(): Push {
  return sessionPush(
    sessionScript("S")
      .ask("By year")
      .add(
        cellStart("c1", "by_year"),
        { type: "cell-run", cellId: "c1" },
        { type: "cell-output", cellId: "c1", output: yearTable(30, 12_345) },
        { type: "cell-end", cellId: "c1", status: "ok", durationMs: 20 },
      ),
  );
}

function copiedTexts(params: readonly unknown[]): readonly string[] {
  return params.map((param) => requests["text-copy"].params.parse(param).text);
}

function firstColumn(page: OpenedPage): Promise<string[]> {
  return page.page.locator(".grid tbody tr td:first-child").allTextContents();
}

describe("a turn", () => {
  test("code streams in, is approved by keyboard, and its answer follows", async () => {
    const script = sessionScript("S").attach(disasterProfile()).ask("How many?");
    const page = await open([sessionPush(script)]);
    const before = script.events.length;
    script.add(select, { type: "code-delta", cellId: "c1", agent: "assistant_agent", text: "import pan" });
    await page.push({ kind: "events", sessionId: "s1", events: script.events.slice(before) });
    await page.page.getByText("import pan").waitFor();

    const streamed = script.events.length;
    script.add(cellStart("c1", code), { type: "approval-request", cellId: "c1" });
    await page.push({ kind: "events", sessionId: "s1", events: script.events.slice(streamed) });
    await expect.poll(() => page.page.evaluate(() => document.activeElement?.textContent)).toContain("Run");
    await page.page.keyboard.press("Control+Enter");
    await expect.poll(() => sent(page, "approval-answer")).toEqual([{ cellId: "c1", decision: "once", code: null }]);

    const answered = script.events.length;
    script.add(
      { type: "approval-answer", cellId: "c1", decision: "once", how: "person", code: null },
      { type: "cell-run", cellId: "c1" },
      {
        type: "cell-output",
        cellId: "c1",
        output: { type: "text", stream: "stdout", text: "\u001B[1m200018\u001B[0m\n" },
      },
      { type: "cell-end", cellId: "c1", status: "ok", durationMs: 200 },
      { type: "text-end", blockId: "b", agent: "assistant_agent", role: "answer", text: "**200,018** people" },
      { type: "turn-end", reason: "done", problem: null, durationMs: 3000 },
    );
    await page.push({ kind: "events", sessionId: "s1", events: script.events.slice(answered) });
    await page.page.locator(".answer strong", { hasText: "200,018" }).waitFor();
    expect(await page.page.locator(".text-output pre").textContent()).toBe("200018");
    expect(await page.page.locator("[aria-live=polite][role=status]").textContent()).toContain("200,018");
  });

  test("events of another session are not shown", async () => {
    const page = await open([sessionPush(waiting())]);
    const other = sessionScript("T", "s2").ask("Elsewhere");
    await page.push({ kind: "events", sessionId: "s2", events: other.events });
    expect(await page.page.getByText("Elsewhere").count()).toBe(0);
  });

  test("Escape declines, and the focus is not taken from somebody who types", async () => {
    const script = sessionScript("S").ask("How many?").add(select);
    const page = await open([sessionPush(script)]);
    await page.page.getByLabel("Ask a question").fill("half a sentence");
    const before = script.events.length;
    script.add(cellStart("c1", code), { type: "approval-request", cellId: "c1" });
    await page.push({ kind: "events", sessionId: "s1", events: script.events.slice(before) });
    await page.page.getByRole("button", { name: "Run", exact: true }).waitFor();
    expect(await page.page.evaluate(() => document.activeElement?.id)).toBe("composer-text");
    await page.page.getByRole("button", { name: "Run", exact: true }).focus();
    await page.page.keyboard.press("Escape");
    await expect.poll(() => sent(page, "approval-answer")).toEqual([{ cellId: "c1", decision: "deny", code: null }]);
  });

  test("edited code is what runs", async () => {
    const page = await open([sessionPush(waiting())]);
    await page.page.getByRole("button", { name: "Edit", exact: true }).click();
    await page.page.getByLabel("Edit the code").fill("print(1)");
    await page.page.getByRole("button", { name: "Run the edited code" }).click();
    await expect
      .poll(() => sent(page, "approval-answer"))
      .toEqual([{ cellId: "c1", decision: "once", code: "print(1)" }]);
  });

  test("always in this workspace is one menu away; risky code has no such choice", async () => {
    const page = await open([sessionPush(waiting())]);
    await page.page.getByRole("button", { name: "More choices" }).click();
    await page.page.getByRole("menuitem", { name: "Always run in this workspace" }).click();
    await expect.poll(() => sent(page, "approval-answer")).toMatchObject([{ decision: "workspace" }]);

    const risky = gallery.find(({ name }) => name === "approval-risky");
    await page.push(...(risky?.pushes("") ?? []));
    await page.page.getByText("starts a process").waitFor();
    expect(await page.page.getByRole("button", { name: "More choices" }).count()).toBe(0);
    expect(await page.page.getByRole("button", { name: "Run all in this session" }).count()).toBe(0);
  });

  test("an attempt that was repaired folds to one line and opens again", async () => {
    const repaired = gallery.find(({ name }) => name === "repaired");
    const page = await open(repaired?.pushes("") ?? []);
    expect(await page.page.locator("section.cell").count()).toBe(1);
    await page.page.getByRole("button", { name: /KeyError/u }).click();
    expect(await page.page.locator("section.cell").count()).toBe(2);
  });

  test("a failure offers the ways out of it", async () => {
    const failed = gallery.find(({ name }) => name === "error");
    const page = await open(failed?.pushes("") ?? []);
    await page.page.locator(".ended").getByText("Retry", { exact: true }).click();
    await expect.poll(() => sent(page, "turn-retry")).toEqual([{ turnId: "t1" }]);
    await page.page.locator(".ended").getByText("Choose a model").click();
    await page.page.getByRole("dialog", { name: "Models" }).waitFor();
  });

  test("what editing a question removes is said, and the page is at the new question afterwards", async () => {
    const script = [1, 2, 3, 4].reduce((so) => answeredTurn(so), sessionScript("S").attach(disasterProfile()));
    const page = await open([sessionPush(script)]);
    const scroller = page.page.locator(".messages-scroller");
    await scroller.evaluate((area) => area.scrollTo(0, 0));
    await page.page.locator(".bubble").first().hover();
    await page.page.getByRole("button", { name: "Edit and send again" }).first().click();
    await page.page.getByText("removes 3 later questions").waitFor();
    await page.page.getByRole("button", { name: "Jump to the latest" }).waitFor();
    await page.page.getByRole("textbox", { name: "Edit and send again" }).fill("And in 1902?");
    await page.page.keyboard.press("Enter");
    const before = script.events.length;
    script.ask("And in 1902?", { replaces: "t1" }).add(select);
    await page.push({ kind: "events", sessionId: "s1", events: script.events.slice(before) });
    await expect.poll(() => page.page.locator(".bubble").allTextContents()).toEqual(["You: And in 1902?"]);
    await page.page.locator(".row-progress").waitFor();
    const grown = script.events.length;
    script.add({ type: "text-delta", blockId: "b", agent: "a", role: "answer", text: "line\n\n".repeat(60) });
    await page.push({ kind: "events", sessionId: "s1", events: script.events.slice(grown) });
    await expect
      .poll(() => scroller.evaluate((area) => area.scrollHeight - area.scrollTop - area.clientHeight))
      .toBeLessThan(4);
    expect(await page.page.getByRole("button", { name: "Jump to the latest" }).count()).toBe(0);
  });

  test("editing the last question removes nothing else, and says nothing of it", async () => {
    const page = await open([sessionPush(answeredTurn(sessionScript("S")))]);
    await page.page.locator(".bubble").hover();
    await page.page.getByRole("button", { name: "Edit and send again" }).click();
    await page.page.getByLabel("Edit and send again").waitFor();
    expect(await page.page.getByRole("note").count()).toBe(0);
  });

  test("what was read in code does not stand beside its edit, and edited code is marked", async () => {
    const script = sessionScript("S")
      .ask("Upload")
      .add(
        select,
        { ...cellStart("c1", code), effects: [{ kind: "network", detail: "example.org", line: 1 }] },
        { type: "cell-review", cellId: "c1", reviewer: "code_review_agent", verdict: "approved", comment: "As asked." },
        { type: "approval-request", cellId: "c1" },
      );
    const page = await open([sessionPush(script)]);
    await page.page.getByText("code_review_agent approves").waitFor();
    await page.page.getByRole("button", { name: "Edit", exact: true }).click();
    expect(await page.page.getByText("code_review_agent approves").count()).toBe(1);
    await page.page.getByLabel("Edit the code").fill("print(1)");
    await page.page.getByText("nobody reviews it").waitFor();
    expect(await page.page.getByText("code_review_agent approves").count()).toBe(0);
    const before = script.events.length;
    script.add(
      { type: "approval-answer", cellId: "c1", decision: "once", how: "person", code: "print(1)" },
      { type: "cell-run", cellId: "c1" },
    );
    await page.push({ kind: "events", sessionId: "s1", events: script.events.slice(before) });
    await page.page.getByText("edited by you").waitFor();
    expect(await page.page.getByText("code_review_agent approves").count()).toBe(0);
  });

  test("that a cell waits is said to a screen reader until it no longer does", async () => {
    const script = waiting();
    const page = await open([sessionPush(script)]);
    const live = page.page.locator("[aria-live=polite][role=status]");
    await expect.poll(() => live.textContent()).toBe("Cell 1 waits for your decision.");
    const before = script.events.length;
    script.add({ type: "approval-answer", cellId: "c1", decision: "once", how: "person", code: null });
    await page.push({ kind: "events", sessionId: "s1", events: script.events.slice(before) });
    await expect.poll(() => live.textContent()).toBe("");
    await page.push(sessionPush(waiting()), sessionPush(sessionScript("Other", "s2")));
    await page.page.getByRole("button", { name: /Other/u }).waitFor();
    await expect.poll(() => live.textContent()).toBe("");
  });

  test("a stop, the end of Python and a refusal are each said once", async () => {
    const cases = [
      ["cancelled", "Variables are kept"],
      ["refused", "It sends a table"],
    ] as const;
    for (const [name, words] of cases) {
      const shown = gallery.find((state) => state.name === name);
      // oxlint-disable-next-line eslint/no-await-in-loop -- one state after the other
      const page = await open(shown?.pushes("") ?? []);
      // oxlint-disable-next-line eslint/no-await-in-loop -- one state after the other
      await expect.poll(() => page.page.getByText(words).count()).toBe(1);
      // oxlint-disable-next-line eslint/no-await-in-loop -- one state after the other
      await page.close();
    }

    const script = sessionScript("S")
      .ask("Exit")
      .add(
        cellStart("c1", "os._exit(1)"),
        { type: "cell-run", cellId: "c1" },
        { type: "cell-end", cellId: "c1", status: "exited", durationMs: 0 },
      );
    const page = await open([sessionPush(script)]);
    await expect.poll(() => page.page.getByText("Python ended").count()).toBe(1);
  });

  test("a question is edited and sent again", async () => {
    const page = await open([sessionPush(answeredTurn(sessionScript("S")))]);
    await page.page.locator(".bubble").hover();
    await page.page.getByRole("button", { name: "Edit and send again" }).click();
    await page.page.getByLabel("Edit and send again").fill("And in 1902?");
    await page.page.keyboard.press("Enter");
    await expect.poll(() => sent(page, "turn-edit")).toEqual([{ turnId: "t1", text: "And in 1902?" }]);
  });
});

describe("a table", () => {
  test("sorts by its headers, filters, and turns its pages", async () => {
    const page = await open([withTable()]);
    await page.page.getByText("first 30 of 12,345 rows").waitFor();
    expect((await firstColumn(page)).length).toBe(10);
    const header = page.page.getByRole("columnheader", { name: /Deaths/u });
    await header.getByRole("button").click();
    expect(await header.getAttribute("aria-sort")).toBe("ascending");
    expect((await firstColumn(page))[0]).toBe("1900");
    await header.getByRole("button").click();
    expect((await firstColumn(page))[0]).toBe("1925");
    await page.page.getByRole("button", { name: "Next page" }).click();
    await page.page.getByText("11–20 of 30").waitFor();
    await page.page.locator("vscode-text-field.filter input").fill("1929");
    await expect.poll(() => firstColumn(page)).toEqual(["1929"]);
  });

  test("is copied whole, as Markdown and as CSV", async () => {
    const page = await open([withTable()]);
    for (const kind of ["Copy as Markdown", "Copy as CSV"]) {
      // oxlint-disable-next-line eslint/no-await-in-loop -- one menu after the other
      await page.page.getByRole("button", { name: "Copy the table" }).click();
      // oxlint-disable-next-line eslint/no-await-in-loop -- one menu after the other
      await page.page.getByRole("menuitem", { name: kind }).click();
    }

    await page.page.locator(".table-head").getByText("Copied").waitFor();
    const copied = copiedTexts(await sent(page, "text-copy")).map((text) => text.split(/\r?\n/u));
    expect(copied[0]?.slice(0, 4)).toEqual([
      "| Year | Deaths | Deadliest entity |",
      "| ---: | ---: | --- |",
      "| 1900 | 0.5 | Flood |",
      '| 1901 | 7919.5 | Drought \\| dry "years" |',
    ]);
    expect(copied[1]?.[2]).toBe('1901,7919.5,"Drought | dry ""years"""');
    expect(copied.map((lines) => lines.length)).toEqual([32, 31]);
  });
});

test("a picture is enlarged and closed by keyboard, saved and opened", async () => {
  const plot = gallery.find(({ name }) => name === "plot");
  const page = await open(plot?.pushes(pages.resourceBase()) ?? []);
  await page.page.getByRole("button", { name: /^Enlarge/u }).press("Enter");
  await page.page.getByRole("dialog").getByRole("button", { name: "Save the picture" }).click();
  const picture = page.page.getByRole("dialog").locator("img");
  const room = await page.page.locator(".enlarged-picture").boundingBox();
  const fitted = await picture.boundingBox();
  expect(fitted?.width).toBeLessThanOrEqual(room?.width ?? 0);
  expect(fitted?.height).toBeLessThanOrEqual(room?.height ?? 0);
  await page.page.getByRole("button", { name: "Show in actual size" }).click();
  expect(await picture.boundingBox()).toMatchObject({ width: 640, height: 300 });
  await page.page.getByRole("button", { name: "Fit into the view" }).click();
  expect(await picture.boundingBox()).toEqual(fitted);
  await page.page.keyboard.press("Escape");
  await expect.poll(() => page.page.getByRole("dialog").count()).toBe(0);
  expect(await sent(page, "image-save")).toEqual([{ file: "1.png" }]);
});

test("sessions are searched by the extension, opened, renamed and deleted", async () => {
  const list = gallery.find(({ name }) => name === "sessions");
  const page = await open(list?.pushes("") ?? [], {
    answers: {
      "session-search": { sessions: [{ id: "s3", title: "各省季度销售额", files: [], updatedAt: 0, turns: 1 }] },
    },
  });
  expect(await page.page.locator(".session-line").count()).toBe(3);
  await page.page.getByRole("textbox", { name: "Search sessions" }).fill("销售");
  await expect.poll(() => page.page.locator(".session-line").count()).toBe(1);
  expect(await sent(page, "session-search")).toEqual([{ text: "销售" }]);
  await page.page.getByRole("button", { name: /^Rename/u }).focus();
  await page.page.keyboard.press("Enter");
  await page.page.getByLabel("Session title").fill("新名");
  await page.page.keyboard.press("Enter");
  await page.page.getByRole("button", { name: /^Delete/u }).focus();
  await page.page.keyboard.press("Enter");
  await page.page.locator(".session-open").click();
  expect(await sent(page, "session-rename")).toEqual([{ sessionId: "s3", title: "新名" }]);
  expect(await sent(page, "session-delete")).toEqual([{ sessionId: "s3" }]);
  expect(await sent(page, "session-open")).toEqual([{ sessionId: "s3" }]);
});

test("a model is chosen for a role and tested", async () => {
  const page = await open([sessionPush(sessionScript("S"))], {
    answers: {
      "model-test": {
        report: {
          choice: { provider: "openai-compatible", baseUrl: "http://x/v1", model: "m" },
          durationMs: 900,
          checks: [
            { name: "key", status: "failed", message: "The key was refused." },
            { name: "vision", status: "failed", message: "It does not see pictures." },
          ],
        },
      },
    },
  });
  await page.page.locator(".pick").first().click();
  const dialog = page.page.getByRole("dialog", { name: "Models" });
  await dialog.getByText("Nothing answers at http://127.0.0.1:1234/v1").waitFor();
  await dialog.locator("vscode-button", { hasText: "Test connection" }).click();
  await dialog.getByText("The key was refused.").waitFor();
  await dialog.locator(".check-note").filter({ hasText: "It does not see pictures." }).waitFor();
  expect(await dialog.locator(".check-failed").count()).toBe(1);
  await dialog.getByRole("radio", { name: "llama3.2:3b" }).click();
  await expect
    .poll(() => sent(page, "model-choose"))
    .toMatchObject([{ role: "chat", choice: { model: "llama3.2:3b" } }]);
});

test("the page speaks the person's language", async () => {
  const chinese = gallery.find(({ name }) => name === "chinese-card");
  const page = await open(chinese?.pushes("") ?? [], { locale: "zh-cn" });
  await page.page.getByRole("button", { name: "按省份比较销售额（万元）" }).waitFor();
  expect(await page.page.evaluate(() => document.documentElement.lang)).toBe("zh-cn");
});
