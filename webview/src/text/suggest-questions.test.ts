import { describe, expect, test } from "vitest";
import type { ColumnProfile, TableProfile, TableTotal } from "../../../src/agents/protocol/table-profile.ts";
import { en } from "../strings/en.ts";
import { zh } from "../strings/zh.ts";
import { stringsForQuestion, stringsForTable } from "./conversation-strings.ts";
import { suggestQuestions } from "./suggest-questions.ts";

const empty = { nulls: 0, distinct: 5, min: 1, max: 2, mean: null, sum: null, quartiles: null, top: [] };

type Fields = Partial<ColumnProfile> & Pick<ColumnProfile, "name" | "type">;

function profile(columns: readonly Fields[], totals: readonly Partial<TableTotal>[] = []): TableProfile {
  const whole = { rowCount: 802, columns: columns.map((column) => ({ ...empty, ...column })), totals };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the questions look at the columns and totals alone
  return whole as unknown as TableProfile;
}

const deaths: Fields = { name: "Deaths", type: "integer", distinct: 640 };
const year: Fields = { name: "Year", type: "year", distinct: 118 };
const entity: Fields = { name: "Entity", type: "category" };

describe("suggestQuestions", () => {
  test.each<Fields>([
    { name: "ID", type: "identifier", distinct: 802 },
    { name: "ID", type: "integer", distinct: 802 },
    { name: "No.", type: "integer", distinct: 802 },
    { name: "序号", type: "integer", distinct: 802 },
    { name: "index", type: "integer", distinct: 802 },
    { name: "countryCode", type: "integer", distinct: 700 },
    { name: "城市代码", type: "decimal", distinct: 700 },
    { name: "baseYear", type: "integer", distinct: 700 },
  ])("$name ($type) is no measure, the deaths are", (column) => {
    expect(suggestQuestions(profile([column, deaths, year, entity]), en)).toEqual([
      "Which Year has the highest Deaths?",
      "Plot Deaths by Year",
      "Compare Deaths by Entity",
    ]);
    expect(suggestQuestions(profile([column]), en)).toEqual([en.askOverview]);
  });

  test.each<Fields>([
    { name: "Consumer Price Index", type: "decimal", distinct: 800 },
    { name: "index", type: "integer", distinct: 801 },
    { name: "Paid", type: "integer", distinct: 800 },
  ])("$name is a measure", (column) => {
    expect(suggestQuestions(profile([column]), en)).toEqual([en.askDistribution(column.name)]);
  });

  test("what the totals add up comes before what has more values", () => {
    const price: Fields = { name: "Price", type: "money", distinct: 802 };
    const [first] = suggestQuestions(profile([price, deaths, year], [{ measures: ["Deaths"] }]), en);
    expect(first).toBe("Which Year has the highest Deaths?");
  });

  test("only text that never repeats", () => {
    expect(suggestQuestions(profile([{ name: "Note", type: "text", distinct: 900 }]), en)).toEqual([en.askOverview]);
  });
});

test("a table whose columns are called in Chinese is asked about in Chinese, whatever the page speaks", () => {
  const chinese = profile([{ ...deaths, name: "死亡人数" }, { ...year, name: "年份" }, entity]);
  expect(stringsForTable(chinese, en)).toBe(zh);
  expect(stringsForTable(profile([deaths, year, entity]), en)).toBe(en);
  expect(stringsForTable(profile([{ ...deaths, name: "Deaths 死" }, year, entity]), en)).toBe(en);
});

test("what is offered next follows the question's language", () => {
  expect(stringsForQuestion("1901年总死亡人数", en)).toBe(zh);
  expect(stringsForQuestion("合計はいくらですか", en)).toBe(en);
  expect(stringsForQuestion("How many?", zh)).toBe(zh);
});
