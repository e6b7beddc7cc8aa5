import { describe, expect, test } from "vitest";
import { compareReadings } from "../../src/agents/analysis/compare-readings.ts";
import type { Push } from "../../src/agents/protocol/page.ts";
import type { SessionEvent } from "../../src/agents/protocol/session-event.ts";
import { disasterProfile, modelsPush, pythonPush, sessionPush, sessionScript, yearTable } from "./fixtures.ts";
import { european, halfRead, joined } from "./gallery-reading.ts";
import { testPages } from "./opened-pages.ts";
import type { OpenOptions, OpenedPage } from "./page-harness.ts";

declare global {
  interface Window {
    changes: string[];
  }
}

const pages = testPages();

async function open(push: Push, options: OpenOptions = {}): Promise<OpenedPage> {
  const opened = await pages.open(options);
  await opened.push(modelsPush(), pythonPush, push);
  return opened;
}

async function sent(page: OpenedPage, name: string): Promise<readonly unknown[]> {
  return (await page.requests()).filter((request) => request.name === name).map(({ params }) => params);
}

const happened = (...events: readonly SessionEvent[]): Push => ({
  kind: "events",
  sessionId: "s1",
  events: [...events],
});
const { path } = disasterProfile();
const card = sessionPush(sessionScript("Deaths").attach(disasterProfile()));

async function choose(page: OpenedPage, field: string, option: string): Promise<void> {
  await page.page.getByRole("combobox", { name: field, exact: true }).click();
  await page.page.getByRole("option", { name: option, exact: true }).click();
}

describe("how a file is read", () => {
  test("is said in one line and changed where it stands; what is not chosen stays detected", async () => {
    const page = await open(card);
    await page.page.getByRole("button", { name: /^Read as UTF-8 · comma/u }).click();
    await choose(page, "Delimiter", "semicolon");
    await choose(page, "Header", "in line…");
    await page.page.getByRole("textbox", { name: "Header line" }).fill("4");
    await page.page.getByRole("button", { name: "Read it this way" }).click();
    expect(await sent(page, "file-reprofile")).toEqual([{ path, dialect: { delimiter: ";", headerRow: 3 } }]);
    const profile = { ...european, path, name: "disasters.csv", rowCount: 40 };
    await page.push(happened({ type: "file-profile", at: 1, path, profile, choice: { delimiter: ";", headerRow: 3 } }));
    await page.page.getByText("40 rows, 4 columns, 22 kB").waitFor();
    expect(await page.page.getByRole("group", { name: "How disasters.csv is read" }).count()).toBe(0);
    await page.page.getByRole("button", { name: /semicolon · header in line 4 .* chosen by you/u }).click();
    expect(await page.page.getByRole("status").innerText()).toBe("Read again: 40 rows, 4 columns.");
    await page.page.getByRole("button", { name: "Detect again" }).click();
    expect((await sent(page, "file-reprofile")).at(-1)).toEqual({ path, dialect: {} });
    expect(await page.complaints()).toEqual([]);
  });

  test("that makes no sense is not asked for, and said beside its field", async () => {
    const page = await open(card);
    await page.page.locator(".reading-line").click();
    await choose(page, "Header", "in line…");
    await page.page.getByRole("textbox", { name: "Header line" }).fill("0");
    await page.page.getByRole("textbox", { name: "Header line" }).press("Enter");
    await page.page.getByRole("alert").filter({ hasText: "counted from 1" }).waitFor();
    await page.page.getByRole("textbox", { name: "Header line" }).fill("2");
    await page.page.getByRole("textbox", { name: "Header line" }).press("Enter");
    expect(await sent(page, "file-reprofile")).toEqual([{ path, dialect: { headerRow: 1 } }]);
  });

  test("that does not work opens the form with the error, and the card stays as it was", async () => {
    const page = await open(card);
    const problem = { code: "table.not-a-table", message: "No line could be a row.", details: {} };
    await page.push(
      happened({ type: "file-problem", at: 1, path, problem, choice: { encoding: "utf-16le", delimiter: "||" } }),
    );
    await page.page.getByRole("alert").filter({ hasText: "read as before. No line could be a row." }).waitFor();
    expect(await page.page.getByRole("textbox", { name: "Other delimiter" }).inputValue()).toBe("||");
    expect(await page.page.getByText("802 rows").count()).toBe(1);
    await page.page.getByRole("button", { name: "Keep it as it was" }).click();
    expect(await page.page.getByRole("alert").count()).toBe(0);
    expect(await sent(page, "file-reprofile")).toEqual([]);
  });

  test("of a file that cannot be read may be changed too", async () => {
    const script = sessionScript("S").add(
      { type: "file-attach", path, name: "disasters.csv" },
      { type: "file-problem", path, problem: { code: "table.damaged", message: "Broken.", details: {} } },
    );
    const page = await open(sessionPush(script));
    await page.page.getByRole("button", { name: "Change how it is read" }).click();
    await choose(page, "Encoding", "GB18030");
    await page.page.getByRole("button", { name: "Read it this way" }).click();
    expect(await sent(page, "file-reprofile")).toEqual([{ path, dialect: { encoding: "gb18030" } }]);
  });

  test("is compared with Python: agreement is a quiet word, a difference a warning, also in Chinese", async () => {
    const profile = disasterProfile();
    const names = profile.columns.map(({ name }) => name);
    const tried = (rows: number): SessionEvent => {
      const warnings = [...compareReadings(profile, { status: "read", rows, names }, false)];
      return { type: "file-check", at: 2, path, check: { by: "pandas", warnings } };
    };
    const page = await open(card);
    await page.page.getByText("802 rows, 4 columns, 22 kB · read in 11 ms", { exact: true }).waitFor();
    await page.push(happened(tried(802)));
    await page.page.getByText("read in 11 ms · Python reads the same").waitFor();
    await page.push(happened(tried(1813)));
    await page.page.getByText(/^Python reads 1,813 rows where 802 were counted here/u).waitFor();
    expect(await page.page.getByText("Python reads the same").count()).toBe(0);
    await page.push(happened({ type: "file-profile", at: 3, path, profile: { ...profile, rowCount: 1813 } }));
    await page.page.getByText("1,813 rows, 4 columns").waitFor();
    expect(await page.page.getByText(/^Python reads/u).count()).toBe(0);
    await page.close();

    const inChinese = sessionPush(sessionScript("Deaths").attach(profile), { locale: "zh-cn" });
    const chinese = await open(inChinese, { locale: "zh-cn" });
    await chinese.push(happened(tried(1813)));
    await chinese.page.getByText(/^Python 读到 1,813 行，而这里数出 802 行/u).waitFor();
  });

  test("a part is picked on the card", async () => {
    const { dialect } = disasterProfile();
    const workbook = disasterProfile({
      dialect: { ...dialect, format: "xlsx", encoding: null, delimiter: null, sheet: "One" },
      sheets: [
        { name: "One", rowCount: 802, hidden: false },
        { name: "Two", rowCount: null, hidden: true },
      ],
    });
    const page = await open(sessionPush(sessionScript("S").attach(workbook)));
    await choose(page, "Sheet", "Two (hidden)");
    expect(await sent(page, "file-reprofile")).toEqual([{ path, dialect: { sheet: "Two" } }]);
  });
});

describe("a big file", () => {
  const big = "/data/events.csv";
  const reading = (readBytes: number, rowCount: number): SessionEvent => ({
    type: "file-reading",
    at: 1,
    path: big,
    reading: {
      readBytes,
      profile: disasterProfile({ path: big, name: "events.csv", sizeBytes: 1e9, rowCount, complete: false }),
    },
  });

  test("shows how far it has come, and Cancel ends it", async () => {
    const page = await open(sessionPush(halfRead(sessionScript("Events"))));
    await page.page.getByText("35% read, 3,512,000 rows so far").waitFor();
    expect(await page.page.getByRole("progressbar").getAttribute("aria-valuenow")).toBe("35");
    await page.page.getByRole("button", { name: "Cancel" }).click();
    expect(await sent(page, "file-stop")).toEqual([{ path: big }]);
    const profile = disasterProfile({
      path: big,
      name: "events.csv",
      sizeBytes: 1e9,
      rowCount: 3000,
      complete: false,
      readBytes: 3.5e8,
    });
    await page.push(happened({ type: "file-profile", at: 2, path: big, profile }));
    await page.page.getByText("Read 35%: figures are of the first 3,000 rows.").waitFor();
    expect(await page.page.getByRole("progressbar").count()).toBe(0);
    await page.page.getByRole("button", { name: "Read the rest" }).click();
    expect(await sent(page, "file-reprofile")).toEqual([{ path: big }]);
  });

  test("that is being read changes its own card and nothing else", async () => {
    const script = halfRead(sessionScript("Events").attach(disasterProfile()));
    const page = await open(sessionPush(script));
    await page.page.getByRole("progressbar").waitFor();
    await page.page.evaluate(() => {
      const changes: string[] = [];
      window.changes = changes;
      const observer = new MutationObserver((records) => {
        for (const { target } of records) {
          const element = target instanceof Element ? target : target.parentElement;
          changes.push(element?.closest(".data-card")?.getAttribute("aria-label") ?? element?.className ?? "");
        }
      });
      observer.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    });
    for (let step = 1; step <= 5; step += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other, as they come
      await page.push(happened(reading(4e8 + step * 1e7, 4_000_000 + step)));
    }
    await page.page.getByText("4,000,005 rows so far").waitFor();
    const changes = await page.page.evaluate(() => [...new Set(window.changes)]);
    expect(changes).toEqual(["Data of events.csv"]);
  });
});

describe("several files", () => {
  test("say how they fit together, and a question is begun from it", async () => {
    const page = await open(sessionPush(joined(sessionScript("Orders"))));
    const join = page.page.getByRole("listitem").filter({ hasText: "customer_id" });
    const text = await join.innerText();
    expect(text).toContain("98% of values match · many-to-one");
    expect(text).toContain("leading zeros differ: 7 ↔ 0007");
    expect(text).toContain("not in customers.csv: 1201, 1202, 1203…");
    await join.getByRole("button", { name: "Ask with this join" }).click();
    expect(await page.page.getByLabel("Ask a question").inputValue()).toBe(
      "Join orders.csv and customers.csv by customer_id = id: ",
    );
    // The focus moves once the text stands there.
    await expect.poll(() => page.page.evaluate(() => document.activeElement?.id)).toBe("composer-text");
  });

  test("one is named with @, found by the extension, and added", async () => {
    const files = [
      { path: "/w/sales.csv", name: "sales.csv", folder: "", kind: "table" },
      { path: "/w/old/sales 2019.csv", name: "sales 2019.csv", folder: "old", kind: "table" },
    ];
    const page = await open(card, { answers: { "file-find": { files } } });
    const box = page.page.getByLabel("Ask a question");
    await box.pressSequentially("Compare with @sal");
    await page.page.getByRole("option", { name: /sales 2019\.csv\s+old/u }).waitFor();
    expect((await sent(page, "file-find")).at(-1)).toEqual({ text: "sal" });
    await box.press("ArrowDown");
    await box.press("Enter");
    expect(await box.inputValue()).toBe("Compare with sales 2019.csv ");
    expect(await sent(page, "file-attach")).toEqual([{ path: "/w/old/sales 2019.csv" }]);
    expect(await sent(page, "chat-send")).toEqual([]);
    await box.press("Enter");
    expect(await sent(page, "chat-send")).toEqual([{ text: "Compare with sales 2019.csv", agent: null }]);
  });

  test("one that comes from outside the editor is told by its name", async () => {
    const page = await open(card);
    await page.page.evaluate(() => {
      const data = new DataTransfer();
      data.items.add(new File(["a,b"], "from desktop.csv"));
      document.querySelector(".page")?.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true }));
    });
    expect(await sent(page, "file-drop")).toEqual([{ uris: [], names: ["from desktop.csv"] }]);
  });
});

test("a table is saved by the place at which its cell showed it", async () => {
  const text = { type: "text", stream: "stdout", text: "years:\n" } as const;
  const script = sessionScript("S")
    .attach(disasterProfile())
    .ask("Years?")
    .add(
      { type: "cell-start", cellId: "c", number: 1, agent: "a", code: "t", repair: 0, effects: [] },
      { type: "cell-output", cellId: "c", output: text },
      { type: "cell-output", cellId: "c", output: yearTable(12) },
      { type: "cell-end", cellId: "c", status: "ok", durationMs: 1 },
      { type: "turn-end", reason: "done", problem: null, durationMs: 1 },
    );
  const page = await open(sessionPush(script));
  await page.page.getByRole("button", { name: "Copy the table" }).click();
  await page.page.getByRole("menuitem", { name: "Save as CSV…" }).click();
  expect(await sent(page, "table-save")).toEqual([{ cellId: "c", output: 1 }]);
});

const answer = (text: string) =>
  ({ type: "text-end", blockId: "b", agent: "assistant_agent", role: "answer", text }) as const;

test("what a question replaced is read, and may be asked again", async () => {
  const script = sessionScript("S").attach(disasterProfile());
  const done = { type: "turn-end", reason: "done", problem: null, durationMs: 1 } as const;
  script.ask("One?").add(answer("It was one."), done);
  script.ask("Two?", { replaces: "t1" }).add(answer("It is two."), done);
  const page = await open(sessionPush(script));
  await page.page.getByText("It is two.").waitFor();
  expect(await page.page.getByText("It was one.").count()).toBe(0);
  await page.page.getByRole("button", { name: "Show 1 removed question" }).click();
  await page.page.getByText("It was one.").waitFor();
  await page.page.getByRole("article", { name: "One?" }).hover();
  await page.page.getByRole("button", { name: "Put this question into the composer" }).click();
  expect(await page.page.getByLabel("Ask a question").inputValue()).toBe("One?");
});
