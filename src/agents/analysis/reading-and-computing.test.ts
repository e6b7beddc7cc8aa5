import { afterEach, expect, test } from "vitest";
import { AgentError } from "../base/errors.ts";
import type { Turn } from "../protocol/session-state.ts";
import {
  type AskingFixture,
  type AskingOptions,
  answerBlockOf,
  createAsking,
  passagesOf,
  textsOf,
} from "../testing/asking-fixture.ts";

const rules = "# Terms\n\nA severe flood is one with more than 2 deaths.";

let asking: AskingFixture | undefined;

afterEach(async () => {
  await asking?.dispose();
  asking = undefined;
});

/** A session with a table and a document. */
async function both(options: AskingOptions = {}): Promise<AskingFixture> {
  asking = await createAsking({ files: { "rules.md": rules }, ...options });
  await asking.attach();
  return asking;
}

const selected = (turn: Turn) =>
  turn.blocks.flatMap((block) => (block.kind === "select" ? [[block.agent, block.how]] : []));

test("with tables and documents the router chooses among three", async () => {
  const { session, router, author, python, assertFinished } = await both();
  router.expect("retrieval_agent");
  author.expect('More than 2 deaths [2: "more than 2 deaths"].');
  const turn = await session.ask("What is a severe flood?");
  expect(selected(turn)).toEqual([["retrieval_agent", "model"]]);
  expect(router.requests[0]?.messages[0]?.content).toContain("- retrieval_agent: Reads");
  expect(router.requests[0]?.messages[1]?.content).toContain("Documents and code to read: workspace ");
  expect(answerBlockOf(turn).text).toBe("More than 2 deaths [1].");
  expect(author.requests[0]?.messages[1]?.content).not.toContain("Columns (name");
  expect(python.ran).toEqual([]);
  assertFinished();
});

test("one reads, then the other computes with what was found", async () => {
  const { session, router, author, python, assertFinished } = await both();
  router.expect("retrieval_agent, assistant_agent");
  author.expect(
    'A severe flood has more than 2 deaths [2: "more than 2 deaths"].',
    "```python\nprint(1)\n```",
    "There is **1**.",
  );
  python.expect({ outputs: [{ type: "text", stream: "stdout", text: "1\n" }] });
  const turn = await session.ask("How many severe floods are there?");
  expect(textsOf(turn).map(({ role, agent }) => [role, agent])).toEqual([
    ["comment", "retrieval_agent"],
    ["answer", "assistant_agent"],
  ]);
  const told = author.requests[1]?.messages.map(({ content }) => content).join("\n");
  expect(told).toContain("Answer given: A severe flood has more than 2 deaths [1].");
  expect(told).toContain('[1] rules.md:3 "more than 2 deaths"');
  assertFinished();
});

test("an author of code may search in what is asked about", async () => {
  const { session, author, python, assertFinished } = await both();
  author.expect(
    { text: "I look it up.", toolCalls: [{ name: "search_files", arguments: { query: "severe flood" } }] },
    { toolCalls: [{ name: "run_python", arguments: { code: "print(312)" } }] },
    "There are **312**.",
  );
  python.expect({ outputs: [{ type: "text", stream: "stdout", text: "312\n" }] });
  const turn = await session.ask("@assistant_agent How many severe floods are there?");
  expect(turn.status).toBe("done");
  expect(author.requests[0]?.tools?.map(({ name }) => name)).toEqual(["run_python", "search_files"]);
  const [call, found] = author.requests[1]?.messages.slice(-2) ?? [];
  expect(call).toMatchObject({ role: "assistant", content: "I look it up.", toolCalls: [{ name: "search_files" }] });
  expect(found).toMatchObject({ role: "tool", content: expect.stringContaining("more than 2 deaths") });
  expect(passagesOf(turn)).toMatchObject([{ agent: "retrieval_agent", query: "severe flood", how: "search" }]);
  expect(turn.blocks.filter(({ kind }) => kind === "cell")).toHaveLength(1);
  assertFinished();
});

test("an author that only searches is stopped", async () => {
  const { session, author } = await both();
  const call = { toolCalls: [{ name: "search_files", arguments: { query: "severe flood" } }] };
  author.expect(...Array.from({ length: 7 }, () => call), "I cannot tell.");
  const turn = await session.ask("@assistant_agent How many severe floods are there?");
  expect(answerBlockOf(turn).text).toBe("I cannot tell.");
  expect(passagesOf(turn)).toHaveLength(3);
});

test("without documents there is nothing to search, and nobody who reads", async () => {
  asking = await createAsking();
  const { session, author, router, attach } = asking;
  await attach();
  router.expect("assistant_agent");
  author.expect("Fine.");
  await session.ask("How many?");
  expect(author.requests[0]?.tools?.map(({ name }) => name)).toEqual(["run_python"]);
  expect(router.requests[0]?.messages[0]?.content).not.toContain("retrieval_agent");
});

test("without a model what is asked about is quoted, tables or not", async () => {
  const missing = new AgentError("model.missing", { looked: [] }, "No model.\nStart Ollama.");
  const { session } = await both({ models: { modelFor: () => Promise.reject(missing) } });
  const turn = await session.ask("What is a severe flood?");
  expect(selected(turn)).toEqual([["retrieval_agent", "default"]]);
  expect(answerBlockOf(turn).citations).toMatchObject([{ quote: "A severe flood is one with more than 2 deaths." }]);
});

test.each(["/files", "@retrieval_agent", "@retrieval"])("%s has the files read", async (word) => {
  const { session, author } = await both();
  author.expect('More than 2 [2: "more than 2 deaths"].');
  expect(selected(await session.ask(`${word} What is a severe flood?`))).toEqual([["retrieval_agent", "forced"]]);
});
