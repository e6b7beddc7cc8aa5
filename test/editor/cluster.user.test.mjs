import { tmpdir } from "node:os";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chooseInExplorerMenu, openViewContainer, runPaletteCommand } from "../../scripts/editor/workbench.mjs";
import { sharedCluster } from "../ray/shared-cluster.ts";
import { openWindow } from "../ray/test-window.ts";
import { called, openUserEditor, pictureFailures, routed, said, salesTable } from "./user-editor.mjs";

const fileName = "销售 sales.csv";
const cluster = sharedCluster();
const terminalName = `${fileName} · cluster`;
/** @type {import("./user-editor.mjs").UserEditor} */
let user;

beforeAll(async () => {
  user = await openUserEditor({
    files: { [fileName]: salesTable },
    // What a terminal shows is then text of the page.
    userSettings: { "terminal.integrated.gpuAcceleration": "off" },
    env: { HOME: tmpdir() },
  });
  // Ours is put on the cluster by the first who comes.
  user.page.context().setDefaultTimeout(120_000);
  await chooseInExplorerMenu(user.page, fileName, "Analyze this CSV");
  await user.chat.shows("40 rows");
}, 300_000);
afterAll(() => user.close());
pictureFailures(() => user);

const chip = () => user.chat.frame.locator(".python-pick");
/** @param {string | RegExp} name */
const choose = async (name) => {
  await chip().click();
  await user.chat.frame.getByRole("menuitem", { name }).click();
};
/** @param {string} name */
const dialogButton = (name) => user.page.locator(".monaco-dialog-box").getByRole("button", { name, exact: true });
/** @param {RegExp} name */
const chipSays = (name) => expect.poll(() => chip().getAttribute("aria-label"), { timeout: 120_000 }).toMatch(name);
const terminalTab = () =>
  user.page.locator(".terminal-tabs-entry, .single-terminal-tab").filter({ hasText: terminalName }).first();
const terminalText = () => user.page.locator(".terminal-wrapper.active .xterm-rows").innerText();
/** @param {string} text */
const terminalShows = (text) => expect.poll(terminalText, { timeout: 60_000 }).toContain(text);

/** @param {readonly string[]} lines @param {string} answer */
async function run(lines, answer) {
  user.server.expectChat(routed, called(...lines), said(answer));
  await user.chat.askAndRun(answer);
  await user.chat.answered(answer);
}

/** Types into the quick input that is open. @param {string} title @param {string} text */
async function typeInto(title, text) {
  const input = user.page.locator(".quick-input-widget").filter({ hasText: title });
  await input.waitFor();
  await input.locator("input:not([type=checkbox])").first().fill(text);
  await user.page.keyboard.press("Enter");
}

/** Of Pythons that others have left on the cluster. @type {ReadonlySet<string>} */
let others = new Set();

/** Those of this window that run on the cluster. */
async function kernels() {
  const window = await openWindow(cluster);
  const { children } = await window.cluster.gateway.status(AbortSignal.timeout(20_000));
  await window.close();
  return children.filter(({ kind, name }) => kind === "kernel" && !others.has(name));
}

/** @param {string} name */
const onMachine = (name) => ({ cpus: 1, custom: { [`node:${cluster.addressOf(name)}`]: 0.001 } });

const kernelTitles = async () => (await kernels()).map(({ title }) => title);

test("a session that has run here moves to a cluster that is asked for, after a yes, and plots there", async () => {
  others = new Set((await kernels()).map(({ name }) => name));
  await run(["stayed = 1", "print('ran here')"], "Ran here.");
  await choose("Run on a cluster…");
  await user.page.locator(".quick-input-list-entry").filter({ hasText: "Another address…" }).click();
  await typeInto("Address of the cluster", cluster.dashboard);
  await dialogButton("Connect").click();
  await typeInto("Token of the Ray cluster", cluster.token);
  const form = user.chat.frame.getByRole("dialog", { name: "How much of the cluster" });
  await form.getByText(/^Free: /u).waitFor();
  await form.getByRole("textbox", { name: "Memory, GB" }).fill("3");
  await form.getByRole("button", { name: "Run there" }).click();
  await user.page.locator(".monaco-dialog-box").getByText("its variables are lost").waitFor();
  await dialogButton("Move").click();
  await chipSays(/^Cluster · 3 GB · /u);
  await terminalTab().waitFor();
  await terminalShows("Closing the terminal ends nothing.");

  await run(
    [
      "import pandas as pd, matplotlib.pyplot as plt",
      `df = pd.read_csv('${fileName}')`,
      "plt.plot(df.sales)",
      "plt.title('销售')",
      "plt.show()",
      "print('sum', df.sales.sum(), 'stayed' in globals())",
      "found_again = 6",
    ],
    "Plotted there.",
  );
  const text = await user.chat.text();
  expect(text).toContain("sum 420 False");
  const picture = user.chat.frame.locator(".cell img").last();
  await picture.scrollIntoViewIfNeeded();
  await expect.poll(() => picture.evaluate((image) => Number(Reflect.get(image, "naturalWidth")))).toBeGreaterThan(100);
  await terminalShows("sum 420 False");
  expect(await kernelTitles()).toEqual([fileName]);
});

test("what a cell asks for is typed into the terminal", async () => {
  user.server.expectChat(routed, called("name = input('Who? ')", "print('Hello,', name)"), said("Greeted."));
  await user.chat.askAndRun("Greet");
  await terminalShows("Who?");
  await user.page.locator(".terminal-wrapper.active .xterm").click();
  await user.page.keyboard.type("Ada");
  await user.page.keyboard.press("Enter");
  await user.chat.answered("Greeted.");
  await user.chat.shows("Hello, Ada");
  await terminalShows("Hello, Ada");
});

test("closing the terminal ends nothing, and it is shown again", async () => {
  await runPaletteCommand(user.page, "Terminal: Kill the Active Terminal Instance");
  await expect.poll(() => terminalTab().count()).toBe(0);
  await choose("Show Python terminal");
  await terminalShows("Hello, Ada");
  await run(["print('still', found_again)"], "Still there.");
  expect(await user.chat.text()).toContain("still 6");
});

test("a link that is cut is said on the chip and on the cell, which goes on", async ({ skip, onTestFinished }) => {
  const { uncuttable } = cluster.network;
  skip(uncuttable !== null, `A link has to be cut: ${uncuttable}`);
  const counting = ["import time", "for i in range(12):", "    print('tick', i, flush=True)", "    time.sleep(1)"];
  user.server.expectChat(routed, called(...counting), said("Counted."));
  await user.chat.askAndRun("Count");
  await user.chat.shows("tick 0");
  onTestFinished(() => cluster.network.heal("window"));
  cluster.network.cut("window");
  const cutAt = performance.now();
  await chipSays(/reconnecting/u);
  process.stdout.write(`reconnecting was shown ${Math.round(performance.now() - cutAt)} ms after the cut\n`);
  await user.chat.frame.locator(".cell").last().getByText("The code goes on there.").waitFor();
  cluster.network.heal("window");
  await user.chat.answered("Counted.");
  await chipSays(/^Cluster · 3 GB · /u);
  const ticks = (await user.chat.frame.locator(".cell").last().innerText()).match(/tick \d+/gu);
  expect(ticks).toEqual(Array.from({ length: 12 }, (_, index) => `tick ${index}`));
});

test("the window is reloaded: the session's Python is found without a question, with its variables and its terminal", async () => {
  await user.editor.reload();
  await openViewContainer(user.page, "Byzer Agent");
  await chipSays(/^Cluster · 3 GB · /u);
  await run(["print('found', found_again * 7)"], "Found again.");
  expect(await user.chat.text()).toContain("found 42");
  await choose("Show Python terminal");
  await terminalShows("found 42");
  expect(await kernelTitles()).toEqual([fileName]);
});

test("what the cluster has no room for is waited for, and given up by moving back, which ends what was there", async () => {
  const other = await openWindow(cluster);
  // Of the 4 CPUs of each machine not all are left.
  const busy = await Promise.all(["head", "n1", "n2"].map((name) => other.python({ resources: onMachine(name) })));
  await choose("Change size…");
  const form = user.chat.frame.getByRole("dialog", { name: "How much of the cluster" });
  const cpus = form.getByRole("textbox", { name: "CPUs" });
  await cpus.fill("400");
  await form.getByText("No machine of the cluster has as much").waitFor();
  await cpus.fill("4");
  await form.getByRole("button", { name: "Run there" }).click();
  await dialogButton("Move").click();
  await chipSays(/waiting for room/u);
  await choose("Run on this machine");
  await chipSays(/^Python/u);
  await expect.poll(() => terminalTab().count()).toBe(0);
  await Promise.all(busy.map(({ interpreter }) => interpreter.close()));
  await expect.poll(kernelTitles, { timeout: 60_000 }).toEqual([]);
  await run(["print('back', 'found_again' in globals())"], "Back here.");
  expect(await user.chat.text()).toContain("back False");
});

test("a session that is deleted ends its Python on the cluster", async () => {
  await choose("Change size…");
  const form = user.chat.frame.getByRole("dialog", { name: "How much of the cluster" });
  await form.getByRole("textbox", { name: "CPUs" }).fill("1");
  await form.getByRole("button", { name: "Run there" }).click();
  await dialogButton("Move").click();
  await chipSays(/^Cluster · 3 GB · /u);
  expect(await kernelTitles()).toEqual([fileName]);
  await runPaletteCommand(user.page, "Byzer Agent: Delete Session…");
  await user.page.locator(".quick-input-list-entry").first().click();
  await dialogButton("Delete").click();
  await expect.poll(kernelTitles, { timeout: 60_000 }).toEqual([]);
});
