import { expect, test } from "vitest";
import { namedApart, readTool } from "./read-tool.ts";

const tool = (name: string, description = "") => readTool({ name, description, inputSchema: { type: "object" } });

test("what a server calls its tools is shown without hidden signs, on one line, not too long, and called as it is", () => {
  expect(tool("re\u202Ead\n\u0007file")).toMatchObject({ name: "read file", calledAs: "re\u202Ead\n\u0007file" });
  expect(tool("x".repeat(5_000)).name).toHaveLength(128);
  expect(tool("读取_file-2").name).toBe("读取_file-2");
});

test("no tool passes for another", () => {
  const tools = namedApart([tool("read"), tool("re\u200Bad"), tool("write"), tool("\u0000read"), tool("\u0000")]);
  expect(tools.map(({ name }) => name)).toEqual(["read", "read 2", "write", "read 3"]);
});

test("a description is cut, without signs that nobody sees", () => {
  const { description } = tool("x", `a\u2066b${"y".repeat(9_000)}`);
  expect([description.slice(0, 3), description.length]).toEqual(["aby", 4_001]);
});
