import type { CatalogCase } from "./catalog-case.ts";
import { marchNet, ordered2023, paidTotal2023, yearNet } from "./expected-figures.ts";

const [marchBest = "", marchFigure = 0] = marchNet[0] ?? [];
const [yearBest = "", yearFigure = 0] = yearNet[0] ?? [];

/** `rhetorical_agent`: terms are learnt, kept, used and forgotten. */
export const termCases: readonly CatalogCase[] = [
  {
    id: "terms",
    kind: "rhetorical_agent en",
    files: ["orders.csv"],
    turns: [
      {
        question:
          "@rhetorical_agent When we talk about GMV in this shop, that is what was ordered in EUR, whether it was cancelled later or not. And BF is short for paid orders only.",
        check: { language: "en", terms: { GMV: "cancelled", BF: "paid" }, says: ["GMV", "BF"] },
      },
      {
        question: "@spark_sql_agent What was the GMV of 2023?",
        check: { language: "en", says: [ordered2023], told: ["by these terms:\n- GMV: "], statements: 1 },
      },
      {
        question: "@rhetorical_agent Which terms of mine do you have?",
        check: { language: "en", says: ["GMV", "BF"] },
      },
      {
        question: "@rhetorical_agent I do not want GMV any more, drop it please",
        check: { language: "en", terms: { BF: "paid" } },
      },
      {
        question: "What was the BF total of 2023?",
        check: { language: "en", says: [paidTotal2023], told: ["by these terms:\n- BF: "] },
      },
    ],
  },
  {
    id: "terms-zh",
    kind: "rhetorical_agent zh",
    files: ["门店销售.csv"],
    turns: [
      {
        question: "@rhetorical_agent 我们说的“净额”就是销售额减去退货额，以后都按这个算。",
        check: { language: "zh", terms: { 净额: "减去退货额" }, says: ["净额"] },
      },
      {
        question: "@spark_sql_agent 2023年3月净额最高的是哪家门店？净额是多少？",
        check: { language: "zh", says: [marchBest, marchFigure], told: ["by these terms:\n- 净额: "], statements: 1 },
      },
      {
        question: "@spark_sql_agent 全年呢？",
        check: { language: "zh", says: [yearBest, yearFigure], statements: 1 },
      },
      { question: "@rhetorical_agent 忘记净额", check: { language: "zh", terms: {} } },
    ],
  },
  {
    id: "terms-said-before",
    kind: "rhetorical_agent en, from an earlier question",
    turns: [
      {
        question:
          "@common_agent A short month for us is one with fewer than 12 paid orders. Is that a good name for it?",
        check: { language: "en", terms: {} },
      },
      {
        question: "@rhetorical_agent Keep what I told you above about my term.",
        check: { language: "en", terms: { "short month": "12" } },
      },
    ],
  },
];
