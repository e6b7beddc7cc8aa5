import { sampleOf } from "../../process/agent-samples.ts";
import type { CatalogCase } from "./catalog-case.ts";
import { paidTotal2023, topCities } from "./expected-figures.ts";

/** Agents of the documentation, by their file names. */
function samples(...names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, sampleOf(name)]));
}

const desk = samples("desk.group.md", "writer.agent.md", "critic.agent.md");
const press = { ...desk, ...samples("press.group.md", "translator.agent.md") };
const office = {
  "front-desk.agent.md": `---
description: Takes questions about the shop and gives each to who knows
handoffs:
  - agent: spark_sql_agent
    label: Figures of orders
  - agent: returns-desk
    label: Returns and refunds
---

You are front-desk. Give every question about figures of the orders to spark_sql_agent and every question about returning
goods to returns-desk. Answer greetings yourself, in one sentence.
`,
  "returns-desk.agent.md": `---
description: Knows how goods are returned
---

You are returns-desk. Goods come back within 30 days, unused, with the receipt; the refund takes 5 working days. Answer in
one or two sentences.
`,
};
const board = {
  "board.group.md": `---
description: Decides what to do about a city, from its figures
members: [analyst, sceptic]
speaker: model
maxRounds: 5
end: [judge]
answer: summary
---

The analyst brings the figures, the sceptic says once what speaks against a conclusion. Then the task is done.
`,
  "analyst.agent.md": `---
description: Looks figures up and concludes from them
agents: [spark_sql_agent]
---

You are analyst. Ask spark_sql_agent for the figures that are needed, and say in at most three sentences what follows.
`,
  "sceptic.agent.md": `---
description: Says what speaks against a conclusion
---

You are sceptic. Name the one strongest reason to doubt what the analyst concludes, in one sentence.
`,
};

/** `common_agent`, agents and groups of files, hand-offs, and what the documentation shows. */
export const conversingCases: readonly CatalogCase[] = [
  {
    id: "common",
    kind: "common_agent en",
    turns: [
      {
        question: "@common_agent Explain in two sentences when the median says more than the mean.",
        check: { language: "en", says: ["median", ["outlier", "skew", "extreme"]], speakers: ["common_agent"] },
      },
      {
        question: "@common_agent Give me an example with five incomes.",
        check: { language: "en", says: ["median"], silent: ["python_interpreter"] },
      },
    ],
  },
  {
    id: "common-zh",
    kind: "common_agent zh",
    turns: [
      {
        question: "@common_agent 用两句话解释什么是幂等的接口。",
        check: { language: "zh", says: ["幂等", ["多次", "重复"]] },
      },
      { question: "@common_agent 翻译成英文。", check: { language: "en", says: ["idempotent"] } },
    ],
  },
  {
    id: "common-needs-files",
    kind: "common_agent en, what it cannot see",
    files: ["orders.csv"],
    turns: [
      {
        question: "@common_agent What is the total of the paid orders of 2023?",
        check: {
          language: "en",
          says: [["assistant_agent", "spark_sql_agent"]],
          saysNot: [paidTotal2023],
          silent: ["python_interpreter"],
        },
      },
    ],
  },
  {
    id: "docs-hello",
    kind: "sample of the documentation",
    agents: samples("hello.agent.md"),
    turns: [
      { question: "@hello Good morning", check: { language: "en", speakers: ["hello"] } },
      { question: "@hello 今天过得怎么样？", check: { language: "zh" } },
    ],
  },
  {
    id: "docs-release-notes",
    kind: "sample of the documentation, hand-off",
    agents: samples("release-notes.agent.md", "reviewer.agent.md", "translator.agent.md"),
    turns: [
      {
        question: "@release-notes Write the notes for 2.4.0, then have them translated.",
        check: {
          language: "zh",
          says: ["0.8", "CSV"],
          tools: ["read_file", "ask_agent", "hand_off"],
          speakers: ["release-notes", "reviewer", "release-notes", "translator"],
        },
      },
    ],
  },
  {
    id: "docs-note-keeper",
    kind: "sample of the documentation, MCP",
    agents: samples("note-keeper.agent.md"),
    turns: [
      {
        question: "@note-keeper Keep that the stocktaking is on 14 March, and that Ines has the keys.",
        check: { language: "en", tools: ["mcp:notes/keep_note"] },
      },
      {
        question: "@note-keeper 盘点（stocktaking）是哪一天？",
        check: { language: "zh", says: [14], tools: ["mcp:notes/find_notes"] },
      },
    ],
  },
  {
    id: "docs-desk",
    kind: "sample of the documentation, group en",
    agents: desk,
    turns: [
      {
        question: "@desk A notice for the shop window, at most 40 words: closed on 14 March for stocktaking.",
        check: { language: "en", says: [14, "stocktaking"], speakers: ["writer", "critic", "desk"] },
      },
    ],
  },
  {
    id: "docs-press",
    kind: "sample of the documentation, group in a group",
    agents: press,
    turns: [
      {
        question: "@press A notice for the shop window, at most 40 words: closed on 14 March for stocktaking.",
        check: {
          language: "zh",
          says: [14, "盘点"],
          speakers: ["writer", "critic", "desk", "translator", "press"],
        },
      },
    ],
  },
  {
    id: "docs-haiku",
    kind: "sample of the documentation, agents in code",
    agents: samples("haiku.agent.ts", "editor-in-chief.agent.mjs"),
    turns: [
      {
        question: "@editor_in_chief an old lighthouse",
        check: { says: ["words"], speakers: ["haiku_agent", "editor_in_chief"] },
      },
    ],
  },
  {
    id: "hand-off",
    kind: "hand-off en, zh",
    files: ["orders.csv"],
    agents: office,
    turns: [
      {
        question: "@front-desk How much did the city with the largest total of paid orders in 2023 sell?",
        check: {
          language: "en",
          says: [topCities[0]?.city ?? "", topCities[0]?.sum ?? 0],
          tools: ["hand_off"],
          statements: 1,
          speakers: ["front-desk", "spark_sql_agent", "sql_reviewer_agent", "spark_sql_agent", "front-desk"],
        },
      },
      {
        question: "@front-desk 买了一周的台灯不想要了，能退吗？多久到账？",
        check: { language: "zh", says: [30, 5], tools: ["hand_off"], speakers: ["returns-desk", "front-desk"] },
      },
      { question: "@front-desk Thank you!", check: { language: "en", silent: ["spark_sql_agent", "returns-desk"] } },
    ],
  },
  {
    id: "board",
    kind: "group led by a model, en",
    files: ["orders.csv"],
    agents: board,
    turns: [
      {
        question: "@board Should we close the branch in the city that sold least by paid orders in 2023?",
        check: {
          language: "en",
          says: ["Ghent"],
          tools: ["ask_agent"],
          speakers: ["analyst", "sceptic", "board"],
        },
      },
    ],
  },
  {
    id: "board-zh",
    kind: "group led by a model, zh",
    files: ["orders.csv"],
    agents: board,
    turns: [
      {
        question: "@board 2023年已付款订单总额最少的城市，该不该关掉那里的门店？",
        check: { language: "zh", says: ["Ghent"], tools: ["ask_agent"], speakers: ["analyst", "sceptic", "board"] },
      },
    ],
  },
];
