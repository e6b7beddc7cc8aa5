import { expect, test } from "vitest";
import type { ReadPassage } from "../protocol/citation.ts";
import { extractiveAnswer } from "./extractive-answer.ts";

const filler = "Visitors sign in at the desk before they enter the building of the harbour. ";

function passage(text: string, number = 1): ReadPassage {
  const place = { path: `/docs/${number}.md`, name: `${number}.md`, startLine: 1, endLine: text.split("\n").length };
  return { number, ...place, start: 0, end: Array.from(text).length, page: null, place: "", text, score: 1 };
}

function quoted(question: string, text: string): string | undefined {
  return extractiveAnswer(question, [passage(text)]).citations[0]?.quote;
}

const table = `${filler}\n\n| Berth | Depth (m) | Owner |\n|---|---|---|\n| B1 | 9.5 | Maersk |\n| B3 | 14.9 | Cosco |\n\n${filler}`;

test("the row of a table is quoted that a question asks for, its head said with it", () => {
  const { text, citations } = extractiveAnswer("How deep is berth B3?", [passage(table)]);
  expect(text).toBe(String.raw`- Berth \| Depth (m) \| Owner — B3 \| 14.9 \| Cosco [1] (1.md)`);
  expect(citations[0]?.quote).toBe("| B3 | 14.9 | Cosco |");
  expect(table.slice(citations[0]?.start, citations[0]?.end)).toBe(citations[0]?.quote);
  expect(quoted("postage to Norway", "Country | Postage\nSweden | 9.10\nNorway | 19.90")).toBe("Norway | 19.90");
  expect(quoted("二号泊位多深？", "| 泊位 | 水深 |\n|---|---|\n| 一号泊位 | 九米 |\n| 二号泊位 | 十四米 |")).toContain(
    "十四米",
  );
});

test("rows that say their own heads are quoted as they are", () => {
  const rows = "名称: 东海钢铁 | 联系人: 吴建国\n名称: 蓝鲸五金 | 联系人: 周美玲";
  expect(extractiveAnswer("蓝鲸五金的联系人是谁", [passage(rows)]).text).toContain(
    String.raw`- 名称: 蓝鲸五金 \| 联系人: 周美玲 [1]`,
  );
});

test("a title alone is no answer, in whatever form it is written", () => {
  const aquifer = `Aquifer\n\nThe aquifer lies 212 metres below the surface.\n\n${filler}`;
  expect(quoted("How deep is the aquifer?", aquifer)).toBe("The aquifer lies 212 metres below the surface.");
  expect(
    quoted("青龙水库有哪些鱼", "青龙水库概况\r\n\r\n水库建成于一九七二年。\r\n\r\n水库主要鱼类是鲢鱼和鳙鱼。"),
  ).toContain("鲢鱼");
});

test("a long title that is also the place of the passage gives way to what stands below it, and stays where nothing does", () => {
  const title = "Heron: Steering Cranes of Small Harbours by Voice Alone";
  const ask = (below: string): string | undefined => {
    const titled = { ...passage(`${title}\n\n${below}`), place: title };
    return extractiveAnswer("What is Heron?", [titled]).citations[0]?.quote;
  };
  expect(ask("Heron is a system that lifts what it is told to lift.")).toBe(
    "Heron is a system that lifts what it is told to lift.",
  );
  expect(ask("Ada Okafor, Mei Lin")).toBe(title);
});

test("rare words of the question count more than those that stand everywhere, and a long word counts once", () => {
  const harbour = `The harbour has a desk. The harbour has a gate. The harbour is old. Okafor has the key. ${filler.repeat(4)}`;
  expect(quoted("Who of the harbour has the key of the gate?", harbour)).toContain("Okafor has the key.");
  const tea = `冻顶乌龙茶产于南投县鹿谷乡。\n\n${"这里的茶农世代种茶，品质优良。".repeat(20)}\n\n发酵度约三成，适合以九十五度的热水冲泡。`;
  expect(quoted("冻顶乌龙茶适合几度的水冲泡", tea)).toContain("九十五度");
});

test("near sentences that have what the best one lacks are quoted with it, far ones are not", () => {
  const slide = "Telemetry\n\nSampling drops to 2 percent\n\nMention that Helga objected";
  expect(quoted("who objected to the telemetry sampling", slide)).toBe(
    "Sampling drops to 2 percent\n\nMention that Helga objected",
  );
  const first = "Sampling of the telemetry drops by a few percent from year to year.";
  const far = `${first} ${filler.repeat(4)}Helga objected.`;
  expect(quoted("who objected to the telemetry sampling", far)).toBe(first);
  const under = `# Refunds\n\nRefunds are paid within 14 days. A fee of EUR 20 is charged by the bank for it, see there.`;
  expect(quoted("What fee is charged for refunds?", under)).toBe(
    "A fee of EUR 20 is charged by the bank for it, see there.",
  );
});

test("items of a list are quoted without what marks them, where they stand", () => {
  const items = "Rules of the pool\n\n- [ ] The crane lifts 350 kg at most\n- Nobody works alone";
  const { text, citations } = extractiveAnswer("How much does the crane lift?", [passage(items)]);
  expect(text).toBe("- The crane lifts 350 kg at most [1] (1.md)");
  expect(items.slice(citations[0]?.start, citations[0]?.end)).toBe("The crane lifts 350 kg at most");
  expect(quoted("起重机最多吊多重", "1. 不得单独作业\n2. 起重机的最大起重量为350千克")).toBe(
    "起重机的最大起重量为350千克",
  );
  expect(quoted("起重机最多吊多重", "> * 不得单独作业\n> * 起重机的最大起重量为350千克")).toBe(
    "起重机的最大起重量为350千克",
  );
  const joined = "- who objected: Helga, to the telemetry\n- about the sampling: 2 percent";
  expect(extractiveAnswer("who objected to the telemetry sampling", [passage(joined)]).text).toBe(
    "- who objected: Helga, to the telemetry; about the sampling: 2 percent [1] (1.md)",
  );
});

test.each([
  "![The crane of the pool. It lifts](crane.png)",
  "[![crane lifts](a.svg)](https://example.com/crane)  ![x][crane]",
  '<p align="center"><img src="crane.png" alt="what the crane lifts"></p>',
])("a line of pictures is no answer: %s", (picture) => {
  expect(quoted("What does the crane lift?", `${picture}\n\nIt lifts 350 kg.`)).toBe("It lifts 350 kg.");
  const question = "What does the crane lift?";
  expect(extractiveAnswer(question, [passage(`# Crane\n\n${picture}`), passage("It lifts 350 kg.", 2)]).text).toBe(
    "- It lifts 350 kg. [1] (2.md)",
  );
});
