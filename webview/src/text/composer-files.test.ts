import { expect, test } from "vitest";
import { completed, fileCompletions, fileQueryAt } from "./composer-command.ts";

const file = (name: string, folder = "") => ({ path: `/w/${folder}/${name}`, name, folder, kind: "table" as const });

test.each([
  ["@", 1, { text: "", from: 0, to: 1 }],
  ["compare @sal", 12, { text: "sal", from: 8, to: 12 }],
  ["compare @sales.csv with", 11, { text: "sales.csv", from: 8, to: 18 }],
  ["比较（@销售", 6, { text: "销售", from: 3, to: 6 }],
  ["比较，@data/a", 10, { text: "data/a", from: 3, to: 10 }],
])("in %j at %i a file is being named", (draft, caret, query) => {
  expect(fileQueryAt(draft, caret)).toEqual(query);
});

test.each([
  ["", 0],
  ["mail me@example.org", 19],
  ["@sales.csv and", 14],
  ["sales", 5],
])("in %j at %i none is", (draft, caret) => {
  expect(fileQueryAt(draft, caret)).toBeNull();
});

test("a file that is picked stands in the question by its name, with the caret behind it", () => {
  const query = { text: "sal", from: 8, to: 12 };
  const [completion] = fileCompletions(query, [file("sales 2024.csv", "data")]);
  expect(completion && completed("compare @sal with last year", completion)).toEqual({
    draft: "compare sales 2024.csv with last year",
    caret: 23,
  });
});

test("a workspace is asked about without standing in the question", () => {
  const query = { text: "wor", from: 8, to: 12 };
  const [completion] = fileCompletions(query, [{ path: "/w", name: "company", folder: "", kind: "workspace" }]);
  expect(completion?.label).toBe("@workspace");
  expect(completion && completed("look in @wor for holidays", completion)).toEqual({
    draft: "look in for holidays",
    caret: 8,
  });
});
