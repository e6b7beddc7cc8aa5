import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { sqlReviewerAgent } from "../../src/agents/catalog/sql-reviewer-agent.ts";
import type { TableOutput } from "../../src/agents/protocol/cell-output.ts";
import type { CellBlock, Turn } from "../../src/agents/protocol/session-state.ts";
import { type SqlSession, createSqlSession, statement } from "./sql-session.ts";
import { testPython } from "./test-python.ts";

let session: SqlSession;
beforeEach(() => {
  session = createSqlSession();
});
afterEach(async () => {
  session.town.assertFinished();
  await session.dispose();
});

function write(name: string, content: string | Uint8Array): string {
  const path = join(session.folder, name);
  writeFileSync(path, content);
  return path;
}

/** Makes files with Python. `folder` is set in the code. */
function python(code: string): void {
  execFileSync(testPython(), ["-c", code], { cwd: session.folder });
}

const cellsOf = (turn: Turn): readonly CellBlock[] => turn.blocks.filter((block) => block.kind === "cell");
const answerOf = (turn: Turn): string | undefined =>
  turn.blocks.findLast((block) => block.kind === "text" && block.role === "answer")?.kind === "text"
    ? turn.blocks.filter((block) => block.kind === "text").findLast(({ role }) => role === "answer")?.text
    : undefined;
const tableOf = (turn: Turn): TableOutput | undefined =>
  cellsOf(turn)
    .flatMap(({ outputs }) => outputs)
    .findLast((output) => output.type === "table");
const lastRequest = () => session.town.model.requests.at(-1)?.messages.map(({ content }) => content) ?? [];

/** Asks with one statement and an answer. */
async function query(sql: string): Promise<Turn> {
  session.town.model.expect(statement(sql), "Done.");
  return await session.ask("What is in it?");
}

describe("a question about a table", () => {
  it("is answered from the result of a statement, which is a table in the transcript", async () => {
    await session.town.attach(write("deaths.csv", "Entity,Year,Deaths\nFlood,1901,3\nDrought,1901,4\nFlood,1902,9\n"));
    session.town.model.expect(
      `First the sums.\n${statement('SELECT "Entity", SUM("Deaths") AS deaths, COUNT(*) AS n\nFROM "deaths"\nGROUP BY 1\nORDER BY 1')}`,
      "**12** people died in floods.",
    );
    const turn = await session.ask("How many died in floods?");
    expect(tableOf(turn)).toMatchObject({
      columns: [{ name: "Entity" }, { name: "deaths", kind: "number" }, { name: "n" }],
      rows: [
        ["Drought", 4, 1],
        ["Flood", 12, 2],
      ],
    });
    expect(answerOf(turn)).toBe("**12** people died in floods.");
    expect(turn.blocks).toContainEqual(
      expect.objectContaining({ kind: "text", role: "comment", text: "First the sums." }),
    );
    expect(cellsOf(turn).map(({ code, phase }) => [phase, code.includes("duck.execute")])).toEqual([
      ["ok", true],
      ["ok", true],
    ]);
    expect(session.town.approvals).toEqual([]);
    const [system = "", asked = ""] = lastRequest();
    expect(system).toContain("You write DuckDB.");
    expect(asked).toContain('Table "deaths" (deaths.csv, 3 rows)');
    expect(asked).toContain('"Deaths" | BIGINT | 0 | 3 | 3 | 9');
    expect(lastRequest().at(-1)).toContain("Drought | 4 | 1");
  });

  it("sets the tables up once, and again when Python or the files are others", async () => {
    await session.town.attach(write("a.csv", "x\n1\n2\n"));
    expect(cellsOf(await query("SELECT sum(x) FROM a"))).toHaveLength(2);
    expect(cellsOf(await query("SELECT sum(x) FROM a"))).toHaveLength(1);
    await session.town.closePython();
    expect(cellsOf(await query("SELECT sum(x) FROM a"))).toHaveLength(2);
    await session.town.attach(write("b.csv", "y\n5\n"));
    const turn = await query("SELECT sum(x) + sum(y) AS s FROM a CROSS JOIN b");
    expect(cellsOf(turn)).toHaveLength(2);
    expect(tableOf(turn)?.rows).toEqual([[13]]);
  });

  it("keeps whole numbers, decimals and dates as they are", async () => {
    await session.town.attach(
      write("big.csv", "amount,day\n9007199254740993,2024-02-29\n1,2024-03-01\n1,2024-03-02\n"),
    );
    const turn = await query("SELECT sum(amount) AS s, max(day) AS d, 0.1::DECIMAL(5,2) AS p, NULL AS n FROM big");
    expect(tableOf(turn)?.rows).toEqual([["9007199254740995", "2024-03-02", "0.10", null]]);
  });

  it("says so where no file holds a table", async () => {
    const turn = await session.ask("Wie viele?");
    expect(answerOf(turn)).toContain("There is no table");
  });
});

describe("kinds of files", () => {
  it("asks CSV, Parquet, SQLite and workbooks in one statement", async () => {
    python(`
import pandas as pd, sqlite3
pd.DataFrame({"k": [1, 2], "v": [10, 20]}).to_parquet("p.parquet")
c = sqlite3.connect("shop.db")
c.execute("CREATE TABLE customers (id INTEGER, name TEXT)")
c.execute("CREATE TABLE orders (customer INTEGER, total REAL)")
c.executemany("INSERT INTO customers VALUES (?, ?)", [(1, "Ann"), (2, "Bo")])
c.executemany("INSERT INTO orders VALUES (?, ?)", [(1, 5.5), (1, 4.5), (2, 1.0)])
c.commit()
with pd.ExcelWriter("book.xlsx") as w:
    pd.DataFrame({"k": [1, 2], "单价": [3, 4]}).to_excel(w, sheet_name="一月", index=False)
    pd.DataFrame({"k": [1], "单价": [30]}).to_excel(w, sheet_name="Feb 2", index=False)
`);
    await session.town.attach(
      write("c.csv", "k,w\n1,100\n2,200\n"),
      ...["p.parquet", "shop.db", "book.xlsx"].map((name) => join(session.folder, name)),
    );
    const turn =
      await query(`SELECT customers.name, sum(total) AS t, min(v) AS v, min(w) AS w, min(a."单价") AS a, min(b."单价") AS b
FROM customers JOIN orders ON customers.id = orders.customer
JOIN p ON p.k = id JOIN c ON c.k = id JOIN "book_一月" a ON a.k = id LEFT JOIN book_Feb_2 b ON b.k = id
GROUP BY customers.name ORDER BY 1`);
    expect(tableOf(turn)?.rows).toEqual([
      ["Ann", 10, 10, 100, 3, 30],
      ["Bo", 1, 20, 200, 4, null],
    ]);
  });

  it("reads GB18030 with Chinese names, and names with blanks and quotes", async () => {
    const gb = execFileSync(testPython(), [
      "-c",
      'import sys; sys.stdout.buffer.write("城市,销售 额,a\\"b\\n北京,3,1\\n上海,4,2\\n广州,5,3\\n".encode("gb18030"))',
    ]);
    await session.town.attach(write("销售 2024.csv", gb));
    const turn = await query(
      'SELECT "城市", "销售 额" * 2 AS "双倍", "a""b" FROM 销售_2024 ORDER BY "销售 额" DESC LIMIT 1',
    );
    expect(tableOf(turn)).toMatchObject({
      columns: [{ name: "城市" }, { name: "双倍" }, { name: 'a"b' }],
      rows: [["广州", 10, 3]],
    });
    expect(lastRequest()[1]).toContain('"销售 额" | BIGINT');
  });

  it("takes file names, column names and cells for nothing but names and data", async () => {
    const name = `x'); DROP TABLE a; --".csv`;
    await session.town.attach(
      write(name, `"v""; DROP TABLE a; --",w\n"'); DROP TABLE a; --",1\n"""quoted""",2\n`),
      write("a.csv", "x\n1\n2\n"),
    );
    const turn = await query(
      `SELECT "v""; DROP TABLE a; --" AS v, (SELECT count(*) FROM a) AS n FROM x_DROP_TABLE_a ORDER BY w`,
    );
    expect(tableOf(turn)?.rows).toEqual([
      ["'); DROP TABLE a; --", 2],
      ['"quoted"', 2],
    ]);
    expect(session.town.approvals).toEqual([]);
  });
});

describe("a statement that cannot run", () => {
  let one: SqlSession;
  beforeAll(async () => {
    one = createSqlSession();
    const path = join(one.folder, "deaths.csv");
    writeFileSync(path, "Entity,Total Deaths\nFlood,3\nDrought,4\n");
    await one.town.attach(path);
    one.town.model.expect(statement('SELECT sum("Total Deaths") FROM deaths'), "7.");
    expect(cellsOf(await one.ask("How many died?"))).toHaveLength(2);
  });
  afterAll(async () => {
    one.town.assertFinished();
    await one.dispose();
  });

  it.each([
    [
      "SELECT deaths FROM deaths WHERE total_deaths > 3",
      'There is no column "total_deaths" here. Nearest: "Total Deaths"',
    ],
    ['SELECT "Entty" FROM deaths', 'Nearest: "Entity" of table "deaths".'],
    ["SELECT * FROM death", 'There is no table "death". "deaths" was probably meant.'],
    ["SELECT 1; SELECT 2", "These are 2 statements."],
    ["SELECT 1; DROP VIEW deaths", "These are 2 statements."],
    ["SELECT * FROM deaths WHERE Entity = ?", "placeholder"],
    ["SELECT * FROM read_csv('/etc/passwd')", "SQL reaches no files"],
    ["SELECT * FROM '/etc/passwd'", 'There is no table "/etc/passwd". The tables are: "deaths".'],
    ["SELECT * FROM glob('/etc/*')", "SQL reaches no files"],
    ["ATTACH '/tmp/x.db'", "A statement of this kind (ATTACH)"],
    ["INSTALL httpfs", "A statement of this kind (LOAD)"],
    ["SET lock_configuration = false", "A statement of this kind (SET)"],
    ["COPY (SELECT * FROM read_csv('/etc/passwd')) TO '/tmp/x.csv'", "SQL reaches no files"],
    ["SELECT FROM WHERE deaths", "syntax error"],
  ])("%s goes back to its author before it runs", async (sql, problem) => {
    one.town.model.expect(statement(sql), "It cannot be told.");
    const turn = await one.ask("How many?");
    expect(one.town.model.requests.at(-1)?.messages.at(-1)?.content).toContain(problem);
    expect(cellsOf(turn)).toEqual([]);
    expect(one.town.approvals).toEqual([]);
  });
});

describe("a statement that does not fit", () => {
  beforeEach(() => session.town.attach(write("deaths.csv", "Entity,Total Deaths\nFlood,3\nDrought,4\n")));

  it("is repaired three times at most", async () => {
    const wrong = statement("SELECT nope FROM deaths");
    session.town.model.expect(wrong, wrong, wrong, wrong, "It cannot be told from the table.");
    const turn = await session.ask("How many?");
    expect(answerOf(turn)).toBe("It cannot be told from the table.");
    expect(lastRequest().at(-1)).toContain("No more statements can be run");
  });

  it("is repaired where it fails while it runs", async () => {
    session.town.model.expect(
      statement('SELECT "Entity"::INTEGER FROM deaths'),
      statement('SELECT TRY_CAST("Entity" AS INTEGER) AS n FROM deaths'),
      "None is a number.",
    );
    const turn = await session.ask("Which are numbers?");
    expect(cellsOf(turn).map(({ phase, repair }) => [phase, repair])).toEqual([
      ["ok", 0],
      ["error", 0],
      ["ok", 1],
    ]);
  });
});

describe("a statement that writes", () => {
  beforeEach(() => session.town.attach(write("deaths.csv", "Entity,Deaths\nFlood,3\nDrought,4\n")));

  it("is reviewed and asked for, and changes no file", async () => {
    session.town.model.expect(statement("DROP VIEW deaths"), "The table is gone.");
    session.town.reviewer.expect('{"verdict": "approve", "comment": "It drops a view."}');
    await session.ask("Drop it.");
    expect(session.town.approvals).toMatchObject([
      { risky: true, effects: [{ kind: "change-data", detail: "DROP VIEW deaths" }] },
    ]);
    expect(readFileSync(join(session.folder, "deaths.csv"), "utf8")).toContain("Flood,3");
    // The next question has the table again.
    expect(tableOf(await query("SELECT count(*) AS n FROM deaths"))?.rows).toEqual([[2]]);
  });

  it("does not run where the person declines", async () => {
    session.town.refuses = ({ effects }) => effects.some(({ kind }) => kind === "change-data");
    session.town.model.expect(statement("DROP VIEW deaths"));
    session.town.reviewer.expect('{"verdict": "approve", "comment": "It drops a view."}');
    const turn = await session.ask("Drop it.");
    expect(cellsOf(turn).at(-1)?.phase).toBe("denied");
    expect(tableOf(await query("SELECT count(*) AS n FROM deaths"))?.rows).toEqual([[2]]);
  });

  it("writes a file that was asked for after a yes, from the tables alone", async () => {
    const target = join(session.folder, "out.csv");
    session.town.model.expect(
      statement(`COPY (SELECT * FROM deaths ORDER BY "Deaths") TO '${target}'`),
      "It is written.",
    );
    session.town.reviewer.expect('{"verdict": "approve", "comment": "It writes the file that was asked for."}');
    await session.ask("Save it as out.csv.");
    expect(session.town.approvals).toMatchObject([{ effects: [{ kind: "write-file", detail: target }] }]);
    expect(existsSync(target) && readFileSync(target, "utf8")).toBe("Entity,Deaths\nFlood,3\nDrought,4\n");
  });
});

describe("the reviewer", () => {
  it("answers a person", async () => {
    await session.town.attach(write("deaths.csv", "Entity,Deaths\nFlood,3\n"));
    const wrong = await session.ask("SELECT Death FROM deaths", sqlReviewerAgent.name);
    expect(answerOf(wrong)).toContain(
      'The statement would not run. There is no column "Death" here. Nearest: "Deaths"',
    );
    const right = await session.ask('SELECT "Deaths" FROM deaths', sqlReviewerAgent.name);
    expect(answerOf(right)).toBe("The statement fits the tables. It reads them and changes nothing.");
    expect(answerOf(await session.ask("hello", sqlReviewerAgent.name))).toBe(
      "There is no SQL statement in this message.",
    );
  });
});
