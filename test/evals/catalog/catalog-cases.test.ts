import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { catalogAgentCards } from "../../../src/agents/directory/catalog-finder.ts";
import { readAskingRecording } from "../asking/asking-recording.ts";
import { catalogCases } from "./catalog-cases.ts";

const isChinese = (question: string): boolean => /\p{Script=Han}/u.test(question);
const turns = catalogCases.flatMap((one) => one.turns);

test("each agent of the catalog beside the data group is asked, and what it asks others for is seen", () => {
  const spoken = turns.flatMap(({ question, check }) => [
    ...(check.speakers ?? []),
    /^@([\w-]+)/u.exec(question)?.[1] ?? "",
  ]);
  for (const { name } of catalogAgentCards) {
    expect(spoken, name).toContain(name);
  }
});

test("those that answer people are asked in English and in Chinese", () => {
  const asked = turns.map(({ question }) => question);
  for (const agent of ["common_agent", "spark_sql_agent", "rhetorical_agent", "planner", "subquestion_agent"]) {
    const mine = asked.filter((question) => question.startsWith(`@${agent} `));
    expect(mine.some(isChinese), agent).toBe(true);
    expect(
      mine.some((question) => !isChinese(question)),
      agent,
    ).toBe(true);
  }
});

test("every question says what a right answer is like, and every case that asks a model is recorded", () => {
  expect(new Set(catalogCases.map(({ id }) => id)).size).toBe(catalogCases.length);
  expect(turns.filter(({ check }) => Object.keys(check).length === 0)).toEqual([]);
  const withoutModel = new Set(["sql-reviewer", "load-zh"]);
  const unrecorded = catalogCases.filter(({ id }) => {
    const path = join(import.meta.dirname, "recordings", `${id}.json`);
    return !withoutModel.has(id) && (!existsSync(path) || readAskingRecording(path)?.calls.length === 0);
  });
  expect(unrecorded.map(({ id }) => id)).toEqual([]);
});
