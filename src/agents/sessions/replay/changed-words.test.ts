import { expect, test } from "vitest";
import { messageTo } from "../../testing/core-fixture.ts";
import { changedMessage, changedReply, changedSaying } from "./changed-words.ts";

const fenced = (code: string, before = "") => `${before}\`\`\`python\n${code}\n\`\`\``;
const cell = messageTo("python_interpreter", { content: fenced("a = 1", "First.\n\n"), metadata: { code: "a = 1" } });
const called = (input: object | string) => ({
  text: "",
  toolCalls: [{ id: "1", name: "t", arguments: typeof input === "string" ? input : JSON.stringify(input) }],
});

test.each([
  [fenced("a = 2", "First.\n\n"), "a = 2"],
  [fenced("x = '''\n```\n'''"), "x = '''\n```\n'''"],
  ["print(3)", "print(3)"],
])("code that is changed is the code that runs: %s", (content, code) => {
  expect(changedMessage(cell, { before: cell, content })).toMatchObject({ content, metadata: { code } });
});

test("code that the words do not show stays, and words that are searched for go with them", () => {
  const hidden = messageTo("python_interpreter", {
    content: fenced("SELECT 1"),
    metadata: { code: "run('SELECT 1')" },
  });
  const kept = changedMessage(hidden, { before: hidden, content: fenced("SELECT 2") });
  expect(kept.metadata["code"]).toBe("run('SELECT 1')");
  const search = messageTo("retrieval_agent", { content: "deaths", metadata: { searchQuery: "deaths" } });
  expect(changedMessage(search, { before: search, content: "floods" }).metadata).toEqual({ searchQuery: "floods" });
});

test("who said it reads of itself what was sent: in the call of a tool, as code between fences, as its words", () => {
  const change = { before: cell, content: fenced("a = 2") };
  expect(changedSaying(called({ code: "a = 1", note: "a" }), change)).toEqual(called({ code: "a = 2", note: "a" }));
  expect(changedSaying({ text: fenced("a = 1", "So: "), toolCalls: [] }, change).text).toBe(fenced("a = 2", "So: "));
  const before = messageTo("b", { content: "Look" });
  expect(changedSaying(called({ agent: "b", message: "Look" }), { before, content: "See" })).toEqual(
    called({ agent: "b", message: "See" }),
  );
  expect(changedSaying({ text: "Look", toolCalls: [] }, { before, content: "See" }).text).toBe("See");
});

test.each(["not json", "[1]", '"Look"', "null"])("input that cannot be read stays as it is: %s", (input) => {
  const before = messageTo("b", { content: "Look" });
  expect(changedSaying(called(input), { before, content: "See" })).toEqual(called(input));
});

test.each([
  [{ status: "ok" }, "exitcode: 1 (failed)", { status: "error" }],
  [{ status: "timeout" }, "exitcode: 124", { status: "timeout" }],
  [{ status: "error" }, "exitcode: 0\nCode output: 3", { status: "ok" }],
  [{ status: "ok" }, "Code output: 3", { status: "ok" }],
  [{ verdict: "approved" }, "Reject: it writes", { verdict: "rejected" }],
  [{ verdict: "rejected" }, "approve", { verdict: "approved" }],
  [{ verdict: "rejected" }, "It writes.", { verdict: "rejected" }],
  [{}, "exitcode: 1", {}],
])("%j answered with “%s” is %j", (metadata, content, expected) => {
  const reply = messageTo("a", { metadata });
  expect(changedReply(reply, { before: reply, content }).metadata).toEqual(expected);
});
