import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chooseInExplorerMenu, chooseInFileDialog } from "../../scripts/editor/workbench.mjs";
import { testPythonPaths } from "../../scripts/setup-python.mjs";
import { apiError } from "../../src/agents/testing/model-server.ts";
import { called, openUserEditor, pictureFailures, said, salesTable } from "./user-editor.mjs";

const home = mkdtempSync(join(tmpdir(), "byzer-ways-out-"));
const key = "the-right-key";
/** @type {import("./user-editor.mjs").UserEditor} */
let user;

beforeAll(async () => {
  mkdirSync(join(home, "bin"));
  user = await openUserEditor({
    files: { "sales.csv": salesTable },
    models: (request) =>
      request.headers["authorization"] === `Bearer ${key}`
        ? { type: "body", body: { object: "list", data: [{ id: "scripted", object: "model" }] } }
        : apiError(401, "Incorrect API key provided"),
    // Nothing answers at the discard port. The folder holds no Python, and no login shell is asked for another PATH.
    env: { OLLAMA_HOST: "127.0.0.1:9", PATH: join(home, "bin"), VSCODE_CLI: "1" },
    userSettings: {
      "byzer.model": null,
      "byzer.models.endpoints": [],
      "byzer.models.discover": true,
      "byzer.python.path": join(home, "nowhere", "python"),
    },
  });
}, 300_000);
afterAll(async () => {
  await user.close();
  rmSync(home, { recursive: true, force: true });
});
pictureFailures(() => user);

test("without any model the card works, and the panel says what it looked for and the ways out", async () => {
  await chooseInExplorerMenu(user.page, "sales.csv", "Analyze this CSV");
  await user.chat.shows("40 rows");
  await user.chat.shows("No model is connected");
  const sources = user.chat.frame.locator(".no-model .sources");
  await sources.getByText("LM Studio", { exact: true }).waitFor();
  expect(await sources.innerText()).toContain("Ollama");
  await user.chat.button("Look again").waitFor();
});

test("an address is added from there, with its key and the name of a model", async () => {
  await user.chat.button("Add an address…").click();
  await answerInput("address", user.server.baseUrl);
  await answerInput("API key", "the-wrong-key");
  await answerInput("Model at", "scripted");
  await user.chat.frame.locator(".no-model").waitFor({ state: "detached" });
});

test("without any Python a question says what was looked for and how to get one", async () => {
  await user.chat.ask("/ask Sum of sales?");
  await alert().getByText("byzer.python.path").waitFor();
  expect(await alert().innerText()).toContain(join(home, "nowhere", "python"));
  await user.chat.frame.getByRole("button", { name: "No Python" }).waitFor();
  expect(user.server.chats).toHaveLength(0);
});

test("a Python is chosen from there", async () => {
  const bare = join(home, "bare");
  const made = spawnSync(testPythonPaths().python, ["-m", "venv", "--without-pip", bare], { encoding: "utf8" });
  expect(made.status, made.stderr).toBe(0);
  await alert().getByRole("button", { name: "Choose Python…" }).click();
  await user.page.locator(".quick-input-list").getByText("Choose a file…").click();
  await chooseInFileDialog(user.page, join(bare, "bin", "python"));
  await user.chat.frame.getByRole("button", { name: "Python, without pandas" }).waitFor();
});

test("a wrong key is called one, and setting it is the first way out", async () => {
  user.server.expectChat(apiError(401, "Incorrect API key provided", { code: "invalid_api_key" }));
  await user.chat.button("Retry").click();
  await alert().getByText(/key/i).first().waitFor();
  await alert().getByRole("button").first().click();
  await answerInput("API key", key);
  await user.page.locator(".quick-input-widget").waitFor({ state: "hidden" });
});

test("with a Python that has no pandas the agents are told, and the standard library answers", async () => {
  const code = [
    "import csv",
    "rows = list(csv.DictReader(open('sales.csv', encoding='utf-8')))",
    "print('total', sum(int(row['sales']) for row in rows))",
  ];
  user.server.expectChat(called(...code), said("In all **420**."));
  await user.chat.button("Retry").click();
  await user.chat.button("Run").click();
  await user.chat.answered("In all 420.");
  await user.chat.shows("total 420");
  expect(JSON.stringify(user.server.chats.at(-2))).toContain("pandas is not installed");
  expect(user.server.requests.at(-1)?.headers["authorization"]).toBe(`Bearer ${key}`);
});

function alert() {
  return user.chat.frame.getByRole("alert");
}

/**
 * Types into the editor's input box once it asks what its title says.
 *
 * @param {string} title A part of it.
 * @param {string} text
 */
async function answerInput(title, text) {
  const box = user.page.locator(".quick-input-widget").filter({ hasText: title });
  await box.locator("input").fill(text);
  await box.locator("input").press("Enter");
}
