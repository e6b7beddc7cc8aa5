import type { CatalogCase } from "./catalog-case.ts";
import { serverPlaceholder } from "./catalog-case.ts";
import { contractOrders } from "./catalog-data.ts";
import {
  branchTotals,
  cityTotals,
  marchOrders,
  metTargets,
  missedTargets,
  scarceProducts,
} from "./expected-figures.ts";

const [first, second] = cityTotals;
const [branch = "", sales = 0] = branchTotals[0] ?? [];
const [lastBranch = "", lastSales = 0] = branchTotals.at(-1) ?? [];
const rebate = Math.round(sales * 2) / 100;
const unreachable = `import { defineAgent } from "byzer-agent";

export default defineAgent({
  description: "Knows the sales targets of every city.",
  replies: [
    {
      reply: () => {
        throw new Error("The target service does not answer (503).");
      },
    },
  ],
});
`;

/** `planner`, `subquestion_agent` and `load_data_agent`. */
export const stepCases: readonly CatalogCase[] = [
  {
    id: "plan-two-cities",
    kind: "planner en",
    files: ["orders.csv"],
    turns: [
      {
        question:
          "@planner Find the two cities with the largest total of paid orders in 2023, draw their monthly totals of that year in one chart, and say what each sold in the whole year.",
        check: {
          language: "en",
          says: [first?.[0] ?? "", first?.[1] ?? 0, second?.[0] ?? "", second?.[1] ?? 0],
          images: 1,
          speakers: ["planner", "visualization_agent", "planner"],
        },
      },
    ],
  },
  {
    id: "plan-failing-step",
    kind: "planner en, a step fails",
    files: ["orders.csv"],
    agents: { "targets_agent.agent.mjs": unreachable },
    turns: [
      {
        question:
          "@planner Which cities missed their target for paid sales in 2023, and by how much? Ask targets_agent for the targets; if it does not answer, they are also in data/targets.csv.",
        check: {
          language: "en",
          says: missedTargets.flatMap(({ city, missing }) => [city, missing]),
          speakers: ["planner", "planner", "load_data_agent", "planner"],
          files: ["orders.csv", "targets.csv"],
          replanned: true,
        },
      },
    ],
  },
  {
    id: "plan-branches-zh",
    kind: "planner zh",
    files: ["门店销售.csv"],
    turns: [
      {
        question:
          "@planner 先找出2023年销售额最高和最低的门店，再画出这两家门店每月销售额的折线图，最后说明两家全年各卖了多少、相差多少。",
        check: {
          language: "zh",
          says: [branch, sales, lastBranch, lastSales, sales - lastSales],
          images: 1,
          speakers: ["planner", "visualization_agent", "planner"],
        },
      },
    ],
  },
  {
    id: "parts-contract",
    kind: "subquestion_agent en",
    files: ["orders.csv"],
    sources: ["contract.md"],
    turns: [
      {
        question:
          "@subquestion_agent Did we hand over as many paid orders in March 2023 as the contract with the parcel service asks for?",
        check: {
          language: "en",
          says: [marchOrders, contractOrders],
          speakers: ["subquestion_agent", "retrieval_agent", "subquestion_agent"],
        },
      },
    ],
  },
  {
    id: "parts-rebate-zh",
    kind: "subquestion_agent zh",
    files: ["门店销售.csv"],
    sources: ["供货合同.md"],
    turns: [
      {
        question: `@subquestion_agent 按供货合同，${branch}2023年的销售额够不够拿返利？够的话能返多少元？`,
        check: {
          language: "zh",
          says: [sales, [rebate, Math.round(rebate), Math.round(rebate * 10) / 10]],
          speakers: ["subquestion_agent", "retrieval_agent", "subquestion_agent"],
        },
      },
    ],
  },
  {
    id: "parts-only-one",
    kind: "subquestion_agent en, one thing only",
    files: ["data/targets.csv"],
    turns: [
      {
        question: "@subquestion_agent Which city had the highest target for 2023?",
        check: { language: "en", says: ["Malmö"], speakers: ["subquestion_agent"] },
      },
    ],
  },
  {
    id: "load-database",
    kind: "load_data_agent en",
    turns: [
      {
        question: "@load_data_agent load orders.csv and data/shop.db",
        check: { language: "en", says: [260, "stock", "shelves"], files: ["orders.csv", "shop.db"] },
      },
      {
        question: "@spark_sql_agent Of how many products are there fewer than 10 pieces in stock?",
        check: { language: "en", says: [scarceProducts], statements: 1 },
      },
    ],
  },
  {
    id: "load-zh",
    kind: "load_data_agent zh",
    turns: [
      {
        question: "@load_data_agent 请加载门店销售.csv",
        check: { language: "zh", says: ["门店销售.csv", 60], files: ["门店销售.csv"] },
      },
    ],
  },
  {
    id: "load-address",
    kind: "load_data_agent en, an address",
    files: ["orders.csv"],
    turns: [
      {
        question: `@load_data_agent ${serverPlaceholder}/data/targets.csv`,
        check: {
          language: "en",
          says: ["targets.csv", 5],
          asked: ["network"],
          speakers: ["load_data_agent", "code_review_agent", "load_data_agent"],
          files: ["orders.csv", "targets.csv"],
        },
      },
      {
        question: "Which cities reached their target for 2023 with paid orders?",
        check: { language: "en", says: metTargets },
      },
    ],
  },
  {
    id: "load-address-refused-zh",
    kind: "load_data_agent zh, the person declines",
    refuses: ["network"],
    turns: [
      {
        question: `@load_data_agent 请下载 ${serverPlaceholder}/data/targets.csv`,
        check: { asked: ["network"], files: [] },
      },
    ],
  },
];
