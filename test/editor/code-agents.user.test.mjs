import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { repositoryRoot } from "../../scripts/editor/editor-paths.mjs";
import { mustRun } from "../../scripts/editor/process.mjs";
import { runPaletteCommand } from "../../scripts/editor/workbench.mjs";
import { toolPath } from "../../scripts/tool.mjs";
import { openUserEditor, pictureFailures } from "./user-editor.mjs";

/** @param {string} body Of the reply function, which starts on line 4. */
const agent = (body) => `import { defineAgent } from "byzer-agent";
export default defineAgent({
  description: "Says hello.",
  replies: [{ reply: ({ message }) => { ${body} } }],
});
`;

/** @type {import("./user-editor.mjs").UserEditor} */
let user;
let folder = "";

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "byzer-hello-extension-"));
  const sample = join(folder, "hello-extension.vsix");
  const flags = ["--no-dependencies", "--allow-missing-repository", "--skip-license", "--out", sample];
  await mustRun(process.execPath, [toolPath("@vscode/vsce", "vsce"), "package", ...flags], {
    cwd: join(repositoryRoot, "test", "fixtures", "hello-extension"),
  });
  user = await openUserEditor({
    files: {
      "notes.md": "Nothing of importance.\n",
      ".byzer/agents/hello.agent.mjs": agent("return [true, `Hello, ${message.content}!`];"),
    },
    moreVsix: [sample],
  });
  await runPaletteCommand(user.page, "Byzer Agent: Open Chat");
}, 300_000);
afterAll(async () => {
  await user.close();
  rmSync(folder, { recursive: true, force: true });
});
pictureFailures(() => user);

/** @param {string} text */
const save = (text) => writeFileSync(join(user.workspace, ".byzer", "agents", "hello.agent.mjs"), text);

/** The button of the dialog that asks. @param {string} name */
const dialogButton = (name) => user.page.locator(".monaco-dialog-box").getByRole("button", { name, exact: true });

test("an agent in code answers after the person's yes, and not before it", async () => {
  await user.chat.ask("@hello World");
  await user.page.locator(".monaco-dialog-box").getByText("Run the code of the agent").waitFor();
  await dialogButton("Cancel").click();
  await user.chat.shows(/may not run without your yes/u);
  await user.chat.idle();
  await user.chat.ask("@hello World");
  await dialogButton("Run").click();
  await user.chat.answered("Hello, World!");
});

test("a saved change is what answers next, without another question", async () => {
  save(agent("return [true, `Good day, ${message.content}!`];"));
  await expect
    .poll(
      async () => {
        await user.chat.ask("@hello you");
        await user.chat.idle();
        return user.chat.text();
      },
      { interval: 500 },
    )
    .toContain("Good day, you!");
});

test("what an agent throws, and what breaks its file, is told with file and line", async () => {
  save(agent("throw new Error(`no ${message.content} today`);"));
  await expect
    .poll(
      async () => {
        await user.chat.ask("@hello luck");
        await user.chat.idle();
        return user.chat.text();
      },
      { interval: 500 },
    )
    .toContain("hello failed at hello.agent.mjs:4: no luck today");
  save(agent("return [true, ;"));
  await expect
    .poll(
      async () => {
        await user.chat.ask("@hello again");
        await user.chat.idle();
        return user.chat.text();
      },
      { interval: 500 },
    )
    .toContain("hello.agent.mjs:4 cannot be loaded: SyntaxError");
  save(agent("return [true, 'mended'];"));
});

test("the agent of another extension answers, and calls the tool beside it", async () => {
  await user.chat.ask("@greeter World");
  await user.chat.answered("Hello, World!");
  await user.chat.ask("@greeter World!");
  await user.chat.answered("HELLO, WORLD!");
});

test("another extension asks an agent, where the person sees it", async () => {
  await runPaletteCommand(user.page, "Hello: Greet");
  await user.chat.answered("Hello, editor!");
});

test("a stopped agent stays so until it is started", async () => {
  const pick = async (/** @type {string} */ command) => {
    await runPaletteCommand(user.page, command);
    await user.page.locator(".quick-input-list .monaco-list-row").filter({ hasText: "hello.agent.mjs" }).click();
  };
  await pick("Byzer Agent: Stop Agent…");
  await pick("Byzer Agent: Start Agent…");
  await user.chat.ask("@hello World");
  await user.chat.answered("mended");
});

test("an agent that is debugged listens for a debugger, and goes on answering", async () => {
  const { page } = user;
  await runPaletteCommand(page, "Byzer Agent: Debug Agent…");
  await page.locator(".quick-input-list .monaco-list-row").filter({ hasText: "hello.agent.mjs" }).click();
  // Where the editor has a debugger it attaches; the editor of the tests has none, and says where one can.
  await page.locator(".debug-toolbar, .notification-toast:has-text('ws://127.0.0.1:')").first().waitFor();
  await runPaletteCommand(page, "Byzer Agent: Open Chat");
  await user.chat.ask("@hello Debugger");
  await user.chat.answered("mended");
});
