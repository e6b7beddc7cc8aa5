import { afterEach, expect, test } from "vitest";
import { catalog } from "../catalog/index.ts";
import { type Analysis, createAnalysis } from "../testing/analysis-fixture.ts";
import { codeCall, systemIn, toldIn } from "../testing/model-words.ts";
import { placeForReview, placeRule, placedInstructions } from "./place-words.ts";

let analysis: Analysis | undefined;

afterEach(() => analysis?.dispose());

test("of a Python on this machine nothing is said", () => {
  expect(placeRule({ place: "terminal" })).toBeNull();
  expect(placeForReview({ place: "process" }, "/home/work")).toEqual([]);
  expect(placedInstructions("It runs on the user's machine.", { place: "terminal" })).toContain("the user's machine");
});

test("where nothing may be written here, nothing is said to be brought", () => {
  const place = { place: "cluster", node: "10.0.0.7", bringsFiles: false } as const;
  expect(placeRule(place)).toMatch(/^This Python runs on 10\.0\.0\.7.* stay on that machine/u);
  expect(placeForReview(place, "/home/work").join("")).not.toContain("/home/work");
  expect(placeForReview({ ...place, bringsFiles: true }, "/home/work").join("")).toContain('folder "/home/work"');
});

test("no agent of the catalog says of a cluster that it is the user's machine", () => {
  const said = catalog.map(({ instructions }) => instructions);
  expect(said.filter((text) => /user's (?:own interpreter|machine)/u.test(text)).length).toBeGreaterThan(3);
  const placed = said.map((text) => placedInstructions(text, { place: "cluster" }));
  expect(placed.filter((text) => /user's (?:own interpreter|machine)/u.test(text))).toEqual([]);
});

test("an author and a reviewer on a cluster are told so, and where written files go", async () => {
  analysis = await createAnalysis({ place: "cluster", inspect: () => writing });
  const { session, author, reviewer } = analysis;
  await analysis.attach();
  author.expect(codeCall("frame.to_csv('by_region.csv')"), "Saved.");
  reviewer.expect('{"verdict": "approve", "comment": "It writes a file."}');
  await session.ask("/ask Save sums by region as by_region.csv");
  expect(systemIn(author.requests[0])).toContain("not on the user's machine");
  expect(systemIn(author.requests[0])).toContain("200 files and 500 MB");
  expect(systemIn(author.requests[0])).not.toContain("own interpreter");
  expect(systemIn(reviewer.requests[0])).toContain("before it runs on a machine of the user's cluster");
  expect(toldIn(reviewer.requests[0])).toContain("is then brought to the user's folder");
});

const writing = {
  syntaxError: null,
  imports: [],
  effects: [{ kind: "write-file" as const, detail: "by_region.csv", line: 1 }],
};
