import { expect, test } from "vitest";
import { answerBlockOf, passagesOf } from "../testing/asking-fixture.ts";
import { chinese, handbook, lastMessage, useAsking } from "../testing/use-asking.ts";

const open = useAsking();

/** Too much to be read whole, about nothing that is asked for. */
const english = "It is said that the boats of the harbour are painted in the spring of each year.\n\n".repeat(400);
const moreChinese = "港口的船只每年春天都要重新油漆一遍。\n\n".repeat(60);
const both = { "a.md": `${english}${handbook}`, "b.md": `${moreChinese}${chinese}` };

test("a question is looked for in the languages of the files, too, which the model is told", async () => {
  const { session, author, index, assertFinished } = await open({ files: both });
  author.expect("Chinese: 退款 手续费（费用）", 'It is 20 yuan [2: "手续费为20元"].');
  const turn = await session.ask("What does the return of a purchase cost?");
  expect(author.requests[0]?.messages[0]?.content).toContain("Some of the files are in Chinese.");
  expect(index.searches).toEqual(["What does the return of a purchase cost?", "退款 手续费（费用）"]);
  expect(lastMessage(author.requests[1])).toContain("The files are in English and Chinese.");
  expect(lastMessage(author.requests[1])).toContain("may use, in English or Chinese\nYou have 2 searches left.");
  expect(answerBlockOf(turn)).toMatchObject({ text: "It is 20 yuan [1].", citations: [{ name: "b.md" }] });
  expect(passagesOf(turn)).toMatchObject([{ query: "What does the return of a purchase cost? · 退款 手续费（费用）" }]);
  assertFinished();
});

test("what only happens to match in the words of the question comes last where no file is in its language", async () => {
  const { session, author } = await open({
    files: { "b.md": `${moreChinese.repeat(12)}cost 1\n\ncost 2\n\n${chinese}` },
  });
  author.expect("Chinese: 手续费为20元", 'It is 20 yuan [1: "手续费为20元"].');
  const turn = await session.ask("What does it cost?");
  expect(passagesOf(turn)[0]?.passages.map(({ text }) => text)).toEqual([
    "退款将在十四天内支付。手续费为20元，不予退还。",
    "cost 1",
    "cost 2",
  ]);
});

test.each([
  ["in the language of the files", { "a.md": `${english}${handbook}` }, "What fee is charged for refunds?"],
  ["about files that are read whole", { "a.md": handbook, "b.md": chinese }, "What fee is charged for refunds?"],
  ["for an overview", both, "Summarise what these files are about."],
])("a question %s is not translated", async (_what, files, question) => {
  const { session, author } = await open({ files });
  author.expect("NOT FOUND: that", "other words", "NOT FOUND: that");
  await session.ask(question);
  expect(author.requests[0]?.messages[0]?.content).toContain("You are retrieval_agent.");
});

test("other words are asked for in the languages of the files", async () => {
  const { session, author } = await open({ files: both });
  author.expect("Chinese: 礼物", "NOT FOUND: gifts", "presents\n赠品", "NOT FOUND: gifts");
  await session.ask("Who may keep the gifts of suppliers?");
  expect(author.requests[2]?.messages[0]?.content).toContain("The files are in English and Chinese: write in these");
  expect(lastMessage(author.requests[2])).toContain(
    "Searches that found no answer:\nWho may keep the gifts of suppliers?\n礼物\n",
  );
});
