import { expect, test } from "vitest";
import { completeHead } from "./complete-head.ts";
import { readAgentFile } from "./read-agent-file.ts";

const path = "/w/.byzer/agents/ann.agent.md";
const servers = ["mcp:notes/*", "mcp:far/away/*", "mcp:notes/add"].map((name) => ({ name, description: "" }));
const file = (tools: string): string => `---\ndescription: x\ntools: [${tools}]\n---\nYou are ann.\n`;

async function told(tools: string, known = servers): Promise<readonly string[]> {
  const { problems, definition } = await readAgentFile(path, file(tools), { agents: null, tools: known });
  expect(definition?.tools).toEqual(tools.split(", "));
  return problems.map(({ severity, message }) => `${severity}: ${message}`);
}

test("a tool of a server that is configured is taken, whether or not it has been reached", async () => {
  expect(await told("mcp:notes/*, mcp:notes/add, mcp:notes/later, mcp:far/away/look, notes/*")).toEqual([]);
});

test.each(["mcp:other/add", "mcp:notes", "mcp:notes/", "mcp:far/add"])(
  "%s names none, and that is said",
  async (tool) => {
    expect(await told(tool)).toEqual([
      `warning: “${tool}” names no tool of a configured MCP server: mcp:SERVER/TOOL, or mcp:SERVER/*. Servers: notes, far/away. The agent works without it.`,
    ]);
    expect(await told(tool, [])).toEqual([
      `warning: “${tool}” is a tool of an MCP server, and none is configured: see “byzer.mcp.servers” and .vscode/mcp.json. The agent works without it.`,
    ]);
  },
);

test("servers and their tools are completed", () => {
  const text = file("");
  const context = { kind: "agent", known: { agents: null, tools: servers }, models: [], locale: "en" } as const;
  const labels = completeHead(text, text.indexOf("[") + 1, context).map(({ label }) => label);
  expect(labels).toEqual(["mcp:notes/*", "mcp:far/away/*", "mcp:notes/add"]);
});
