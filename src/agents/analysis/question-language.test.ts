import { expect, test } from "vitest";
import { answerLanguageRule, questionLanguage } from "./question-language.ts";

const names = ["客户的年龄", "销售额", "城市", "订单.csv"];

test.each([
  ["What is the average of 销售额 by 城市?"],
  ["Show 客户的年龄 and 城市"],
  ["Load 销售.csv, please."],
  ["load /data/我的 文件/销售.csv"],
  ["What does “多少钱” mean?"],
  ["Which of 张三的店 and 李四的店 sold more?"],
  ["Average 毛利 by 渠道"],
  ["Translate 你好吗 into English"],
  ["Wie viele 渠道 gibt es pro Jahr?"],
  ["Quelle est la moyenne de 毛利 par 渠道 ?"],
  ["How many orders?"],
])("%s is no Chinese question", (question) => {
  expect(questionLanguage(question, names)).toBeNull();
  expect(answerLanguageRule(question, names)).toContain("in the language of the question");
});

test.each([
  ["销售额最高的城市是哪个？"],
  ["城市销售额"],
  ["请加载 销售.csv"],
  ["请加载数据销售.csv"],
  ["请用 pandas 和 matplotlib 画 sales by year 的 chart"],
  ["SQL 查询 total by city 的结果"],
  ["top 10 cities by GMV 是多少"],
  ["帮我 load the data 里的 orders"],
])("%s is a Chinese question", (question) => {
  expect(questionLanguage(question, names)).toContain("Chinese");
});

test.each([
  ["都市ごとの売上は？", "Japanese"],
  ["도시별 매출을 보여줘", "Korean"],
])("%s is told by its script", (question, language) => {
  expect(questionLanguage(question, [])).toBe(language);
});
