import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chooseInExplorerMenu, openViewContainer, runPaletteCommand } from "../../scripts/editor/workbench.mjs";
import { brokenOff, called, openUserEditor, pictureFailures, routed, said, salesTable } from "./user-editor.mjs";

const fileName = "销售 sales.csv";
/** @type {import("./user-editor.mjs").UserEditor} */
let user;

beforeAll(async () => {
  user = await openUserEditor({ files: { [fileName]: salesTable } });
}, 300_000);
afterAll(() => user.close());
pictureFailures(() => user);

test("the Explorer's menu opens the panel with a card, and no model is asked", async () => {
  await chooseInExplorerMenu(user.page, fileName, "Analyze this CSV");
  await user.chat.shows("40 rows");
  expect(await user.chat.text()).toContain("2000 – 2019");
  expect(user.server.chats).toHaveLength(0);
});

test("a question runs code after a yes, in a terminal named after the file, and is answered", async () => {
  const code = [
    "import pandas as pd",
    "import matplotlib.pyplot as plt",
    `df = pd.read_csv('${fileName}')`,
    "plt.plot(df.sales)",
    "plt.title('销售')",
    "plt.show()",
    "print('sum', df.sales.sum())",
    "df.head(3)",
  ];
  user.server.expectChat(routed, called(...code), said("In all **420**."));
  await user.chat.askAndRun("Sum of sales?");
  await user.chat.answered("In all 420.");
  const text = await user.chat.text();
  expect(text).toContain("sum 420");
  expect(text).toContain("assistant_agent");
  expect(await user.chat.frame.locator("img").count()).toBe(1);
  expect(await user.chat.frame.getByRole("table").count()).toBeGreaterThan(0);
  await user.page.locator(".terminal-tabs-entry, .single-terminal-tab").filter({ hasText: fileName }).first().waitFor();
});

test("a failing cell goes back to its author, and the repaired one answers", async () => {
  user.server.expectChat(
    routed,
    called("print(df.salse.sum())"),
    called("print('mean', df.sales.mean())"),
    said("On average **10.5**."),
  );
  await user.chat.askAndRun("Mean of sales?");
  await user.chat.shows("repair 1");
  await user.chat.button("Run").click();
  await user.chat.answered("On average 10.5.");
  expect(JSON.stringify(user.server.chats.at(-2))).toContain("AttributeError");
});

test("Stop ends a cell that never would, and variables survive it", async () => {
  user.server.expectChat(routed, called("kept = 41", "print('turning', flush=True)", "while True: pass"));
  await user.chat.askAndRun("Turn");
  await user.chat.shows("turning", true);
  await user.chat.button("Stop").click();
  await user.chat.shows("Variables are kept");
  user.server.expectChat(routed, called("print('kept is', kept + 1)"), said("It is kept."));
  await user.chat.askAndRun("Still there?");
  await user.chat.answered("It is kept.");
  expect(await user.chat.text()).toContain("kept is 42");
});

test("Stop ends an answer that a model is still writing, and what had come stays", async () => {
  user.server.expectChat(routed, brokenOff("So far this much", "hang"));
  await user.chat.ask("Say a lot");
  await user.chat.shows("So far this much");
  await user.chat.button("Stop").click();
  await user.server.left;
  await user.chat.button("Retry").waitFor();
  await user.chat.shows("So far this much");
});

test("Retry asks the same again in its place", async () => {
  user.server.expectChat(routed, said("Said whole."));
  await user.chat.button("Retry").click();
  await user.chat.answered("Said whole.");
  expect(await user.chat.text()).not.toContain("So far this much");
});

test("a question edited and sent again replaces what came after it", async () => {
  user.server.expectChat(routed, said("First answer."), routed, said("Second answer."), routed, said("Third answer."));
  await user.chat.ask("One?");
  await user.chat.answered("First answer.");
  await user.chat.ask("Two?");
  await user.chat.answered("Second answer.");
  const first = user.chat.frame.locator(".question").filter({ hasText: "One?" });
  await first.hover();
  await first.getByRole("button", { name: "Edit and send again" }).click();
  await user.chat.frame.getByRole("textbox", { name: "Edit and send again" }).fill("Three?");
  await user.chat.button("Send again").click();
  await user.chat.answered("Third answer.");
  const text = await user.chat.text();
  expect(text).toContain("Three?");
  expect(text).not.toMatch(/One\?|First answer|Two\?|Second answer/);
  const asked = JSON.stringify(user.server.chats.at(-1));
  expect(asked).not.toMatch(/First answer|Second answer/);
});

test("closing the terminal while code runs is said, and the next question starts a new Python", async () => {
  user.server.expectChat(
    routed,
    called("print('sleeping', flush=True)", "import time", "time.sleep(60)"),
    said("The terminal was closed."),
  );
  await user.chat.askAndRun("Sleep");
  await user.chat.shows("sleeping", true);
  await runPaletteCommand(user.page, "Terminal: Kill the Active Terminal Instance");
  await user.chat.answered("The terminal was closed.");
  user.server.expectChat(routed, called("print('still here:', 'kept' in globals())"), said("A new one."));
  await user.chat.askAndRun("Again?");
  await user.chat.answered("A new one.");
  expect(await user.chat.text()).toContain("still here: False");
});

test("closing the terminal while nothing runs is said at once", async () => {
  await runPaletteCommand(user.page, "Terminal: Kill the Active Terminal Instance");
  await user.chat.button("Python ended").waitFor();
});

test("a stream that is cut in the middle is no answer, and Retry is offered", async () => {
  user.server.expectChat(routed, brokenOff("Half an ans", "cut"));
  await user.chat.ask("Cut");
  await user.chat.frame.getByRole("alert").filter({ hasText: "Retry" }).waitFor();
  user.server.expectChat(routed, said("Whole now."));
  await user.chat.button("Retry").click();
  await user.chat.answered("Whole now.");
});

test("a file that changes on the disk changes its card, and the agents are told", async () => {
  await runPaletteCommand(user.page, "Byzer Agent: New Session");
  await openViewContainer(user.page, "Explorer");
  await chooseInExplorerMenu(user.page, fileName, "Analyze this CSV");
  await user.chat.shows("40 rows");
  user.server.expectChat(routed, said("Forty."));
  await user.chat.ask("How many rows?");
  await user.chat.answered("Forty.");
  writeFileSync(join(user.workspace, fileName), `${salesTable}杭州,2020,21\n`);
  await user.chat.shows("41 rows");
  user.server.expectChat(routed, said("Read anew."));
  await user.chat.ask("How many rows now?");
  await user.chat.answered("Read anew.");
  await user.chat.shows("had changed on disk");
  expect(JSON.stringify(user.server.chats.at(-1))).toContain("41 rows");
});

test("a file that is deleted is said to be gone, and comes back when it is there again", async () => {
  rmSync(join(user.workspace, fileName));
  await user.chat.shows(/is not there|gone|no longer/);
  writeFileSync(join(user.workspace, fileName), salesTable);
  await user.chat.shows("40 rows");
});

test("every session is a file that can be read line by line", () => {
  const sessions = readdirSync(user.editor.server.userDataDir, { recursive: true, encoding: "utf8" }).filter(
    (path) => path.includes("byzer") && path.endsWith("events.jsonl"),
  );
  const logs = sessions.map((path) => readFileSync(join(user.editor.server.userDataDir, path), "utf8"));
  const kinds = logs.map((log) =>
    log
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).type),
  );
  expect(kinds.map(([first]) => first)).toEqual(kinds.map(() => "session-start"));
  expect(kinds.flat()).toContain("cell-output");
  expect(kinds.flat()).not.toContain("text-delta");
});
