import { expect, test } from "vitest";
import type { ReadPassage } from "../../protocol/citation.ts";
import { CitationReader } from "./citation-reader.ts";

const english =
  "The maximum lifting capacity of crane Aurora is 184 tonnes. It was delivered to Rotterdam on 3 May 2019 and has twenty-five lamps. It is open from 7 pm to 9 pm.";
const chinese = "工作满三年的员工每年享有十五天带薪年假。病假超过三天需要提供医院的证明。第二年起每年增加一天。";

function passage(number: number, text: string): ReadPassage {
  const place = { path: `/docs/${number}.md`, name: `${number}.md`, startLine: 1, endLine: 1, place: "" };
  return { number, ...place, start: 0, end: Array.from(text).length, page: null, text, score: 1 };
}

/** The answer as it is shown, the same in pieces of one character, and why it is doubted. */
function shown(answer: string, question: string, text: string) {
  const passages = [passage(1, text)];
  const readers = [1, 10_000].map((length) => {
    const reader = new CitationReader(question, () => passages);
    for (let at = 0; at < answer.length; at += length) {
      reader.read(answer.slice(at, at + length));
    }

    reader.end();
    return { text: reader.text, reasons: reader.doubts.map(({ reason }) => reason) };
  });
  expect(readers[0]).toEqual(readers[1]);
  return readers[0];
}

const aurora = (answer: string) => shown(answer, "What can crane Aurora of Mr Okafor lift?", english);
const leave = (answer: string) => shown(answer, "工作满三年有多少天年假？", chinese);
const cited = '[1: "crane Aurora is 184 tonnes"]';
const citedLeave = '[1: "每年享有十五天带薪年假"]';

test.each([
  ["behind", `It lifts 184 tonnes ${cited}. The operator is Bob Marley.`, "[1]. The operator is Bob Marley.[?1]"],
  ["before", `The operator is Bob Marley. It lifts 184 tonnes ${cited}.`, "Marley.[?1] It lifts 184 tonnes [1]."],
  ["between", `It lifts 184 ${cited}. It is from 1971! So it is ${cited}.`, "from 1971![?1] So it is [1]."],
])("an uncited sentence %s cited ones is doubted at its end", (_where, answer, text) => {
  expect(aurora(answer)?.text).toContain(text);
  expect(aurora(answer)?.reasons).toEqual(["not-cited"]);
});

test.each([
  ["a name", `It lifts 184 tonnes and was built by Liebherr in Hamburg ${cited}.`],
  ["a figure", `It lifts 999 tonnes ${cited}.`],
  ["a figure of two digits", `It lifts 184 tonnes and has 37 lamps ${cited}.`],
  ["a year", `Since 1971 it lifts 184 tonnes ${cited}.`],
])("a cited sentence with %s that stands nowhere is doubted for that", (_what, answer) => {
  expect(aurora(answer)?.reasons).toEqual(["not-in-passages"]);
  expect(aurora(answer)?.text.trim()).toMatch(/\[1\]\.\[\?1\]$/u);
});

test.each([
  ["names and figures of the question", `It lifts 184 tonnes ${cited}. That is what the crane of Mr Okafor can do.`],
  ["names and figures of another sentence", `It lifts 184 tonnes ${cited}. It came to Rotterdam in 2019.`],
  ["a figure that the file writes in words", `It lifts 184 tonnes ${cited}. It has 25 lamps.`],
  ["a date in another form", `It lifts 184 tonnes ${cited}. It was delivered on 2019-05-03, that is in May.`],
  ["an hour in another form", `It lifts 184 tonnes ${cited}. It is open from 19:00 to 21:00.`],
  ["what can be reckoned", `It lifts 184 tonnes, 16 less than 200 and 84 more than 100 ${cited}.`],
  ["words that connect", `It lifts 184 tonnes ${cited}. In short, it is strong.`],
  ["an admission", `It lifts 184 tonnes ${cited}. The passages do not say whether Liebherr built it.`],
  ["a heading", `## Cranes of Hamburg 1971\n\nIt lifts 184 tonnes ${cited}.`],
  ["a number of a list", `14. First, it lifts 184 tonnes ${cited}.`],
  ["a line that leads on to cited items", `The figures of Liebherr:\n- 184 tonnes ${cited}`],
  ["code", `It lifts 184 tonnes ${cited}.\n\n\`\`\`\nIt was built by Liebherr in 1971. So.\n\`\`\``],
])("%s: no doubt", (_what, answer) => {
  expect(aurora(answer)?.reasons).toEqual([]);
});

test("Chinese sentences of which the files say nothing are doubted, others are not", () => {
  expect(leave(`年假是十五天${citedLeave}。食堂由王小明承包。病假要证明[1: "需要提供医院的证明"]。`)).toEqual({
    text: "年假是十五天[1]。食堂由王小明承包。[?1]病假要证明[2]。",
    reasons: ["not-cited"],
  });
  expect(leave(`年假是十五天，食堂由王小明承包${citedLeave}。`)?.reasons).toEqual(["not-in-passages"]);
  expect(leave(`年假是37天${citedLeave}。`)?.reasons).toEqual(["not-in-passages"]);
  expect(
    leave(`年假是15天${citedLeave}。病假超过3天需要医院证明。综上所述，以上就是全部的相关规定。`)?.reasons,
  ).toEqual([]);
  expect(leave(`年假是15天${citedLeave}。文件没有说明食堂由谁承包。`)?.reasons).toEqual([]);
  expect(leave(`包括以下各项内容：\n- 年假十五天${citedLeave}`)?.reasons).toEqual([]);
});

test("an answer in another language than the files is not doubted for its words", () => {
  expect(shown(`起重机可以吊184吨${cited}。它非常强大而且可靠。`, "能吊多少吨？", english)?.reasons).toEqual([]);
  expect(
    shown(`They have fifteen days ${citedLeave}. So says Wang Xiaoming there.`, "How many?", chinese)?.reasons,
  ).toEqual([]);
});

test("a cited sentence in another language than its quote is not doubted for what it translates", () => {
  const both = `${english}\n${chinese}`;
  const question = "How long is the leave, and what does the crane lift?";
  const reasons = (answer: string) => shown(answer, question, both)?.reasons;
  expect(reasons(`They have fifteen days of Annual Leave ${citedLeave}.`)).toEqual([]);
  expect(reasons(`塔式设备可以吊起184吨货物${cited}。`)).toEqual([]);
  expect(reasons(`They have fifteen days of Annual Leave ${cited}.`)).toEqual(["not-in-passages"]);
  expect(reasons(`塔式设备可以吊起货物${citedLeave}。`)).toEqual(["not-in-passages"]);
  expect(reasons(`They have 37 days of Annual Leave ${citedLeave}.`)).toEqual(["not-in-passages"]);
  expect(reasons(`塔式设备可以吊起999吨货物${cited}。`)).toEqual(["not-in-passages"]);
});

test("figures that commas of a row part are read one by one, thousands as they stand", () => {
  const rows = "part,days,price\nTB-402,63,1250\n\nBoth together cost EUR 18,500.";
  const reasons = (said: string) => shown(`${said} [1: "TB-402,63,1250"].`, "Which is slow?", rows)?.reasons;
  expect(reasons("TB-402 takes 63 days and costs 1250")).toEqual([]);
  expect(reasons("TB-402 takes 63 days, both cost EUR 18,500")).toEqual([]);
  expect(reasons("TB-402 takes 61 days")).toEqual(["not-in-passages"]);
  expect(reasons("TB-402 costs EUR 13,500")).toEqual(["not-in-passages"]);
});

test("a row of a table is doubted within its last cell, its head and cited rows never", () => {
  const table = `| Crane of Hamburg | Tonnes 1971 |\n|---|---|\n| Aurora | 184 ${cited} |\n| Boreas | 500 |\n| Aurora | 184\n| Liebherr | 3 |`;
  expect(aurora(table)?.text.split("\n").slice(2)).toEqual([
    "| Aurora | 184 [1] |",
    "| Boreas | 500 [?1]|",
    "| Aurora | 184",
    "| Liebherr | 3 [?2]|",
  ]);
  expect(
    leave(`| 项目 | 规定 |\n|---|---|\n| 年假 | 十五天 ${citedLeave} |\n| 食堂 | 由王小明承包 |`)?.reasons,
  ).toEqual(["not-cited"]);
});
