import { afterEach, describe, expect, test } from "vitest";
import { type Analysis, type AnalysisOptions, createAnalysis } from "../testing/analysis-fixture.ts";
import type { Turn } from "../protocol/session-state.ts";
import { agentByWord, splitForcedAgent } from "./agent-names.ts";
import { readAgents } from "./route.ts";

let analysis: Analysis;

async function opened(options: AnalysisOptions = {}): Promise<Analysis> {
  analysis = await createAnalysis(options);
  await analysis.attach();
  return analysis;
}

const selected = (turn: Turn) =>
  turn.blocks.flatMap((block) => (block.kind === "select" ? [[block.agent, block.how]] : []));

describe("the choice of the agent", () => {
  afterEach(() => analysis.dispose());

  test("is the name that the router gives, wherever it stands in its words", async () => {
    const { session, router, author } = await opened();
    router.expect("I would say **Visualization_Agent**.");
    author.expect("A chart.");
    expect(selected(await session.ask("Draw the deaths"))).toEqual([["visualization_agent", "model"]]);
    analysis.assertFinished();
  });

  test("is asked for once more when it cannot be read, with the answer that could not be", async () => {
    const { session, router, author } = await opened();
    router.expect("the best one", "assistant_agent");
    author.expect("Fine.");
    expect(selected(await session.ask("How many?"))).toEqual([["assistant_agent", "model-second-try"]]);
    expect(router.requests[1]?.messages.at(-2)).toEqual({ role: "assistant", content: "the best one" });
    analysis.assertFinished();
  });

  test("falls to the default after two answers that cannot be read", async () => {
    const { session, router, author } = await opened();
    router.expect("dunno", "still dunno");
    author.expect("Fine.");
    expect(selected(await session.ask("How many?"))).toEqual([["assistant_agent", "default"]]);
    analysis.assertFinished();
  });

  test.each([
    ["/plot deaths by entity", "visualization_agent"],
    ["/ask how many?", "assistant_agent"],
    ["@visualization_agent how many?", "visualization_agent"],
    ["@assistant how many?", "assistant_agent"],
  ])("is forced by %s, without a router", async (text, agent) => {
    const { session, author } = await opened();
    author.expect("Fine.");
    const turn = await session.ask(text);
    expect(selected(turn)).toEqual([[agent, "forced"]]);
    expect(turn.question).toBe(text.replace(/^\S+ /, ""));
    expect(turn.agent).toBe(agent);
    analysis.assertFinished();
  });

  test("is nobody where a name is misspelt: no agent answers in another's place, and the nearest are told", async () => {
    const { session } = await opened();
    const turn = await session.ask("@asistant how many?");
    expect(turn.status).toBe("failed");
    expect(turn.problem).toMatchObject({ code: "agent.unknown", details: { near: "assistant_agent" } });
    expect(turn.messages).toEqual([]);
    analysis.assertFinished();
  });

  test("is forced by the option, too", async () => {
    const { session, author } = await opened();
    author.expect("Fine.");
    expect(selected(await session.ask("how many?", { agent: "visualization_agent" }))).toEqual([
      ["visualization_agent", "forced"],
    ]);
    analysis.assertFinished();
  });

  test("may be a chain of two: the second sees what the first wrote, and only its answer is the answer", async () => {
    const { session, router, author, python } = await opened();
    router.expect("assistant_agent, visualization_agent");
    author.expect(
      { toolCalls: [{ name: "run_python", arguments: { code: "total = 7\nprint(total)" } }] },
      "The total is **7**.",
      "The chart shows 7.",
    );
    python.expect({ code: "total = 7", print: "7\n" });
    const turn = await session.ask("Compute, then plot");
    expect(selected(turn).map(([agent]) => agent)).toEqual(["assistant_agent", "visualization_agent"]);
    expect(turn.blocks.flatMap((block) => (block.kind === "text" ? [[block.role, block.text]] : []))).toEqual([
      ["comment", "The total is **7**."],
      ["answer", "The chart shows 7."],
    ]);
    expect(session.output()).toBe("The chart shows 7.");
    const prompt = JSON.stringify(author.requests[2]?.messages);
    expect(prompt).toContain("total = 7");
    expect(prompt).toContain("its variables are still set");
    analysis.assertFinished();
  });

  test("knows the files, their columns and the question before", async () => {
    const { session, router, author } = await opened();
    router.expect("assistant_agent", "assistant_agent");
    author.expect("One.", "Two.");
    await session.ask("First question");
    await session.ask("And now?");
    const about = router.requests[1]?.messages.at(-1)?.content ?? "";
    expect(about).toContain("deaths.csv (Entity, Deaths)");
    expect(about).toContain("Question before: First question");
    expect(about).toContain("Question: And now?");
  });
});

describe("names", () => {
  const names = ["assistant_agent", "visualization_agent"];

  test.each([
    ["assistant_agent", ["assistant_agent"]],
    ["`VISUALIZATION_AGENT`.", ["visualization_agent"]],
    ["visualization_agent, assistant_agent, visualization_agent", ["visualization_agent", "assistant_agent"]],
    ["my_assistant_agent2", undefined],
    ["", undefined],
  ])("in %s", (text, found) => {
    expect(readAgents(text, names)).toEqual(found);
  });

  test("more than a chain may have are no choice", () => {
    expect(readAgents("a, b, c", ["a", "b", "c"])).toBeUndefined();
  });

  test.each([
    ["/plot", "visualization_agent"],
    ["chart", "visualization_agent"],
    ["@Visualization-Agent", "visualization_agent"],
    ["ASK", "assistant_agent"],
    ["python_interpreter", undefined],
    ["/etc", undefined],
  ])("word %s", (word, agent) => {
    expect(agentByWord(word)).toBe(agent);
  });

  test.each([
    ["  /plot  a\nb ", { agent: "visualization_agent", question: "a\nb" }],
    ["/unknown thing", { agent: null, question: "/unknown thing" }],
    ["/plot", { agent: null, question: "/plot" }],
    ["what about @assistant_agent", { agent: null, question: "what about @assistant_agent" }],
  ])("leading %j", (text, split) => {
    expect(splitForcedAgent(text)).toEqual(split);
  });
});

test.each([
  ["assistant_agent", ["assistant_agent"]],
  ["I would ask `visualization_agent`.", ["visualization_agent"]],
  ['["assistant_agent", "visualization_agent"]', ["assistant_agent", "visualization_agent"]],
  ["assistant_agent, then visualization_agent", ["assistant_agent", "visualization_agent"]],
  ["not visualization_agent but assistant_agent", undefined],
  ["nobody", undefined],
])("reads %s", (text, expected) => {
  expect(readAgents(text, ["assistant_agent", "visualization_agent"])).toEqual(expected);
});
