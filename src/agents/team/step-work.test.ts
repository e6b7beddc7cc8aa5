import { afterEach, beforeEach, expect, test } from "vitest";
import { dataAnalysisPipeline } from "../catalog/data-analysis-pipeline.ts";
import { planner } from "../catalog/planner.ts";
import { subquestionAgent } from "../catalog/subquestion-agent.ts";
import { AgentError } from "../base/errors.ts";
import { terminating } from "../core/agent.ts";
import { type ReplyContext, answer } from "../core/reply.ts";
import { type CatalogTown, createCatalogTown, memoryTerms, saidIn } from "../testing/catalog-fixture.ts";
import { createFakePython } from "../testing/fake-interpreter.ts";

let town: CatalogTown;
/** What the agents of the data analysis group were asked, by way of the coordinator. */
let asked: (readonly [agent: unknown, interim: unknown, task: string])[];
let answers: (string | Error | typeof terminating)[];

beforeEach(() => {
  asked = [];
  answers = [];
  town = createCatalogTown({
    python: createFakePython(),
    profiler: { profile: () => Promise.reject(new Error("none")), findJoins: () => Promise.resolve([]) },
    folder: "/data",
    downloads: "/out",
    terms: memoryTerms({ term: "GMV", meaning: "gross merchandise value" }),
    others: [
      { name: "poet", purpose: "Writes poems." },
      { name: "desk", purpose: "Writes letters." },
      { name: "letter_writer", purpose: "Writes for the desk.", isMember: true },
    ],
  });
  town.add(dataAnalysisPipeline.name, ({ message }: ReplyContext) => {
    asked.push([message.metadata["agent"], message.metadata["interim"], message.content]);
    const next = answers.shift() ?? "Nothing.";
    if (next instanceof Error) {
      return Promise.reject(next);
    }

    return Promise.resolve(typeof next === "string" ? answer(next) : answer("It was declined.", next));
  });
});
afterEach(() => town.assertFinished());

const plan = (...steps: readonly (readonly [agent: string, task: string])[]) =>
  JSON.stringify({ steps: steps.map(([agent, task]) => ({ agent, task })) });

test("a planner has its steps done one after the other, and answers from what came of them", async () => {
  answers = ["The sum is 41.", "The chart is drawn."];
  town.model.expect(
    `Here it is:\n\`\`\`json\n${plan(["assistant_agent", "Add up."], ["visualization_agent", "Draw it."])}\n\`\`\``,
    plan(["visualization_agent", "Draw it."]),
    "The sum is **41**, and a chart of it is drawn.",
  );
  const turn = await town.ask(planner.name, "Add up the GMV and draw it.");
  expect(asked).toEqual([
    ["assistant_agent", true, "Add up."],
    ["visualization_agent", true, expect.stringContaining("Its answer: The sum is 41.")],
  ]);
  expect(saidIn(turn)).toEqual([
    ["planner", "comment", "The plan:\n\n1. Add up. → `assistant_agent`\n2. Draw it. → `visualization_agent`"],
    ["planner", "answer", "The sum is **41**, and a chart of it is drawn."],
  ]);
  const [first, second] = town.model.requests;
  expect(first?.messages[0]?.content).not.toContain("Writes poems.");
  expect(first?.messages[1]?.content).toContain("- poet: Writes poems.");
  expect(first?.messages[1]?.content).not.toContain("- retrieval_agent:");
  expect(first?.messages[1]?.content).toContain("- GMV: gross merchandise value");
  expect(second?.messages[1]?.content).toContain("Its answer: The sum is 41.");
});

test("a plan is revised after a result, and what remains is shown", async () => {
  answers = [new AgentError("agent.no-human", { name: "x" }, "There is nobody."), "It is 7."];
  town.model.expect(
    plan(["assistant_agent", "A."], ["visualization_agent", "B."]),
    plan(["spark_sql", "C."]),
    "It is 7, said `spark_sql_agent`.",
  );
  const turn = await town.ask(planner.name, "Do it.");
  expect(town.model.requests[1]?.messages[1]?.content).toContain("It failed: There is nobody.");
  expect(saidIn(turn)).toContainEqual(["planner", "comment", "What remains:\n\n2. C. → `spark_sql_agent`"]);
});

test("what is loaded is what the step names, not what results do", async () => {
  answers = ["It is in secret.csv and at https://example.org/x.csv."];
  town.model.expect(
    plan(["assistant_agent", "A."], ["load_data_agent", "Load other.csv."]),
    plan(["load_data_agent", "Load other.csv."]),
    "Done.",
  );
  const turn = await town.ask(planner.name, "Do it.");
  expect(turn.messages.filter(({ to }) => to === "load_data_agent").map(({ content }) => content)).toEqual([
    "Load other.csv.",
  ]);
});

test("marks of citations are left out of what is joined", async () => {
  answers = ["It is 12 [1], as rows[2] says [2].", "It is 14."];
  town.append({
    type: "source-add",
    at: 0,
    source: { id: "s", kind: "file", path: "/data/contract.md", name: "contract.md", lines: null },
  });
  town.model.expect(
    '{"questions": [{"agent": "retrieval_agent", "question": "A?"}, {"agent": "assistant_agent", "question": "B?"}]}',
    "12 and 14.",
  );
  await town.ask(subquestionAgent.name, "Both?");
  expect(town.model.requests[1]?.messages[1]?.content).toContain("Its answer: It is 12, as rows[2] says.");
});

test("a plan of one step is that agent's answer", async () => {
  answers = ["It is 7."];
  town.model.expect(plan(["assistant_agent", "A."]));
  const turn = await town.ask(planner.name, "Do it.");
  expect(asked).toEqual([["assistant_agent", undefined, "A."]]);
  expect(saidIn(turn)).toEqual([]);
  expect(turn.messages.at(-1)).toMatchObject({ from: "planner", content: "It is 7." });
});

test("a plan that goes on for ever ends", async () => {
  answers = Array.from({ length: 20 }, () => "More to do.");
  const two = plan(["assistant_agent", "A."], ["assistant_agent", "B."]);
  town.model.expect(two, ...Array.from({ length: 7 }, () => two), "That is all that was found.");
  await town.ask(planner.name, "Do it.");
  expect(asked).toHaveLength(8);
});

test("nothing goes on after the person declines", async () => {
  answers = [terminating];
  town.model.expect(plan(["assistant_agent", "A."], ["assistant_agent", "B."]));
  const turn = await town.ask(planner.name, "Do it.");
  expect(asked).toHaveLength(1);
  expect(turn.messages.at(-1)).toMatchObject({ content: "It was declined.", metadata: { terminate: true } });
});

test("a plan that cannot be read, or names nobody, is asked for once more and then said", async () => {
  town.model.expect("I would first look.", plan(["nobody_like_this", "A."]));
  const turn = await town.ask(planner.name, "做一下");
  expect(saidIn(turn)).toEqual([["planner", "answer", "无法为此任务制定计划。请换一种说法说明要做什么。"]]);
});

test("figures that no step gave are sent back once", async () => {
  answers = ["It is 41.", "It is 42."];
  town.model.expect(
    plan(["assistant_agent", "A."], ["assistant_agent", "B."]),
    plan(["assistant_agent", "B."]),
    "It is 123456.",
    "It is 41 and 42.",
  );
  const turn = await town.ask(planner.name, "Do it.");
  expect(saidIn(turn).at(-1)).toEqual(["planner", "answer", "It is 41 and 42."]);
  expect(town.model.requests.at(-1)?.messages.at(-1)?.content).toContain("123456");
});

test("a question is split, each part asked on its own, and the answers joined", async () => {
  answers = ["There were 5.", "There were 9."];
  town.model.expect(
    '{"questions": [{"agent": "assistant_agent", "question": "How many in 1901?"}, {"agent": "@assistant_agent", "question": "How many in 1902?"}]}',
    "There were **5** in 1901 and **9** in 1902.",
  );
  const turn = await town.ask(subquestionAgent.name, "How many in 1901 and 1902?");
  expect(asked).toEqual([
    ["assistant_agent", true, "How many in 1901?"],
    ["assistant_agent", true, "How many in 1902?"],
  ]);
  expect(saidIn(turn).at(-1)).toEqual(["subquestion_agent", "answer", "There were **5** in 1901 and **9** in 1902."]);
});

test("members of groups are offered where the task names them, else the group speaks for them", async () => {
  for (const [task, isOffered] of [
    ["Write a letter", false],
    ["Have letter_writer write a letter", true],
  ] as const) {
    town.model.expect(plan(["assistant_agent", "Write."]));
    // oxlint-disable-next-line no-await-in-loop
    await town.ask(planner.name, task);
    const told = town.model.requests.at(-1)?.messages[1]?.content ?? "";
    expect(told).toContain("- desk: Writes letters.");
    expect(told.includes("- letter_writer:")).toBe(isOffered);
  }
});

test("a task in English over names in Chinese is answered in its language", async () => {
  answers = ["The sum is 41.", "Drawn."];
  const steps = plan(["assistant_agent", "Add up."], ["visualization_agent", "Draw it."]);
  town.model.expect(steps, plan(["visualization_agent", "Draw it."]), "The sum of 销售额 is **41**.");
  const turn = await town.ask(planner.name, "Add up 销售额 by 城市 and draw it.");
  expect(saidIn(turn)[0]?.[2]).toContain("The plan:");
  expect(town.model.requests.at(-1)?.messages[0]?.content).toContain("Answer in the language of the question");
});
