import { expect, test } from "vitest";
import { AgentDirectory, type AgentOrigin, type DirectoryEntry } from "../../agents/directory/agent-directory.ts";
import { catalogFinder } from "../../agents/directory/catalog-finder.ts";
import { completeDefinition } from "../../agents/protocol/agent-definition.ts";
import { listAgents } from "./agent-list.ts";

const file: AgentOrigin = { kind: "file", path: "/w/.byzer/agents/a.agent.md" };
const code: AgentOrigin = { kind: "code", path: "/w/.byzer/agents/a.agent.mjs" };

function entry(name: string, origin: AgentOrigin, state: DirectoryEntry["state"] = "ready"): DirectoryEntry {
  return { definition: completeDefinition({ name }), origin, state, problem: null, replies: [] };
}

function listed(...entries: readonly DirectoryEntry[]) {
  const directory = new AgentDirectory();
  directory.add(catalogFinder);
  directory.add({ entries, onChange: () => () => undefined });
  return listAgents(directory);
}

const actionsOfProduct = (name: string) => listed().find((agent) => agent.entry.definition.name === name)?.actions;

const actions = (state: DirectoryEntry["state"]) =>
  listed(entry("own", code, state)).find(({ owner }) => owner === "workspace")?.actions;

const namesOf = (agents: ReturnType<typeof listed>, owner: string) =>
  agents.filter((agent) => agent.owner === owner).map((agent) => agent.entry.definition.name);

test("everyone is listed once, those of the workspace first, those of the product whether a session names them or not", () => {
  const agents = listed(entry("zeta", code), entry("审稿人", file), entry("alpha", file), {
    ...entry("far", { kind: "extension", extensionId: "a.b" }),
  });
  expect(agents.slice(0, 4).map(({ owner }) => owner)).toEqual(["workspace", "workspace", "workspace", "extensions"]);
  expect(new Set(namesOf(agents, "workspace"))).toEqual(new Set(["alpha", "zeta", "审稿人"]));
  const product = namesOf(agents, "product");
  expect(product).toEqual(expect.arrayContaining(["assistant_agent", "planner", "python_interpreter"]));
  expect(new Set(product).size).toBe(product.length);
});

test("whoever does not answer to its name cannot be asked, and says who does", () => {
  const [first, second] = [entry("twin", file), entry("twin", code)] as const;
  const taken = entry("assistant_agent", file);
  const agents = listed(first, second, taken);
  const found = (wanted: DirectoryEntry) => agents.find(({ entry: other }) => other === wanted);
  expect(found(first)).toMatchObject({ overshadowedBy: null, actions: ["ask", "edit", "forget", "open"] });
  expect(found(second)?.overshadowedBy).toBe(first);
  expect(found(second)?.actions).not.toContain("ask");
  expect(found(taken)?.overshadowedBy?.origin.kind).toBe("catalog");
  expect(found(taken)?.actions).toEqual(["open"]);
});

test("an agent whose entry is made anew each time is itself", () => {
  const directory = new AgentDirectory();
  directory.add({
    get entries() {
      return [entry("own", code)];
    },
    onChange: () => () => undefined,
  });
  expect(listAgents(directory).find(({ owner }) => owner === "workspace")?.overshadowedBy).toBeNull();
});

test("what can be done with an agent in code follows its state; one that is broken is not asked", () => {
  expect(actions("ready")).toEqual(["ask", "edit", "forget", "open", "stop", "restart", "debug", "output"]);
  expect(actions("untrusted")).toEqual(["ask", "edit", "forget", "open", "start"]);
  expect(actions("stopped")).toEqual(["ask", "edit", "forget", "open", "start", "debug", "output"]);
  expect(actions("broken")).toEqual(["edit", "forget", "open", "start", "debug", "output"]);
});

test("of the product only those who answer people can be asked", () => {
  const asked = listed().filter((agent) => agent.actions.includes("ask"));
  const names = asked.map((agent) => agent.entry.definition.name);
  expect(names).toEqual(expect.arrayContaining(["assistant_agent", "retrieval_agent", "planner"]));
  expect(names).not.toContain("python_interpreter");
  expect(names).not.toContain("data_analysis_pipeline");
});

test("of every session's agents those with a system message are edited, and none has anything to forget", () => {
  expect(actionsOfProduct("assistant_agent")).toEqual(["ask", "edit"]);
  expect(actionsOfProduct("planner")).toEqual(["ask", "edit", "forget"]);
});
