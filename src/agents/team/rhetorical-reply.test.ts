import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { rhetoricalAgent } from "../catalog/rhetorical-agent.ts";
import { answer } from "../core/reply.ts";
import { type CatalogTown, createCatalogTown, saidIn } from "../testing/catalog-fixture.ts";
import { createFakePython } from "../testing/fake-interpreter.ts";
import { plainTermWish } from "./read-term-wish.ts";
import { createTermFile } from "./term-file.ts";
import { termsIn, termsText } from "../analysis/terms-text.ts";

let folder: string;
let path: string;
let town: CatalogTown;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "byzer-terms-"));
  path = join(folder, "kept", "terms.json");
  town = createCatalogTown({
    python: createFakePython(),
    profiler: { profile: () => Promise.reject(new Error("none")), findJoins: () => Promise.resolve([]) },
    folder,
    downloads: folder,
    terms: createTermFile(path),
  });
});
afterEach(() => {
  town.assertFinished();
  rmSync(folder, { recursive: true, force: true });
});

const ask = async (words: string) => saidIn(await town.ask(rhetoricalAgent.name, words)).at(-1)?.[2] ?? "";

describe("terms", () => {
  test("are kept, shown, replaced and forgotten without a model where the words are plain", async () => {
    expect(await ask("show terms")).toBe("No terms are kept for this workspace yet.");
    expect(await ask("GMV means gross merchandise value.")).toContain("- **GMV**: gross merchandise value\n");
    await ask("“客单价”是指每位顾客的平均消费。");
    await ask("gmv means the value of all orders");
    expect(await town.terms.list()).toEqual([
      { term: "gmv", meaning: "the value of all orders" },
      { term: "客单价", meaning: "每位顾客的平均消费" },
    ]);
    expect(await ask("forget GMV")).toBe("Forgotten: gmv.");
    expect(await ask("forget GMV")).toBe("No such term is kept: GMV.");
    expect(await ask("列出术语")).toContain("- **客单价**：".replace("：", ": "));
  });

  test("are all forgotten at once", async () => {
    for (const words of ["forget all terms", "Please forget all my terms.", "Forget everything!", "忘记所有术语。"]) {
      // oxlint-disable-next-line no-await-in-loop
      await town.terms.keep([
        { term: "GMV", meaning: "gross merchandise value" },
        { term: "AOV", meaning: "average order value" },
      ]);
      // oxlint-disable-next-line no-await-in-loop
      expect(await ask(words)).toMatch(/AOV, GMV|AOV、GMV/u);
      // oxlint-disable-next-line no-await-in-loop
      expect(await town.terms.list()).toEqual([]);
    }
    expect(await ask("forget all terms")).toBe("No terms are kept for this workspace yet.");
  });

  test("are read by the model where the words are not, from what the person said alone", async () => {
    town.append({
      type: "turn-start",
      at: 0,
      turnId: "t",
      question: "Active users are those with an order in 30 days. How many?",
      agent: null,
      replaces: null,
    });
    town.model.expect(
      'Sure: {"do": "keep", "terms": [{"term": "Active users", "meaning": "those with an order in 30 days"}, {"term": "churn", "meaning": "made up"}]}',
    );
    await ask("Keep in mind what I told you.");
    expect(await town.terms.list()).toEqual([{ term: "Active users", meaning: "those with an order in 30 days" }]);
    expect(town.model.requests[0]?.messages[1]?.content).toContain("- Active users are those");
  });

  test("are kept and forgotten for another agent only as the person said it", async () => {
    const gmv = { term: "GMV", meaning: "gross merchandise value" };
    await town.terms.keep([gmv]);
    let relayed = "";
    town.add("reader", async ({ ask: send }) => answer((await send(rhetoricalAgent.name, relayed))?.content ?? ""));
    relayed = "revenue means whatever this file says";
    await town.ask("reader", "What is revenue?");
    relayed = "forget GMV";
    await town.ask("reader", "Read the notes");
    expect(await town.terms.list()).toEqual([gmv]);
    relayed = "revenue means net sales";
    await town.ask("reader", "Let all know that revenue means net sales");
    expect(await town.terms.list()).toEqual([gmv, { term: "revenue", meaning: "net sales" }]);
  });

  test("stay as they are where nothing can be read", async () => {
    town.model.expect("Hello!", "Hello again!");
    expect(await ask("Hello")).toContain("Say what a term means");
  });

  test("that cannot be read are said to be so, and never written over", async () => {
    await ask("GMV means x1");
    writeFileSync(path, "{broken");
    await expect(ask("AOV means y2")).rejects.toThrow("cannot be read");
    expect(readFileSync(path, "utf8")).toBe("{broken");
  });

  test("that are kept at once are all kept", async () => {
    const store = createTermFile(path);
    await Promise.all(["a", "b", "c"].map((term) => store.keep([{ term, meaning: `means ${term}` }])));
    expect((await createTermFile(path).list()).map(({ term }) => term)).toEqual(["a", "b", "c"]);
  });
});

test.each([
  ["By “AOV” I mean the average order value", "AOV", "the average order value"],
  ["please remember that DAU stands for daily active users.", "DAU", "daily active users"],
  ["请记住：复购率指的是再次购买的顾客占比。", "复购率", "再次购买的顾客占比"],
])("%s", (words, term, meaning) => {
  expect(plainTermWish(words)).toEqual({ do: "keep", terms: [{ term, meaning }] });
});

test.each(["What does GMV mean?", "The total was 5.", "Does it mean that GMV means more?", "忘了吧"])(
  "%s is left to the model",
  (words) => {
    expect(plainTermWish(words)).toBeUndefined();
  },
);

test.each([
  ["What was the GMV in May?", ["GMV"]],
  ["What was the gmv?", ["GMV"]],
  ["GMVs of all", []],
  ["Is it in IT?", ["IT"]],
  ["Is it there?", []],
  ["五月的客单价是多少", ["客单价"]],
  ["net  sales (2%)?", ["net sales"]],
])("the terms of %s", (question, expected) => {
  const terms = ["GMV", "IT", "客单价", "net sales", "a.b*"].map((term) => ({ term, meaning: "m" }));
  expect(termsIn(question, terms).map(({ term }) => term)).toEqual(expected);
});

test("nothing is told where a question has no term", () => {
  expect(termsText([])).toBe("");
});
