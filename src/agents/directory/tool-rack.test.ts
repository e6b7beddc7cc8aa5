import { expect, test } from "vitest";
import type { Tool } from "../ports/tool.ts";
import { ToolRack } from "./tool-rack.ts";

const tool = (name: string, origin: string): Tool => ({
  name,
  origin,
  description: "",
  parameters: {},
  effect: "reads",
  run: () => Promise.resolve({ text: origin, failed: false }),
});

test("tools are found by name and by origin, the first bearer of a name first, and what is not there is told", () => {
  const rack = new ToolRack();
  const remove = rack.add({ tools: [tool("read", "one"), tool("write", "one")] });
  rack.add({ tools: [tool("read", "two"), tool("draw", "two")] });
  const found = (...names: string[]) => {
    const { tools, unknown } = rack.find(names);
    return [tools.map(({ name, origin }) => `${origin}.${name}`), unknown];
  };
  expect(found("read", "nothing", "read")).toEqual([["one.read"], ["nothing"]]);
  expect(found("one/*", "write")).toEqual([["one.read", "one.write"], []]);
  expect(found("two/*", "three/*")).toEqual([["two.draw"], ["three/*"]]);
  rack.add({ tools: [tool("mcp:notes/add", "mcp:notes")] });
  expect(found("mcp:notes/*", "notes/add")).toEqual([["mcp:notes.mcp:notes/add"], []]);
  expect(found("notes/*", "mcp:notes/take")).toEqual([["mcp:notes.mcp:notes/add"], ["mcp:notes/take"]]);
  remove();
  expect(found("read", "write")).toEqual([["two.read"], ["write"]]);
});
