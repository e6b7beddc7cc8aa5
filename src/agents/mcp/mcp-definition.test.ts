import { expect, test } from "vitest";
import { AgentError } from "../base/errors.ts";
import { expandVariables } from "./expand-variables.ts";
import { parseJsonWithComments } from "./json-with-comments.ts";
import { type McpInput, mcpText, readMcpFile, readMcpServers } from "./mcp-definition.ts";

const place = { name: "mcp.json", folder: "/w", needsYes: true };

const file = `{
  // Servers of this workspace, at "https://example.com"
  "inputs": [{ "id": "token", "type": "promptString", "description": "Token of the notes", "password": true }],
  "servers": {
    "notes": { "command": "npx", "args": ["-y", "notes // not a comment", 3], "env": { "TOKEN": "\${input:token}", "NO": null } },
    "far/away": { "type": "http", "url": "https://example.com/mcp", "headers": { "Authorization": "Bearer \${env:KEY}" }, "trusted": true },
    "old": { "type": "sse", "url": "http://127.0.0.1:1/sse", },
    "broken": { "url": "file:///etc/passwd" }, /* the end */
  },
}`;

test("a file with comments is read; what cannot be used is told, and nothing of a workspace is trusted", () => {
  const { servers, problems } = readMcpFile(parseJsonWithComments(file), place);
  expect(servers.map(({ name, how, isTrusted }) => [name, how.kind, isTrusted])).toEqual([
    ["notes", "stdio", false],
    ["far/away", "http", false],
    ["old", "sse", false],
  ]);
  expect(problems).toEqual([
    {
      code: "no-way",
      server: "broken",
      message: "mcp.json: the server “broken” needs a “command”, or a “url” with http:// or https://.",
    },
  ]);
  expect(servers.map((server) => mcpText(server))).toEqual([
    'npx -y "notes // not a comment" 3\nTOKEN=${input:token}',
    "https://example.com/mcp\nAuthorization: Bearer ${env:KEY}",
    "http://127.0.0.1:1/sse",
  ]);
  expect(readMcpFile([], place).problems).toEqual([
    { code: "no-object", server: null, message: "mcp.json: an object with “servers” is needed." },
  ]);
  expect(() => parseJsonWithComments('{"a": "b}')).toThrow(SyntaxError);
});

test("variables are filled in; a person is asked for inputs; what has no value is told", async () => {
  const { servers } = readMcpFile(parseJsonWithComments(file), place);
  const [notes, away] = servers;
  const asked: McpInput[] = [];
  const sources = {
    environment: { KEY: "k${env:KEY}" },
    baseEnvironment: { PATH: "/bin" },
    askInput: (_server: string, input: McpInput) => Promise.resolve(asked.push(input) > 1 ? null : "secret"),
  };
  if (notes === undefined || away === undefined) {
    throw new Error("no servers");
  }
  expect(await expandVariables(notes, sources)).toEqual({
    kind: "stdio",
    command: "npx",
    args: ["-y", "notes // not a comment", "3"],
    env: { PATH: "/bin", TOKEN: "secret" },
    cwd: "/w",
  });
  expect(asked).toEqual([{ id: "token", description: "Token of the notes", isPassword: true, options: [] }]);
  expect(await expandVariables(away, sources)).toMatchObject({ headers: { Authorization: "Bearer k${env:KEY}" } });
  const failure = await expandVariables(notes, sources).catch((error: unknown) => error);
  expect(AgentError.is(failure, "mcp.variable") && [failure.details, failure.message]).toEqual([
    { server: "notes", variable: "input:token" },
    "The MCP server notes needs ${input:token}: it was not given.",
  ]);
});

test("what a person reads before a yes hides nothing and stays on its line", () => {
  const { servers } = readMcpServers(
    {
      notes: { command: "no\u202etes", args: ["a b", "x\ny"], env: { A: "1\n\n\nB=2" } },
      far: { url: "https://x\u200b.example", headers: { A: "1\r\nB: 2" } },
    },
    place,
  );
  expect(servers.map((server) => mcpText(server))).toEqual([
    'no\\u{202e}tes "a b" "x\\ny"\nA=1\\u{a}\\u{a}\\u{a}B=2',
    "https://x\\u{200b}.example\nA: 1\\u{d}\\u{a}B: 2",
  ]);
});

test("a server whose name cannot be read is told, and not there", () => {
  const names = ["no\u202Etes", "x".repeat(65), " ", "读_notes-2"];
  const written = Object.fromEntries(names.map((name) => [name, { command: "notes" }]));
  const { servers, problems } = readMcpServers(written, { name: "here", folder: "/w", needsYes: true });
  expect(servers.map(({ name }) => name)).toEqual(["读_notes-2"]);
  expect(problems.map(({ code, server }) => [code, server])).toEqual(names.slice(0, 3).map((name) => ["name", name]));
  expect(problems[0]?.message).toContain("no\\u{202e}tes");
});
