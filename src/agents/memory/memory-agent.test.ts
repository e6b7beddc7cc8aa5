import { afterEach, beforeEach, expect, test } from "vitest";
import { type Analysis, type AnalysisOptions, createAnalysis } from "../testing/analysis-fixture.ts";
import { answerBlockOf, passagesOf } from "../testing/asking-fixture.ts";
import { type MemoryFixture, createMemoryFixture } from "../testing/memory-fixture.ts";
import { AgentError } from "../base/errors.ts";
import { AgentDirectory } from "../directory/agent-directory.ts";
import { completeDefinition } from "../protocol/agent-definition.ts";
import type { Turn } from "../protocol/session-state.ts";

let analysis: Analysis;
let fixture: MemoryFixture;

async function open(options: Pick<AnalysisOptions, "models" | "own"> = {}): Promise<void> {
  analysis = await createAnalysis({
    ...options,
    memory: (sessions) => {
      fixture = createMemoryFixture(sessions);
      return fixture.memory;
    },
  });
}

beforeEach(async () => {
  await open();
});

afterEach(async () => {
  await analysis.dispose();
  await fixture.dispose();
});

const deaths = { question: "How many people died in 1901?", answer: "In 1901, **200018** people died in disasters." };
const zh = { question: "1901年死了多少人？", answer: "1901年有200018人死于自然灾害。" };

function chosen(turn: Turn): readonly (readonly string[])[] {
  return turn.blocks.flatMap((block) => (block.kind === "select" ? [[block.agent, block.how]] : []));
}

test("in a session without files the router may choose memory; its citation names the conversation and the turn", async () => {
  const { sessionId, turnIds } = await fixture.hold("disasters.csv", deaths);
  const { session, router, author, assertFinished } = analysis;
  router.expect("memory_agent");
  author.expect('200018 people died, we found on 2026-11-20 [1: "200018** people died in disasters"].');
  const turn = await session.ask("What did we find about 1901?");
  expect([turn.status, chosen(turn)]).toEqual(["done", [["memory_agent", "model"]]]);
  const { agent, text, citations, doubts } = answerBlockOf(turn);
  expect([agent, text, doubts]).toEqual(["memory_agent", "200018 people died, we found on 2026-11-20 [1].", []]);
  expect(citations).toMatchObject([
    { name: "disasters.csv", place: deaths.question, turn: { sessionId, turnId: turnIds[0] } },
  ]);
  expect(passagesOf(turn)).toMatchObject([{ agent: "memory_agent", how: "whole" }]);
  expect(author.requests[0]?.messages[0]?.content).toContain("You are memory_agent");
  expect(author.requests[0]?.messages[1]?.content).toContain("Asked on 2026-11-20.");
  assertFinished();
});

test("@memory asks it in Chinese too; what it answered is not remembered itself", async () => {
  const { turnIds } = await fixture.hold("灾害", zh);
  const { session, author } = analysis;
  author.expect('我们发现1901年有200018人死于自然灾害[1: "1901年有200018人死于自然灾害"]。');
  const turn = await session.ask("@memory 上次关于1901年我们发现了什么？");
  expect(chosen(turn)).toEqual([["memory_agent", "forced"]]);
  expect(answerBlockOf(turn).citations).toMatchObject([{ turn: { turnId: turnIds[0] } }]);
  await analysis.open.log.flush();
  fixture.memory.note(session.state.id);
  const found = await fixture.memory.find("1901", new AbortController().signal);
  expect(found.map(({ turnId }) => turnId)).toEqual(turnIds);
});

test("what earlier conversations do not say is not found, in their words", async () => {
  await fixture.hold("disasters.csv", deaths);
  const { session, author } = analysis;
  author.expect("NOT FOUND: nobody asked about whales.");
  const turn = await session.ask("@memory_agent What did we find about whales?");
  expect(answerBlockOf(turn).text).toBe("Not in the earlier conversations. Nobody asked about whales.");
});

test("without a model the passages are quoted, with their places", async () => {
  await analysis.dispose();
  await fixture.dispose();
  await open({
    models: {
      modelFor: () => Promise.reject(new AgentError("model.missing", { looked: [] }, "No model is set up.")),
    },
  });
  await fixture.hold("disasters.csv", deaths);
  const turn = await analysis.session.ask("What did we find about 1901?");
  expect(chosen(turn)).toEqual([["memory_agent", "default"]]);
  const { text, citations } = answerBlockOf(turn);
  expect(text).toContain("What earlier conversations say that fits the question best:");
  expect(citations.length).toBeGreaterThan(0);
});

test("with a table only a question that speaks of before may go to memory, and the prompts of others stay", async () => {
  await fixture.hold("disasters.csv", deaths);
  const { session, router, author, attach } = analysis;
  await attach();
  router.expect("assistant_agent");
  author.expect("Seven.");
  await session.ask("How many deaths are there?");
  expect(router.requests[0]?.messages[0]?.content).not.toContain("memory_agent");
  router.expect("memory_agent");
  author.expect('200018 people died [1: "people died in disasters"].');
  const turn = await session.ask("What did we find about 1901 last week?");
  expect(router.requests[1]?.messages[0]?.content).toContain("- memory_agent: Remembers");
  expect(chosen(turn)).toEqual([["memory_agent", "model"]]);
});

test("nothing is chosen where nothing is remembered or memory is off, and @memory says so", async () => {
  const { session, router, author } = analysis;
  expect(answerBlockOf(await session.ask("@memory What did we find?")).text).toBe(
    "No earlier conversation of this workspace is remembered.",
  );
  router.expect("assistant_agent");
  author.expect("Nothing.");
  await session.ask("What did we find?");
  expect(router.requests[0]?.messages[0]?.content).not.toContain("memory_agent");

  await fixture.hold("disasters.csv", deaths);
  fixture.isOn = false;
  const turn = await session.ask("@memory 上次发现了什么？");
  expect(answerBlockOf(turn).text).toContain("记忆已关闭");
  expect(turn.unremembered).toBe(true);
});

test("what was asked while memory was off is not remembered once it is on", async () => {
  const { session, router, author } = analysis;
  const find = async () => await fixture.memory.find("wombat", new AbortController().signal);
  fixture.isOn = false;
  router.expect("assistant_agent");
  author.expect("The wombat sleeps.");
  await session.ask("What does the wombat do?");
  fixture.isOn = true;
  await analysis.open.log.flush();
  expect(await find()).toEqual([]);
  router.expect("assistant_agent");
  author.expect("The wombat eats.");
  const turn = await session.ask("And the wombat now?");
  await analysis.open.log.flush();
  fixture.memory.note(session.state.id);
  expect((await find()).map(({ turnId }) => turnId)).toEqual([turn.id]);
});

test("an agent of one's own searches conversations by a tool, and cannot where there are none", async () => {
  const directory = new AgentDirectory();
  const definition = completeDefinition({
    name: "helper",
    description: "",
    systemMessage: "You help.",
    tools: ["search_conversations"],
  });
  directory.add({
    entries: [
      { definition, origin: { kind: "file", path: "/w/helper.agent.md" }, state: "ready", problem: null, replies: [] },
    ],
    onChange: () => () => undefined,
  });
  const own = { directory, approvals: { granted: () => false, ask: () => Promise.reject(new Error("nobody")) } };
  const query = { toolCalls: [{ name: "search_conversations", arguments: { query: "deaths in 1901" } }] };
  await analysis.dispose();
  await fixture.dispose();
  await open({ own });
  await fixture.hold("disasters.csv", deaths);
  const { session, author } = analysis;
  author.expect(query, "It was 200018.");
  const turn = await session.ask("@helper How many was it?");
  expect(turn.status).toBe("done");
  expect(author.requests[0]?.tools?.map(({ name }) => name)).toEqual(["search_conversations"]);
  const given = author.requests[1]?.messages.at(-1)?.content ?? "";
  expect(given).toContain("Passages of the user's earlier conversations.");
  expect(given).toContain("200018** people died");
  expect(passagesOf(turn)).toMatchObject([{ agent: "memory_agent" }]);

  fixture.isOn = false;
  author.expect(query, "I cannot know.");
  await session.ask("@helper How many was it?");
  expect(author.requests[3]?.messages.at(-1)?.content).toContain("Memory is switched off");
});
