import { afterAll, beforeAll, expect, test } from "vitest";
import { chooseInExplorerMenu, runPaletteCommand } from "../../scripts/editor/workbench.mjs";
import { called, openUserEditor, pictureFailures, routed, said, salesTable } from "./user-editor.mjs";

/** @type {import("./user-editor.mjs").UserEditor} */
let user;

const group = "---\ndescription: Writes\nmembers: [writer, critic]\nmaxRounds: 4\n---\n";
beforeAll(async () => {
  user = await openUserEditor({
    files: {
      "sales.csv": salesTable,
      ".byzer/agents/writer.agent.md": "---\ndescription: Writes\n---\nYou write.\n",
      ".byzer/agents/critic.agent.md": "---\ndescription: Judges\n---\nYou judge.\n",
      ".byzer/agents/desk.group.md": group,
    },
  });
}, 300_000);
afterAll(() => user.close());
pictureFailures(() => user);

/** Pages of the product, in the order in which they were opened: the chat, then the tab with the session's agents. */
const pages = () => user.page.frameLocator("iframe.webview.ready[src*='extensionId=byzer.byzer-agent']");
const panel = () => pages().last().frameLocator("#active-frame").locator("main");

/**
 * Has the newest run played again with one message changed.
 *
 * @param {RegExp} line The message's line in the diagram.
 * @param {string} words What takes the place of its own.
 */
async function changeAndReplay(line, words) {
  await panel().getByRole("button", { name: line }).click();
  await panel().getByRole("button", { name: "Change and replay…" }).click();
  await panel().getByRole("textbox").fill(words);
  await panel().getByRole("button", { name: "Replay", exact: true }).click();
  await panel().getByText("played again with one message changed").waitFor();
}

/** @param {RegExp} line One that the diagram of the newest run has. */
async function showsLine(line) {
  await panel().getByRole("button", { name: line }).waitFor();
}

test("what Python said is given other words: no cell runs again, and the model is asked once, for what follows", async () => {
  const { page, chat, server } = user;
  await chooseInExplorerMenu(page, "sales.csv", "Analyze this CSV");
  await chat.shows("40 rows");
  server.expectChat(routed, called("import random", "print('draw', random.random())"), said("Drawn."));
  await chat.askAndRun("Draw");
  await chat.answered("Drawn.");
  const [drawn] = /draw 0\.\d+/u.exec(await chat.text()) ?? ["nothing"];
  server.expectChat(said("Drawn was **one half**."));
  const asked = server.chats.length;
  await runPaletteCommand(page, "Byzer Agent: Show Agents of This Session");
  chat.frame = pages().first().frameLocator("#active-frame");
  await changeAndReplay(/python_interpreter answers assistant_agent/u, "exitcode: 0\nCode output: draw 0.5");
  await chat.answered("Drawn was one half.");
  expect(server.chats).toHaveLength(asked + 1);
  expect(JSON.stringify(server.chats.at(-1))).toContain("draw 0.5");
  const text = await chat.text();
  expect(text).toContain(drawn);
  expect(text).toContain("What python_interpreter says to assistant_agent was changed.");
  expect(text).not.toContain("Drawn.\n");
  await showsLine(/python_interpreter answers assistant_agent: .*draw 0\.5 \(Changed\)/u);
});

test("code that is changed runs after a yes, with the variables of a cell that is not run again", async () => {
  const { chat, server } = user;
  server.expectChat(routed, called("base = 40"), called("print('sum', base + 1)"), said("It is 41."));
  await chat.askAndRun("Add");
  await chat.button("Run").click();
  await chat.answered("It is 41.");
  server.expectChat(said("It is 42."));
  await changeAndReplay(
    /assistant_agent asks python_interpreter: .*base \+ 1/u,
    "```python\nprint('sum', base + 2)\n```",
  );
  await chat.shows("Its variables are as later code (1) has left them.");
  await chat.button("Run").click();
  await chat.answered("It is 42.");
  expect(await chat.text()).toContain("sum 42");
});

test("a word in a group is changed: those before it are from the log", async () => {
  const { chat, server } = user;
  server.expectChat(said("Draft 1"), said("Too long"), said("Draft 2"), said("Fine"));
  await chat.ask("@desk Write");
  await chat.answered("Fine");
  server.expectChat(said("Draft 2, rhymed"), said("Lovely"));
  await changeAndReplay(/^5\. critic answers desk/u, "It needs rhymes");
  await chat.answered("Lovely");
  const last = JSON.stringify(server.chats.at(-2));
  expect(last).toContain("It needs rhymes");
  expect(last).toContain("Draft 1");
  expect(last).not.toContain("Too long");
  await showsLine(/^3\. writer answers desk: Draft 1 \(From the earlier run\)/u);
});
