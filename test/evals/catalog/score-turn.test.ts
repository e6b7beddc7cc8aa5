import { expect, test } from "vitest";
import type { Message } from "../../../src/agents/protocol/message.ts";
import type { Block, Turn } from "../../../src/agents/protocol/session-state.ts";
import type { TurnCheck } from "./catalog-case.ts";
import type { CatalogTurn } from "./catalog-world.ts";
import { faultsOf } from "./score-turn.ts";

const words = (role: "answer" | "comment", said: string): Block => ({
  kind: "text",
  id: said,
  agent: "planner",
  role,
  text: said,
  complete: true,
  citations: [],
  doubts: [],
});

function message(from: string, to: string, metadata: Message["metadata"] = {}): Message {
  return { id: `${from} ${to}`, from, to, content: "", metadata, requestReply: true, silent: false };
}

function asked(blocks: readonly Block[], messages: readonly Message[] = []): CatalogTurn {
  const turn: Turn = {
    id: "1",
    question: "?",
    agent: null,
    startedAt: 0,
    status: "done",
    progress: null,
    blocks,
    messages,
    usage: {
      models: [],
      calls: 0,
      promptTokens: 0,
      completionTokens: 0,
      estimated: false,
      modelMs: 0,
      byAgent: [],
    },
    durationMs: 0,
    pythonMs: 0,
    problem: null,
  };
  return {
    turn,
    approvals: [],
    terms: [{ term: "GMV", meaning: "all orders" }],
    files: ["a.csv"],
    requests: ["GMV: all"],
  };
}

const sql = "SELECT 1";
const toReviewer = message("spark_sql_agent", "sql_reviewer_agent", { sql });
const approved = message("sql_reviewer_agent", "spark_sql_agent", { verdict: "approved", kind: "query" });
const rejected = message("sql_reviewer_agent", "spark_sql_agent", { verdict: "rejected" });
const run = message("spark_sql_agent", "python_interpreter", {
  code: `answer = duck.execute("""\n${sql}\n""")\nanswer`,
});
const other = message("spark_sql_agent", "python_interpreter", { code: 'duck.execute("""\nSELECT 2\n""")' });
const setUp = message("spark_sql_agent", "python_interpreter", { code: "import duckdb\nduck = duckdb.connect()" });

test.each<[string, CatalogTurn, TurnCheck, readonly string[]]>([
  ["a figure", asked([words("answer", "It is **1,234**.")]), { says: [1234], language: "en" }, []],
  ["another figure", asked([words("answer", "It is 1235.")]), { says: [1234] }, ["does not say 1234"]],
  ["a figure it must not say", asked([words("answer", "7")]), { saysNot: [7] }, ["says 7"]],
  [
    "English for Chinese",
    asked([words("answer", "The best of all four is 江滨店.")]),
    { language: "zh" },
    ["answers in en"],
  ],
  ["Chinese with names", asked([words("answer", "最高的是 Porto，共 7880 EUR。")]), { language: "zh" }, []],
  [
    "a reviewed statement",
    asked([], [setUp, toReviewer, rejected, toReviewer, approved, run]),
    { statements: 1, speakers: ["spark_sql_agent", "sql_reviewer_agent", "spark_sql_agent"] },
    [],
  ],
  ["too few statements", asked([], [setUp]), { statements: 1 }, ["runs 0 statements"]],
  [
    "one after a rejection",
    asked([], [toReviewer, rejected, run]),
    {},
    [expect.stringContaining("without an approval")],
  ],
  ["another than approved", asked([], [toReviewer, approved, other]), {}, [expect.stringContaining("SELECT 2")]],
  [
    "one approval for two",
    asked([], [toReviewer, approved, run, run]),
    {},
    [expect.stringContaining("without an approval")],
  ],
  [
    "speakers in another order",
    asked([], [approved, toReviewer]),
    { speakers: ["spark_sql_agent", "sql_reviewer_agent"] },
    ["sql_reviewer_agent does not speak in its turn"],
  ],
  [
    "a speaker that should not",
    asked([], [approved]),
    { silent: ["sql_reviewer_agent"] },
    ["sql_reviewer_agent speaks"],
  ],
  ["no yes asked for", asked([]), { asked: ["network"] }, ["does not ask about network"]],
  ["no chart, no tool", asked([]), { images: 1, tools: ["hand_off"] }, ["draws 0 images", "does not use hand_off"]],
  ["terms", asked([]), { terms: { GMV: "all" }, told: ["GMV: all"], files: ["a.csv"] }, []],
  ["a term that is not kept", asked([]), { terms: { BF: "" } }, ["keeps of BF: nothing, without "]],
  ["a term too many", asked([]), { terms: {} }, ["keeps GMV"]],
  [
    "what no model was told",
    asked([]),
    { told: ["BF"], notTold: ["GMV"] },
    ["tells no model: BF", "tells a model: GMV"],
  ],
  ["other files", asked([]), { files: ["b.csv"] }, ["has the files a.csv"]],
  [
    "the same plan",
    asked([words("comment", "The plan:\n\n1. A → `x`\n2. B → `y`")]),
    { replanned: true },
    ["shows no other plan after a failure"],
  ],
  [
    "another plan",
    asked([words("comment", "The plan:\n\n1. A → `x`"), words("comment", "剩余步骤：\n\n2. B → `y`")]),
    { replanned: true },
    [],
  ],
])("%s", (_name, turn, check, faults) => {
  expect(faultsOf(turn, check)).toEqual(faults);
});

test("a turn that failed is a fault, whatever was said", () => {
  const failed = asked([words("answer", "7")]);
  const turn: Turn = { ...failed.turn, status: "failed", problem: { code: "x", message: "Gone.", details: {} } };
  expect(faultsOf({ ...failed, turn }, { says: [7] })).toEqual(["ended as failed: Gone."]);
});
