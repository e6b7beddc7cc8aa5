import { expect, test } from "vitest";
import { AgentDirectory, type AgentOrigin, type DirectoryEntry } from "../../agents/directory/agent-directory.ts";
import { completeDefinition } from "../../agents/protocol/agent-definition.ts";
import { namedAgents } from "./named-agents.ts";

function entryOf(name: string, origin: AgentOrigin, fields: Partial<DirectoryEntry> = {}): DirectoryEntry {
  const definition = completeDefinition({ name, description: `${name} of ${origin.kind}` });
  return { definition, origin, state: "ready", problem: null, replies: [], ...fields };
}

function onChange(): () => void {
  return () => undefined;
}

test("each name is there once, whoever finds it makes his entries anew, and broken ones are not", () => {
  const directory = new AgentDirectory();
  directory.add({
    get entries() {
      return [
        entryOf("hello", { kind: "file", path: "/w/hello" }),
        entryOf("ann", { kind: "file", path: "/w/ann" }, { state: "broken" }),
      ];
    },
    onChange,
  });
  directory.add({
    get entries() {
      return [
        entryOf("hello", { kind: "code", path: "/w/code" }),
        entryOf("ben", { kind: "code", path: "/w/ben" }, { state: "untrusted" }),
      ];
    },
    onChange,
  });
  expect(namedAgents(directory)).toEqual([
    { name: "hello", description: "hello of file", isGroup: false, needsModel: true },
    { name: "ben", description: "ben of code", isGroup: false, needsModel: false },
  ]);
});
