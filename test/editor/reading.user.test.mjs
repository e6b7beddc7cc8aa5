import { closeSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chooseInExplorerMenu, openViewContainer, runPaletteCommand } from "../../scripts/editor/workbench.mjs";
import { called, openUserEditor, pictureFailures, routed, said } from "./user-editor.mjs";

const range = (/** @type {number} */ count) => Array.from({ length: count }, (_, index) => index + 1);
/** Read by its commas there are two columns, by its semicolons three. */
const readings = `name;day,value;note\n${range(40)
  .map((index) => `n${index};${index},5;ok`)
  .join("\n")}\n`;
const customers = `id,city\n${range(50)
  .map((index) => `${String(index).padStart(4, "0")},c${index % 7}`)
  .join("\n")}\n`;
const orders = `order_no,customer_id,amount\n${range(300)
  .map((index) => `${index + 9000},${String((index % 49) + 1).padStart(4, "0")},${index * 3}`)
  .join("\n")}\n`;
const bigMegabytes = 400;

/** @type {import("./user-editor.mjs").UserEditor} */
let user;

beforeAll(async () => {
  user = await openUserEditor({
    files: {
      "readings.csv": readings,
      "orders.csv": orders,
      "customers.csv": customers,
      "customers-hidden.csv": customers,
    },
    userSettings: { "files.exclude": { "**/customers-hidden.csv": true } },
  });
}, 300_000);
afterAll(() => user.close());
pictureFailures(() => user);

/** @param {string} name */
async function analyze(name) {
  await runPaletteCommand(user.page, "Byzer Agent: New Session");
  await user.chat.shows("Ask your tables and files");
  await openViewContainer(user.page, "Explorer");
  await chooseInExplorerMenu(user.page, name, "Analyze this CSV");
}

/**
 * @param {string} field
 * @param {string} option
 */
async function choose(field, option) {
  await user.chat.frame.getByRole("combobox", { name: field, exact: true }).click();
  await user.chat.frame.getByRole("option", { name: option, exact: true }).click();
}

async function openForm() {
  await user.chat.frame.locator(".reading-line").click();
}

async function asked() {
  return JSON.stringify(user.server.chats.at(-1));
}

test("a delimiter that is changed on the card changes the card, what the agents are told, and what code reads", async () => {
  await analyze("readings.csv");
  await user.chat.shows("40 rows");
  await openForm();
  await choose("Delimiter", "comma");
  await choose("Decimal", "point .");
  await user.chat.button("Read it this way").click();
  await user.chat.shows("2 columns");
  await user.chat.shows("chosen by you");
  await openForm();
  await choose("Delimiter", "semicolon");
  await choose("Decimal", "comma ,");
  await user.chat.button("Read it this way").click();
  await user.chat.shows("3 columns");
  user.server.expectChat(
    routed,
    called("import pandas as pd", "df = pd.read_csv('readings.csv', sep=';', decimal=',')", "print(df.shape)"),
    said("Forty."),
  );
  await user.chat.askAndRun("How many rows?");
  await user.chat.answered("Forty.");
  expect(await asked()).toMatch(/sep=\\+";\\+"/u);
});

test("the choice outlives a change of the file, and a reload of the window", async () => {
  writeFileSync(join(user.workspace, "readings.csv"), `${readings}n41;41,5;late\n`);
  await user.chat.shows("41 rows");
  expect(await user.chat.text()).toContain("3 columns");
  await user.editor.reload();
  await openViewContainer(user.page, "Byzer Agent");
  await user.chat.shows("41 rows, 3 columns");
  await user.chat.shows("chosen by you");
});

test("a choice that does not work says so and loses nothing", async () => {
  await openForm();
  await choose("Encoding", "UTF-16LE");
  await user.chat.button("Read it this way").click();
  await user.chat.shows("the file is read as before");
  expect(await user.chat.text()).toContain("41 rows, 3 columns");
  await user.chat.button("Keep it as it was").click();
  expect(await user.chat.text()).toContain("41 rows, 3 columns");
});

test("a file is named with @ and added; files that are hidden are not offered; joins between the two are found", async () => {
  await analyze("orders.csv");
  await user.chat.shows("300 rows");
  const box = user.chat.frame.locator("#composer-text");
  await box.pressSequentially("Compare with @custom");
  const options = user.chat.frame.getByRole("option");
  await options.first().waitFor();
  expect(await options.allInnerTexts()).toEqual([expect.stringMatching(/^table:\s+customers\.csv\s/u)]);
  await box.press("Enter");
  expect(await box.inputValue()).toBe("Compare with customers.csv ");
  await user.chat.shows("50 rows");
  const suggestion = user.chat.frame.getByRole("listitem").filter({ hasText: "customer_id" });
  await suggestion.waitFor();
  expect(await suggestion.innerText()).toMatch(/100% of values match · many-to-one/u);
  await suggestion.getByRole("button", { name: "Ask with this join" }).click();
  await expect.poll(() => box.inputValue()).toContain("customer_id = id");
  user.server.expectChat(routed, said("They fit."));
  await box.press("End");
  await box.pressSequentially("how many fit?");
  await box.press("Enter");
  await user.chat.answered("They fit.");
  expect(await asked()).toContain("customer_id");
});

test("a big file shows itself at once, how far it has come, and what was read when it is stopped half-way", async () => {
  const path = join(user.workspace, "big.csv");
  const block = range(20_000)
    .map((index) => `2024-01-01 00:00:00,sensor-${index % 97},${index}.25,some text in row ${index}`)
    .join("\n");
  const file = openSync(path, "w");
  writeSync(file, "time,sensor,value,note\n");
  for (let megabytes = 0; megabytes < bigMegabytes; megabytes += block.length / 1e6) {
    writeSync(file, `${block}\n`);
  }
  closeSync(file);
  await analyze("big.csv");
  await user.chat.shows("sensor", true);
  await user.chat.frame.getByRole("progressbar").waitFor();
  await user.chat.shows(/\d+% read, [\d,]+ rows so far/u);
  await user.chat.button("Cancel").click();
  await user.chat.shows(/Read \d+%: figures are of the first [\d,]+ rows\./u);
  await user.chat.button("Read the rest").waitFor();
  user.server.expectChat(routed, said("Partly."));
  await user.chat.ask("What is it?");
  await user.chat.answered("Partly.");
  expect(await user.chat.frame.getByRole("progressbar").count()).toBe(0);
});
