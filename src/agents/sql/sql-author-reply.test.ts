import { afterEach, beforeEach, expect, test } from "vitest";
import { sparkSqlAgent } from "../catalog/spark-sql-agent.ts";
import { sqlReviewerAgent } from "../catalog/sql-reviewer-agent.ts";
import type { SqlCheck } from "../ports/interpreter.ts";
import { type CatalogTown, createCatalogTown, memoryTerms, saidIn } from "../testing/catalog-fixture.ts";
import { type FakePython, createFakePython } from "../testing/fake-interpreter.ts";
import { sampleProfile } from "../testing/sample-profile.ts";

let python: FakePython;
let town: CatalogTown;
/** What the engine says of a statement; it fits where nothing is said. */
let checks: Map<string, SqlCheck>;
/** Whether the engine has the tables. */
let isSetUp: boolean;

beforeEach(async () => {
  checks = new Map();
  isSetUp = true;
  python = createFakePython({
    checksSql: (_variable, sql) => {
      if (sql === "") {
        const columns = [{ name: "Deaths", type: "BIGINT" }];
        return { status: "tables", tables: isSetUp ? [{ name: "deaths", columns }] : [] };
      }

      return checks.get(sql) ?? { status: "checked", kinds: ["select"], reason: null };
    },
  });
  town = createCatalogTown({
    python,
    profiler: {
      profile: ({ path }) => Promise.resolve(sampleProfile({ path, name: "deaths.csv", sheets: [] })),
      findJoins: () => Promise.resolve([]),
    },
    folder: "/data",
    downloads: "/out",
    terms: memoryTerms({ term: "CFR", meaning: "deaths per case" }, { term: "AOV", meaning: "order value" }),
  });
  await town.attach("/data/deaths.csv");
});
afterEach(() => {
  town.assertFinished();
  python.assertFinished();
});

const statement = (sql: string) => `\`\`\`sql\n${sql}\n\`\`\``;
const ask = (question: string) => town.ask(sparkSqlAgent.name, question);

test("an author writes, has it checked and run, and answers from the result", async () => {
  town.model.expect(`I add up.\n${statement("SELECT 1")}`, "It is **41**.");
  python.expect({ code: "import duckdb" }, { code: "SELECT 1", print: "41" });
  const turn = await ask("What is the CFR?");
  expect(saidIn(turn)).toEqual([
    ["spark_sql_agent", "comment", "I add up."],
    ["spark_sql_agent", "answer", "It is **41**."],
  ]);
  expect(turn.messages.map(({ from, to }) => [from, to])).toEqual([
    ["user", "spark_sql_agent"],
    ["spark_sql_agent", "python_interpreter"],
    ["python_interpreter", "spark_sql_agent"],
    ["spark_sql_agent", "sql_reviewer_agent"],
    ["sql_reviewer_agent", "spark_sql_agent"],
    ["spark_sql_agent", "python_interpreter"],
    ["python_interpreter", "spark_sql_agent"],
    ["spark_sql_agent", "user"],
  ]);
  const asked = town.model.requests[0]?.messages[1]?.content ?? "";
  expect(asked).toContain('"Deaths" | BIGINT');
  expect(asked).toContain("- CFR: deaths per case");
  expect(asked).not.toContain("AOV");
});

test("figures that no result has are sent back once, and marked where they stay", async () => {
  town.model.expect(statement("SELECT 1"), "It is 7654321.", "It is 7654321.");
  python.expect({}, { print: "41" });
  const turn = await ask("How many?");
  expect(town.model.requests.at(-1)?.messages.at(-1)?.content).toContain("7654321");
  expect(saidIn(turn)).toEqual([["spark_sql_agent", "answer", "It is 7654321."]]);
  expect(turn.blocks).toContainEqual(expect.objectContaining({ kind: "notice", code: "unsupported-figures" }));
});

test("an empty answer is asked for again, and then the model is said to be mute", async () => {
  town.model.expect("", "");
  python.expect({});
  await expect(ask("How many?")).rejects.toThrow("answered with nothing, twice");
});

test("statements end", async () => {
  town.model.expect(...Array.from({ length: 8 }, () => statement("SELECT 1")), statement("SELECT 2"));
  python.expect({}, ...Array.from({ length: 8 }, () => ({ print: "1" })));
  const turn = await ask("How many?");
  expect(town.model.requests.at(-1)?.messages.at(-1)?.content).toContain("No more statements can be run");
  expect(turn.messages.at(-1)?.content).toContain("SELECT 2");
});

test("tables that went with their Python are set up again", async () => {
  checks.set("SELECT 1", { status: "absent" });
  town.model.expect(
    () => {
      isSetUp = false;
      return statement("SELECT 1");
    },
    () => {
      checks.clear();
      return statement("SELECT 1");
    },
    "It is 1.",
  );
  python.expect({ code: "import duckdb" }, { code: "import duckdb" }, { print: "1" });
  await ask("How many?");
});

test("a setup that fails is said, with the way out", async () => {
  const traceback = "pyspark.errors.PySparkRuntimeError: [JAVA_GATEWAY_EXITED] Java gateway process exited.";
  python.expect({
    status: "error",
    outputs: [{ type: "error", name: "PySparkRuntimeError", message: "x", traceback }],
  });
  town.model.expect();
  const turn = await ask("How many?");
  expect(saidIn(turn).at(-1)?.[2]).toContain("Spark needs Java 17 or later");
});

test("a reviewer whose engine is gone says so", async () => {
  checks.set("SELECT 1", { status: "absent" });
  python.expect({ code: "import duckdb" });
  const turn = await town.ask(sqlReviewerAgent.name, statement("SELECT 1"));
  expect(saidIn(turn).at(-1)?.[2]).toContain("The tables are gone");
});

test("of earlier questions an author is told the statements, and not the Python around them", async () => {
  town.model.expect(statement("SELECT 1"), "It is **41**.", "It is still **41**.");
  python.expect({ code: "import duckdb" }, { code: "SELECT 1", print: "41" });
  await ask("How many?");
  await ask("And now?");
  const told = town.model.requests.at(-1)?.messages[1]?.content ?? "";
  expect(told).toContain("Code that ran for it:\nSELECT 1\nexitcode: 0 (execution succeeded)\nCode output: 41");
  expect(told).not.toMatch(/duckdb\.|duck\.|import /u);
});
