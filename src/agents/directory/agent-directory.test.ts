import { expect, test } from "vitest";
import { completeDefinition } from "../protocol/agent-definition.ts";
import { AgentDirectory, type AgentOrigin, type DirectoryEntry } from "./agent-directory.ts";

const catalog: AgentOrigin = { kind: "catalog" };
const file: AgentOrigin = { kind: "file", path: "/w/.byzer/agents/a.agent.md" };

function directoryOf(...bearers: readonly (readonly [string, AgentOrigin])[]): AgentDirectory {
  const directory = new AgentDirectory();
  for (const [name, origin] of bearers) {
    const entry: DirectoryEntry = {
      definition: completeDefinition({ name }),
      origin,
      state: "ready",
      problem: null,
      replies: [],
    };
    directory.add({ entries: [entry], onChange: () => () => undefined });
  }
  return directory;
}

test.each([
  ["one's own goes before the catalog's", "planner", [catalog, file], file],
  ["wherever it was found", "planner", [file, catalog], file],
  ["but not before those that work together", "assistant_agent", [file, catalog], catalog],
  ["the only one answers", "planner", [catalog], catalog],
  [
    "the first of two of one's own",
    "hello",
    [{ kind: "code", path: "/w/h.agent.mjs" }, file],
    { kind: "code", path: "/w/h.agent.mjs" },
  ],
] satisfies readonly (readonly [string, string, readonly AgentOrigin[], AgentOrigin])[])(
  "%s",
  (_, name, origins, answers) => {
    const directory = directoryOf(...origins.map((origin) => [name, origin] as const));
    expect(directory.find(name)?.origin).toEqual(answers);
  },
);

test("nobody bears an unknown name", () => {
  expect(directoryOf(["planner", catalog]).find("plan")).toBeUndefined();
});
