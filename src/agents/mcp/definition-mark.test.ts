import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { definitionMark } from "./definition-mark.ts";
import { readMcpServers } from "./mcp-definition.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "byzer-mark-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function markOf(server: object): Promise<string> {
  const { servers } = readMcpServers({ notes: server }, { name: "here", folder, needsYes: true });
  const [definition] = servers;
  return definition === undefined
    ? Promise.reject(new Error("No server."))
    : definitionMark(definition, { PLACE: folder });
}

test.each(["keys.env", "${workspaceFolder}/keys.env", "${env:PLACE}/keys.env"])(
  "a yes is for what %s holds",
  async (envFile) => {
    const server = { command: "notes", envFile };
    writeFileSync(join(folder, "keys.env"), "NODE_OPTIONS=");
    const before = await markOf(server);
    expect(await markOf(server)).toBe(before);
    writeFileSync(join(folder, "keys.env"), "NODE_OPTIONS=--require ./evil.js");
    expect(await markOf(server)).not.toBe(before);
  },
);

test("a yes is for the definition", async () => {
  expect(await markOf({ command: "notes" })).toBe(await markOf({ command: "notes" }));
  expect(await markOf({ command: "notes" })).not.toBe(await markOf({ command: "notes", args: ["x"] }));
});
