import { describe, expect, it } from "vitest";
import { countDocuments } from "./json-sequence.ts";

describe("documents one after another", () => {
  it.each([
    ["on one line", '{"a":1}{"a":2}\n{"a":3}', 3],
    ["over several lines", '{\n "a": 1\n}\n{\n "a": 2\n}\n', 2],
    ["with brackets in their text", '{"a":"}{"}{"a":"\\"["}', 2],
    ["lists", "[1,2]\n\n[3]", 2],
    ["one", '{"a":[1,{"b":2}]}', 1],
  ])("%s are counted", (_, text, count) => {
    expect(countDocuments(text)).toBe(count);
  });

  it.each([
    ["the last is cut short", '{"a":1}{"a":'],
    ["there are commas between", '{"a":1},{"a":2}'],
    ["one is no JSON", "{'a':1}{'a':2}"],
    ["it closes what never opened", '{"a":1}}'],
  ])("they are none where %s", (_, text) => {
    expect(countDocuments(text)).toBe(0);
  });
});
