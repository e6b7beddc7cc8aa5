import { afterEach, beforeEach, expect, test } from "vitest";
import { AgentError } from "../base/errors.ts";
import { agentName } from "../directory/original-names.ts";
import { AgentDirectory, type AgentFinder } from "../directory/agent-directory.ts";
import { catalogEntry, catalogFinder } from "../directory/catalog-finder.ts";
import { catalog } from "../catalog/index.ts";
import { answer } from "../core/reply.ts";
import { type Analysis, createAnalysis } from "../testing/analysis-fixture.ts";
import { memoryTerms, saidIn } from "../testing/catalog-fixture.ts";

const sql = () => ({ engine: "duckdb", sparkRemote: "" }) as const;
const terms = memoryTerms({ term: "GMV", meaning: "gross merchandise value" });
const approvals = { granted: () => false, ask: () => Promise.resolve("deny" as const) };
let analysis: Analysis;
const directory = new AgentDirectory();
directory.add(catalogFinder);

beforeEach(async () => {
  analysis = await createAnalysis({ catalog: { terms, sql }, own: { directory, approvals } });
});
afterEach(async () => {
  analysis.assertFinished();
  await analysis.dispose();
});

test("the catalog's agents are asked by name, without any file", async () => {
  analysis.author.expect("**Bonjour** is French for hello.");
  const turn = await analysis.session.ask("@common_agent What is hello in French?");
  expect(saidIn(turn)).toEqual([["common_agent", "answer", "**Bonjour** is French for hello."]]);
  expect(analysis.author.requests[0]?.messages[0]?.content).toContain("You are common_agent.");
});

test.each(["@rhetoorical_agent", "@rhetorical_agent", "@rhetorical"])("%s shows the terms", async (name) => {
  const turn = await analysis.session.ask(`${name} show terms`);
  expect(saidIn(turn).at(-1)).toEqual(["rhetorical_agent", "answer", expect.stringContaining("**GMV**")]);
});

test("terms go with a question that has them, and no prompt changes by others", async () => {
  await analysis.attach();
  analysis.author.expect("It is 7.", "It is 8.");
  await analysis.session.ask("/ask What is the GMV?");
  await analysis.session.ask("/ask How many?");
  const [first, second] = analysis.author.requests.map(({ messages }) => messages[1]?.content ?? "");
  expect(first).toContain(
    "What the user means by these terms:\n- GMV: gross merchandise value\n\nQuestion: What is the GMV?",
  );
  expect(second).not.toContain("What the user means");
});

test("an agent without functions of its own is told the terms before the question", async () => {
  analysis.author.expect("It is a sum.");
  const turn = await analysis.session.ask("@common_agent What is GMV for?");
  const said = analysis.author.requests[0]?.messages.slice(1).map(({ content }) => content);
  expect(said?.join("\n")).toMatch(/- GMV: gross merchandise value[^]*What is GMV for\?/u);
  expect(turn.messages.map(({ content }) => content)).toEqual(["What is GMV for?", "It is a sum."]);
});

test("terms that cannot be read are said to be so, and the question is answered", async () => {
  const broken = {
    ...terms,
    list: () => Promise.reject(new AgentError("terms.not-readable", { path: "/t.json", reason: "x" }, "Unreadable.")),
  };
  const other = await createAnalysis({ catalog: { terms: broken, sql }, own: { directory, approvals } });
  await other.attach();
  other.author.expect("It is 7.");
  const turn = await other.session.ask("/ask How many?");
  expect(turn.status).toBe("done");
  expect(turn.blocks).toContainEqual(expect.objectContaining({ kind: "notice", code: "terms-not-readable" }));
  await other.dispose();
});

test("a planner gives steps to agents of the session, and shows what they say on the way", async () => {
  await analysis.attach();
  analysis.author.expect(
    '{"steps": [{"agent": "assistant_agent", "task": "Count the floods."}, {"agent": "common_agent", "task": "Say what a flood is."}]}',
    "There are 3.",
    '{"steps": [{"agent": "common_agent", "task": "Say what a flood is."}]}',
    "Much water.",
    "There are **3** floods: much water.",
  );
  const turn = await analysis.session.ask("@planner Count the floods and say what one is.");
  expect(turn.status).toBe("done");
  expect(saidIn(turn).slice(1)).toEqual([
    ["assistant_agent", "comment", "There are 3."],
    ["common_agent", "comment", "Much water."],
    ["planner", "answer", "There are **3** floods: much water."],
  ]);
});

test("a person's own agent goes before one of the catalog that bears its name", async () => {
  const own = catalogEntry({ name: "planner", purpose: "Mine.", instructions: "" }, [
    { name: "mine", trigger: "anyone", reply: () => Promise.resolve(answer("Mine.")) },
  ]);
  const finder: AgentFinder = {
    entries: [{ ...own, origin: { kind: "file", path: "/p.agent.md" } }],
    onChange: () => () => undefined,
  };
  const both = new AgentDirectory();
  both.add(finder);
  both.add(catalogFinder);
  const other = await createAnalysis({ catalog: { terms, sql }, own: { directory: both, approvals } });
  expect(saidIn(await other.session.ask("@planner Go."))).toEqual([["planner", "answer", "Mine."]]);
  await other.dispose();
});

test("DuckDB that is missing is offered, and the cell then runs again", async () => {
  const installed: string[] = [];
  const other = await createAnalysis({
    catalog: { terms, sql },
    checksSql: (_variable, statement) =>
      statement === ""
        ? { status: "tables", tables: [{ name: "deaths", columns: [{ name: "Deaths", type: "BIGINT" }] }] }
        : { status: "checked", kinds: ["select"], reason: null },
    packageCare: {
      place: () => Promise.resolve({ kind: "managed", folder: "/p" }),
      ask: ({ package: { name, known } }) => {
        installed.push(`${name} ${known ? "known" : "unknown"}`);
        return Promise.resolve({ decision: "install", how: "person" });
      },
      install: () => Promise.resolve({ restart: false }),
    },
  });
  await other.attach();
  const message = "No module named 'duckdb'";
  other.python.expect(
    { status: "error", outputs: [{ type: "error", name: "ModuleNotFoundError", message, traceback: message }] },
    { code: "import duckdb" },
    { code: "SELECT 1", print: "1" },
  );
  other.author.expect("```sql\nSELECT 1\n```", "It is 1.");
  const turn = await other.session.ask("@spark_sql_agent How many?");
  expect(installed).toEqual(["duckdb known"]);
  expect(saidIn(turn).at(-1)).toEqual(["spark_sql_agent", "answer", "It is 1."]);
  other.assertFinished();
  await other.dispose();
});

test("every name of the original leads to an agent of the catalog", () => {
  const names = catalog.map(({ name }) => name);
  for (const old of ["privew_file_agent", "rhetoorical_agent", "llama_index_query_agent", "byzer_engine_agent"]) {
    expect(names).toContain(agentName(old));
  }

  expect(agentName("toString")).toBe("toString");
});
