import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { repositoryRoot } from "../../scripts/editor/editor-paths.mjs";
import { runPaletteCommand } from "../../scripts/editor/workbench.mjs";
import { openUserEditor, pictureFailures, said } from "./user-editor.mjs";

const program = join(repositoryRoot, "test", "fixtures", "mcp", "notes-server.mjs");

/** @type {import("./user-editor.mjs").UserEditor} */
let user;

beforeAll(async () => {
  user = await openUserEditor({
    files: {
      "notes.md": "Nothing of importance.\n",
      ".vscode/mcp.json": `// Ours\n${JSON.stringify({ servers: { notes: { command: process.execPath, args: [program] } } })}`,
      ".byzer/agents/keeper.agent.md": "---\ndescription: Keeps notes\ntools: [mcp:notes/*]\n---\nYou are keeper.\n",
    },
  });
  await runPaletteCommand(user.page, "Byzer Agent: Open Chat");
}, 300_000);
afterAll(() => user.close());
pictureFailures(() => user);

/** The button of the dialog that asks. @param {string} name */
const dialogButton = (name) => user.page.locator(".monaco-dialog-box").getByRole("button", { name, exact: true });

/** Names of the tools in the newest request. */
function offered() {
  const tools = user.server.chats.at(-1)?.["tools"];
  return Array.isArray(tools) ? tools.map((tool) => tool.function.name) : [];
}

test("a server of the workspace starts after a yes, and its tools are offered to the agent", async () => {
  user.server.expectChat(said("I keep notes."));
  await user.chat.ask("@keeper Who are you?");
  await user.page.locator(".monaco-dialog-box").getByText("Start the MCP server “notes” of this workspace?").waitFor();
  expect(user.server.chats).toEqual([]);
  await dialogButton("Start").click();
  await user.chat.answered("I keep notes.");
  expect(offered()).toContain("mcp_notes_echo");
  await user.chat.idle();
  user.server.expectChat(said("Still here."));
  await user.chat.ask("@keeper And now?");
  await user.chat.answered("Still here.");
});
