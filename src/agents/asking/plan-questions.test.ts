import { expect, test } from "vitest";
import { PostOffice } from "../core/post-office.ts";
import { createScriptedModel } from "../testing/scripted-model.ts";
import { isOverviewQuestion } from "./overview.ts";
import { mayHaveParts, planQuestions } from "./plan-questions.ts";

const run = () => new PostOffice().open({ signal: new AbortController().signal });

test.each([
  "When was it founded and who founded it?",
  "What is the fee? Who pays it?",
  "Compare the two plans",
  "What are the differences between A and B?",
  "1. the fee\n2. the date",
  "公司何时成立，由谁创立？",
  "A和B有什么区别？",
  "分别是多少？",
])("%s may have parts", (question) => {
  expect(mayHaveParts(question)).toBe(true);
});

test.each([
  "When was it founded?",
  "What are the terms and conditions?",
  "公司何时成立？",
  "退款和手续费",
  "How do I open and close it",
])("%s has none", (question) => {
  expect(mayHaveParts(question)).toBe(false);
});

test.each([
  ["1. When was it founded?\n2) Who founded it?", ["When was it founded?", "Who founded it?"]],
  ["- “公司何时成立？”\n- **由谁创立？**", ["公司何时成立？", "由谁创立？"]],
  ["Here are the questions:\n\nQuestion 1: When?\nQ2: Who?", ["When?", "Who?"]],
  ["```\nWhen?\nWhen?\n```", ["When?"]],
  ["10.5 percent of what?", ["10.5 percent of what?"]],
  ["a?\nb?\nc?\nd?\ne?", ["a?", "b?", "c?", "d?"]],
  ["\n\n", ["And then?"]],
])("a plan is read leniently: %s", async (text, questions) => {
  const model = createScriptedModel(text);
  const request = {
    agent: "retrieval_agent",
    model,
    question: "And then?",
    earlier: "Earlier question: x",
    languages: [],
  };
  const planned = await planQuestions(run(), request);
  expect(planned).toEqual(questions.map((question) => ({ question, translations: [] })));
});

test("a plain first question needs no plan", async () => {
  const model = createScriptedModel();
  expect(
    await planQuestions(run(), { agent: "retrieval_agent", model, question: "When?", earlier: "", languages: [] }),
  ).toEqual([{ question: "When?", translations: [] }]);
});

test.each([
  ["Chinese: 何时支付？", ["何时支付？"]],
  ["- **Chinese:** “何时支付？”", ["何时支付？"]],
  ["中文：何时支付？\nGerman: Wann wird bezahlt?\nChinese: 哪天？", ["何时支付？", "Wann wird bezahlt?"]],
  ["Chinese (Simplified): 何时支付？", ["何时支付？"]],
  ["何时支付？", ["何时支付？"]],
  ["English: When is it paid?\n何时支付？\nDeutsch: Wann?", ["何时支付？", "Wann?"]],
  ["When is it paid?", []],
  ["", []],
])("a plain question is only said in the languages of the files: %s", async (text, translations) => {
  const model = createScriptedModel(text);
  const request = {
    agent: "retrieval_agent",
    model,
    question: "When is it paid?",
    earlier: "",
    languages: ["Chinese", "German"],
  };
  expect(await planQuestions(run(), request)).toEqual([{ question: "When is it paid?", translations }]);
  expect(model.requests[0]?.messages[0]?.content).toContain("Some of the files are in Chinese and German.");
});

test("each of several questions is followed by itself in the language of the files", async () => {
  const model = createScriptedModel(
    "1. When is it paid?\nChinese: 何时支付？\n2. English: What does it cost?\n费用是多少？\n\nWho pays?\nNOT FOUND: x",
  );
  const request = {
    agent: "retrieval_agent",
    model,
    question: "When is it paid, and what does it cost?",
    earlier: "",
    languages: ["Chinese"],
  };
  expect(await planQuestions(run(), request)).toEqual([
    { question: "When is it paid?", translations: ["何时支付？"] },
    { question: "What does it cost?", translations: ["费用是多少？"] },
    { question: "Who pays?", translations: [] },
  ]);
});

test("a plan in the language of the files alone leaves the question as it was", async () => {
  const model = createScriptedModel("退款何时支付？");
  const request = {
    agent: "retrieval_agent",
    model,
    question: "And when?",
    earlier: "Earlier question: x",
    languages: ["Chinese"],
  };
  expect(await planQuestions(run(), request)).toEqual([{ question: "And when?", translations: ["退款何时支付？"] }]);
});

test.each([
  "Summarise this",
  "What is this file about?",
  "give me an overview of the project",
  "What are the main points?",
  "总结一下这个文件",
  "这篇文章讲了什么？",
  "主要内容是什么",
  "Explain this code",
  "What does the report say?",
  "What is this?  Give me a short summary.",
])("%s is about the whole", (question) => {
  expect(isOverviewQuestion(question)).toBe(true);
});

test.each([
  "What is the fee about which we spoke?",
  "手续费是多少？",
  "Who wrote the preface?",
  "What does the report say about refunds?",
  "What is in the executive summary?",
  "What does the function parse_date do with None?",
])("%s is not", (question) => {
  expect(isOverviewQuestion(question)).toBe(false);
});
