import type { CatalogCase } from "./catalog-case.ts";
import { allSales, branchReturns, branchTotals, byKind, keptOrders, topCities } from "./expected-figures.ts";

const reviewed = ["spark_sql_agent", "sql_reviewer_agent", "spark_sql_agent", "python_interpreter", "spark_sql_agent"];
const [bestBranch = "", bestSales = 0] = branchTotals[0] ?? [];
const returnShare = Math.round(((branchReturns.get(bestBranch) ?? 0) / bestSales) * 10_000) / 100;
const topQuestion =
  "@spark_sql_agent Which three cities had the largest total of paid orders in 2023, and how many orders is that for each?";
const topCheck = {
  language: "en",
  says: topCities.flatMap(({ city, sum, orders }) => [city, sum, orders]),
  statements: 1,
} as const;
const branchQuestion = "@spark_sql_agent 2023年哪家门店的销售额最高？是多少？四家门店一共卖了多少？";
const branchCheck = { language: "zh", says: [bestBranch, bestSales, allSales], statements: 1 } as const;

/** `spark_sql_agent` and `sql_reviewer_agent`. */
export const sqlCases: readonly CatalogCase[] = [
  {
    id: "sql-top-cities",
    kind: "spark_sql_agent en",
    files: ["orders.csv"],
    turns: [{ question: topQuestion, check: { ...topCheck, speakers: reviewed } }],
  },
  {
    id: "sql-join",
    kind: "spark_sql_agent en",
    files: ["orders.csv", "customers.csv"],
    turns: [
      {
        question:
          "@spark_sql_agent What did private and what did business customers spend on paid orders in 2023, in total?",
        check: { language: "en", says: byKind.map(([, sum]) => sum), statements: 1, speakers: reviewed },
      },
    ],
  },
  {
    id: "sql-branches-zh",
    kind: "spark_sql_agent zh, rows that add others up",
    files: ["门店销售.csv"],
    turns: [
      { question: branchQuestion, check: { ...branchCheck, speakers: reviewed } },
      {
        question: "@spark_sql_agent 它全年的退货额占销售额的百分之几？保留两位小数。",
        check: { language: "zh", says: [returnShare], statements: 1 },
      },
    ],
  },
  {
    id: "sql-file",
    kind: "spark_sql_agent en, writes a file",
    files: ["orders.csv"],
    turns: [
      {
        question: "@spark_sql_agent Write the orders that were not cancelled to kept.csv. How many are they?",
        check: {
          language: "en",
          says: [keptOrders],
          statements: 1,
          asked: ["write-file"],
          speakers: ["sql_reviewer_agent", "code_review_agent"],
        },
      },
    ],
  },
  {
    id: "sql-change-zh",
    kind: "spark_sql_agent zh, changes data",
    files: ["orders.csv"],
    turns: [
      {
        question: "@spark_sql_agent 把已取消的订单从表里删掉，还剩多少条？",
        check: {
          language: "zh",
          says: [keptOrders],
          statements: 2,
          asked: ["change-data"],
          speakers: ["sql_reviewer_agent", "code_review_agent"],
        },
      },
    ],
  },
  {
    id: "sql-refused-zh",
    kind: "spark_sql_agent zh, the person declines",
    files: ["orders.csv"],
    refuses: ["change-data", "write-file"],
    turns: [
      {
        question: "@spark_sql_agent 把已取消的订单从表里删掉。",
        check: { asked: ["change-data"], speakers: ["sql_reviewer_agent", "code_review_agent"] },
      },
    ],
  },
  {
    id: "sql-reviewer",
    kind: "sql_reviewer_agent en, zh",
    files: ["orders.csv"],
    turns: [
      {
        question: "@sql_reviewer_agent SELECT town, SUM(amount_eur) FROM orders GROUP BY town",
        check: { language: "en", says: ["would not run", "town"] },
      },
      {
        question: "@sql_reviewer_agent 这条语句能用吗？ SELECT city, SUM(amount_eur) FROM orders GROUP BY city",
        check: { language: "zh", says: ["该语句与表相符"] },
      },
    ],
  },
  {
    id: "spark-top-cities",
    kind: "spark_sql_agent en, Spark",
    engine: "spark",
    files: ["orders.csv"],
    turns: [{ question: topQuestion, check: { ...topCheck, asked: ["process"], speakers: reviewed } }],
  },
  {
    id: "spark-branches-zh",
    kind: "spark_sql_agent zh, Spark",
    engine: "spark",
    files: ["门店销售.csv"],
    turns: [{ question: branchQuestion, check: { ...branchCheck, asked: ["process"], speakers: reviewed } }],
  },
];
