import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Turn } from "../../src/agents/protocol/session-state.ts";
import { type SqlSession, createSqlSession, statement } from "./sql-session.ts";

/** Half a gigabyte: made by `npm run setup:spark`, or named by `BYZER_TEST_SPARK`. */
const python = process.env["BYZER_TEST_SPARK"] ?? resolve(import.meta.dirname, "../../.cache/spark/bin/python");
const missing = [
  ...(existsSync(python) ? [] : [`there is no ${python} (npm run setup:spark makes it)`]),
  ...(spawnSync("java", ["-version"]).status === 0 ? [] : ["there is no Java"]),
];
if (missing.length > 0) {
  process.stderr.write(`Spark is not tested: ${missing.join(", ")}.\n`);
}

let session: SqlSession;
const cellsOf = (turn: Turn) => turn.blocks.filter((block) => block.kind === "cell");
const tableOf = (turn: Turn) =>
  cellsOf(turn)
    .flatMap(({ outputs }) => outputs)
    .findLast((output) => output.type === "table");
const lastTold = () => session.town.model.requests.at(-1)?.messages.at(-1)?.content ?? "";

function write(name: string, content: string): string {
  const path = join(session.folder, name);
  writeFileSync(path, content);
  return path;
}

/** Starting Spark starts a process, or uses the network: it is reviewed and asked for. */
function expectStart(): void {
  session.town.reviewer.expect('{"verdict": "approve", "comment": "It starts Spark."}');
}

async function query(sql: string): Promise<Turn> {
  session.town.model.expect(statement(sql), "Done.");
  return await session.ask("What is in it?");
}

afterEach(async () => {
  session.town.assertFinished();
  await session.dispose();
});

describe.skipIf(missing.length > 0)("Spark on this machine", () => {
  beforeEach(() => {
    session = createSqlSession({ engine: "spark", sparkRemote: "" }, python);
  });

  it("answers, checks before it runs, and asks before it changes anything", { timeout: 400_000 }, async () => {
    const path = write(
      "销售 2024.csv",
      "城市,Total Sales,day\n北京,3,2024-01-01\n上海,,2024-01-02\n广州,5,2024-01-03\n北京,4,2024-01-04\n",
    );
    await session.town.attach(path);
    expectStart();
    const turn = await query(
      "SELECT `城市`, SUM(`Total Sales`) AS s, COUNT(*) AS n FROM `销售_2024` GROUP BY `城市` ORDER BY s DESC NULLS LAST",
    );
    expect(session.town.approvals).toEqual([
      expect.objectContaining({ effects: expect.arrayContaining([expect.objectContaining({ kind: "process" })]) }),
    ]);
    expect(turn.messages.at(-1)?.content).toBe("Done.");
    expect(tableOf(turn)?.rows).toEqual([
      ["北京", 7, 2],
      ["广州", 5, 1],
      ["上海", null, 1],
    ]);
    expect(session.town.model.requests[0]?.messages[1]?.content).toContain("`Total Sales` | double");

    for (const [sql, problem] of [
      ["SELECT total_sales FROM `销售_2024`", "There is no column `total_sales` here. Nearest: `Total Sales`"],
      ["SELECT * FROM `销售`", "There is no table `销售`. `销售_2024` was probably meant."],
      ["SELECT 1; SELECT 2", "These are 2 statements."],
      ["SELECT * FROM text.`/etc/passwd`", "Files cannot be read by their paths"],
      ["SELECT reflect('java.lang.System', 'getProperty', 'user.home')", "Functions that call Java"],
      ["SELECT `reflect`('java.lang.System', 'getProperty', 'user.home')", "Functions that call Java"],
      ["SELECT IDENTIFIER('re' || 'flect')('java.lang.System', 'getProperty', 'user.home')", "IDENTIFIER"],
      ["SELECT TRANSFORM(day) USING 'cat' AS (d) FROM `销售_2024`", "Programs cannot be started"],
      ["SELECT max(d) FROM (FROM `销售_2024` MAP day USING 'cat' AS d)", "Programs cannot be started"],
      ["SET spark.sql.shuffle.partitions = 1", "A statement of this kind (SET)"],
      ["SELECT (`城市` FROM `销售_2024`", "syntax error"],
      ["SELEC 1", "A statement of this kind (SELEC) is not run here"],
    ] as const) {
      session.town.model.expect(statement(sql), "It cannot be told.");
      // One after the other, in one Spark.
      // oxlint-disable-next-line no-await-in-loop
      expect(cellsOf(await session.ask("How many?"))).toEqual([]);
      expect(lastTold(), sql).toMatch(new RegExp(problem.replaceAll(/[()]/gu, String.raw`\$&`), "iu"));
    }

    session.town.refuses = ({ effects }) => effects.some(({ kind }) => kind === "change-data");
    session.town.model.expect(statement("DROP VIEW `销售_2024`"));
    session.town.reviewer.expect('{"verdict": "approve", "comment": "It drops a view."}');
    expect(cellsOf(await session.ask("Drop it.")).at(-1)?.phase).toBe("denied");
    expect(session.town.approvals.at(-1)?.effects).toMatchObject([{ kind: "change-data" }]);
    expect(tableOf(await query("WITH a AS (SELECT * FROM `销售_2024`) SELECT max(day) AS d FROM a"))?.rows).toEqual([
      ["2024-01-04"],
    ]);
  });
});

describe.skipIf(missing.length > 0)("Spark on a server", () => {
  let home = "";
  let server: ChildProcess | undefined;
  let port = 0;

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), "byzer-spark-server-"));
    port = await freePort();
    const where = "import os, pyspark; print(os.path.dirname(pyspark.__file__))";
    const installed = execFileSync(python, ["-c", where], { encoding: "utf8" }).trim();
    const command = [
      "--class",
      "org.apache.spark.sql.connect.service.SparkConnectServer",
      "--conf",
      `spark.connect.grpc.binding.port=${port}`,
      "--conf",
      "spark.connect.grpc.binding.address=127.0.0.1",
      "--conf",
      "spark.ui.enabled=false",
      "--conf",
      `spark.sql.warehouse.dir=${join(home, "warehouse")}`,
    ];
    server = spawn(join(installed, "bin", "spark-submit"), [...command, "spark-internal"], {
      cwd: home,
      env: { ...process.env, SPARK_HOME: installed, PYSPARK_PYTHON: python },
      stdio: "ignore",
      detached: true,
    });
    await untilOpen(port);
  });
  afterAll(() => {
    if (server?.pid !== undefined) {
      process.kill(-server.pid, "SIGKILL");
    }
    rmSync(home, { recursive: true, force: true });
  });
  beforeEach(() => {
    session = createSqlSession({ engine: "spark", sparkRemote: `sc://127.0.0.1:${port}` }, python);
  });

  it("answers over Spark Connect, after a yes for the network", { timeout: 400_000 }, async () => {
    await session.town.attach(write("deaths.csv", "Entity,Deaths\nFlood,3\nDrought,4\nFlood,9\n"));
    expectStart();
    const turn = await query("SELECT `Entity`, SUM(`Deaths`) AS s FROM `deaths` GROUP BY 1 ORDER BY 1");
    expect(session.town.approvals).toEqual([
      expect.objectContaining({ effects: expect.arrayContaining([expect.objectContaining({ kind: "network" })]) }),
    ]);
    expect(turn.messages.at(-1)?.content).toBe("Done.");
    expect(tableOf(turn)?.rows).toEqual([
      ["Drought", 4],
      ["Flood", 12],
    ]);
    session.town.model.expect(statement("SELECT `Death` FROM `deaths`"), "It cannot be told.");
    await session.ask("How many?");
    expect(lastTold()).toContain("Nearest: `Deaths`");
  });
});

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => {
    probe.listen(0, "127.0.0.1", done);
  });
  const address = probe.address();
  await new Promise((done) => {
    probe.close(done);
  });
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function untilOpen(port: number): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    // oxlint-disable-next-line no-await-in-loop
    const isOpen = await new Promise<boolean>((done) => {
      const socket = connect(port, "127.0.0.1");
      socket.once("connect", () => {
        socket.destroy();
        done(true);
      });
      socket.once("error", () => done(false));
    });
    if (isOpen) {
      return;
    }
    // oxlint-disable-next-line no-await-in-loop
    await new Promise((done) => {
      setTimeout(done, 500);
    });
  }
  throw new Error(`Nothing listens on port ${port}.`);
}
