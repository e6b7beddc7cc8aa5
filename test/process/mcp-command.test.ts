import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import * as z from "zod";
import { type ModelServer, type ServerAnswer, startModelServer } from "../../src/agents/testing/model-server.ts";
import { said } from "../../src/agents/testing/server-answers.ts";
import { sampleOf } from "./agent-samples.ts";
import { analyzeArguments, runCommandLine } from "./command-line.ts";

const program = join(import.meta.dirname, "../fixtures/mcp/notes-server.mjs");
const documentSchema = z.object({
  answer: z.string(),
  tools: z.array(z.object({ agent: z.string(), tool: z.string(), input: z.string(), status: z.string() })),
});

let folder = "";
let server: ModelServer;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "byzer-mcp-"));
  mkdirSync(join(folder, ".byzer", "agents"), { recursive: true });
  writeFileSync(join(folder, ".byzer", "agents", "note-keeper.agent.md"), sampleOf("note-keeper.agent.md"));
  // The sample, with a server that is there.
  const sample = z.object({ servers: z.record(z.string(), z.looseObject({})) }).parse(JSON.parse(sampleOf("mcp.json")));
  const notes = { ...sample.servers["notes"], command: process.execPath, args: [program] };
  writeFileSync(join(folder, "mcp.json"), JSON.stringify({ servers: { ...sample.servers, notes } }));
  server = await startModelServer();
});

afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const env = { NOTES_TOKEN: "for-notes" };
const run = (...more: readonly string[]) => {
  const common = ["--folder", folder, ...analyzeArguments(server.baseUrl, join(folder, "sessions"))];
  const args = ["agent", "run", "note-keeper", "--message", "Note it", "--json", ...common];
  return runCommandLine([...args, ...more], { env });
};

function calls(name: string, input: object): ServerAnswer {
  const call = { index: 0, id: "c1", type: "function", function: { name, arguments: JSON.stringify(input) } };
  const delta = { role: "assistant", tool_calls: [call] };
  return { type: "stream", chunks: [{ choices: [{ index: 0, delta, finish_reason: "tool_calls" }] }] };
}

test("the sample of the documentation: an agent uses a tool of a server, after a yes", async () => {
  const config = ["--mcp-config", join(folder, "mcp.json")];
  server.expectChat(calls("mcp_notes_echo", { text: "Friday" }), said("Noted: Friday."));
  const { out } = await run(...config, "--yes");
  expect(documentSchema.parse(JSON.parse(out))).toEqual({
    answer: "Noted: Friday.",
    tools: [{ agent: "note-keeper", tool: "mcp:notes/echo", input: '{"text":"Friday"}', status: "ok" }],
  });
  const asked = JSON.stringify(server.requests);
  expect(asked).toContain("Friday");
  server.expectChat(calls("mcp_notes_echo", { text: "Friday" }));
  expect((await run(...config)).out).toContain("note-keeper wants to use mcp:notes/echo");
});

test("a server of a configuration that the agent does not need is not contacted, and one that fails is told", async () => {
  const servers = { notes: { command: process.execPath, args: ["-e", "console.error('no paper'); process.exit(9)"] } };
  writeFileSync(join(folder, "mcp.json"), JSON.stringify({ servers }));
  server.expectChat(said("I cannot keep notes now."));
  const { out, err } = await run("--mcp-config", join(folder, "mcp.json"));
  expect(JSON.parse(out)).toMatchObject({ answer: "I cannot keep notes now.", tools: [] });
  expect(err).toContain("The MCP server notes ended with exit code 9. It said last: no paper");
});

test.each([
  ["{", "cannot be read as a configuration of MCP servers"],
  ['{"servers": {"a": {}}}', "the server “a” needs a “command”"],
])("a configuration %s is refused", async (text, told) => {
  writeFileSync(join(folder, "mcp.json"), text);
  const { code, err } = await run("--mcp-config", join(folder, "mcp.json"));
  expect(code).toBe(1);
  expect(err).toContain(told);
});
