import { expect, test } from "vitest";
import { createChatReranker } from "../models/chat-reranker.ts";
import type { ChatModel, ModelRequest } from "../ports/chat-model.ts";
import { answerBlockOf, padding, passagesOf } from "../testing/asking-fixture.ts";
import { chinese, handbook, lastMessage, useAsking } from "../testing/use-asking.ts";
import { whereabouts } from "./passage-text.ts";

const open = useAsking();

test("a second try tells what was tried, shows what is new first, numbered as it is shown, and is the last", async () => {
  const { session, author, assertFinished } = await open({
    files: { "handbook.md": `${padding()}${handbook}`, "zh.md": chinese },
  });
  author.expect(
    "NOT FOUND: nothing",
    "退款\nAre refunds given for gifts?\n手续费",
    'So it is [1: "退款将在十四天内支付"].',
  );
  const turn = await session.ask("Are refunds given for gifts?");
  expect(author.requests[1]?.messages.at(-1)?.content).toContain(
    "Searches that found no answer:\nAre refunds given for gifts?",
  );
  expect(author.requests[1]?.messages[0]?.content).toContain("up to 2 other searches");
  const told = lastMessage(author.requests[2]);
  expect(told).toContain("This is a second try");
  const numbers = Array.from(told.matchAll(/=+ passage (\d+) \(([^,]+)/gu), ([, number, name]) => `${number} ${name}`);
  expect(numbers.map((number) => number.split(" ")[0])).toEqual(numbers.map((_number, index) => String(index + 1)));
  expect(numbers[0]).toBe("1 zh.md");
  expect(numbers.length).toBeGreaterThan(1);
  expect(author.requests[2]?.tools).toBeUndefined();
  const { citations } = answerBlockOf(turn);
  const read = passagesOf(turn).flatMap(({ passages }) => passages);
  expect(read.find(({ number }) => number === citations[0]?.passage)?.text).toContain("退款将在十四天内支付");
  assertFinished();
});

test("a model that has searched itself and finds nothing is not asked for other words", async () => {
  const { session, author, assertFinished } = await open({
    files: { "handbook.md": `${padding()}${handbook}`, "zh.md": chinese },
  });
  author.expect("SEARCH: 退款", "NOT FOUND: No word on gifts.");
  const turn = await session.ask("Are refunds given for gifts?");
  expect(answerBlockOf(turn).text).toBe("Not in these files. No word on gifts.");
  assertFinished();
});

test("what a model costs that judges passages counts for the question", async () => {
  const requests: ModelRequest[] = [];
  const judge: ChatModel = {
    name: "judge",
    place: "test",
    async *complete(request) {
      requests.push(request);
      const usage = { promptTokens: 700, completionTokens: 11, estimated: false };
      yield await Promise.resolve({
        type: "end",
        text: "[1]",
        toolCalls: [],
        finishReason: "stop",
        usage,
        repairs: [],
      });
    },
  };
  const { session, author, events } = await open({
    files: { "handbook.md": `${padding()}${handbook}`, "zh.md": `refunds\n\n${chinese}` },
    reranker: () => Promise.resolve(createChatReranker(judge)),
  });
  author.expect('Within 14 days [1: "within 14 days"].');
  const turn = await session.ask("When are refunds paid?");
  expect(requests).toHaveLength(1);
  expect(turn.usage.promptTokens).toBeGreaterThanOrEqual(700);
  expect(events.filter((event) => event.type === "model-call").map(({ model }) => model)).toContain("judge");
});

test("a document that stands under its own name is told without it", () => {
  const place = { path: "/docs/a.md", name: "a.md", start: 0, end: 1, startLine: 1, endLine: 2, page: null, score: 1 };
  expect(whereabouts({ ...place, place: "a.md", text: "x" })).toBe("a.md, lines 1-2");
  expect(whereabouts({ ...place, place: "Fees", text: "x", copies: ["b.md"] })).toBe(
    'a.md, lines 1-2, under "Fees", also in b.md',
  );
});

test.each([
  ["Fees", "## Fees\n\nEUR 20", ""],
  ["Rules > Fees", "## Fees\n\nEUR 20", ', under "Rules"'],
  ["Rules > Fees", "EUR 20", ', under "Rules > Fees"'],
  ["Rules > Rules > Fees", "EUR 20", ', under "Rules > Fees"'],
  ["a.md > Rules", "EUR 20", ', under "Rules"'],
  ["Rules > Fees", "**Fees**\nEUR 20", ', under "Rules"'],
])("a passage under %s that begins with %j does not say a heading twice", (headings, text, under) => {
  const place = { path: "/docs/a.md", name: "a.md", start: 0, end: 1, startLine: 1, endLine: 2, page: null, score: 1 };
  expect(whereabouts({ ...place, place: headings, text })).toBe(`a.md, lines 1-2${under}`);
});
