import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CellOutput, TableOutput } from "../../src/agents/protocol/cell-output.ts";
import { startTestInterpreter, type TestInterpreter } from "./test-python.ts";

let session: TestInterpreter;
beforeAll(async () => {
  session = await startTestInterpreter();
});
afterAll(() => session.close());

function ofType<T extends CellOutput["type"]>(outputs: readonly CellOutput[], type: T) {
  return outputs.filter((output): output is Extract<CellOutput, { type: T }> => output.type === type);
}

async function tableOf(code: string): Promise<TableOutput> {
  const { outputs } = await session.run(code);
  const [table] = ofType(outputs, "table");
  if (table === undefined) {
    throw new Error(`no table: ${JSON.stringify(outputs)}`);
  }
  return table;
}

describe("cells", () => {
  it("keeps variables and shows the last value", async () => {
    expect((await session.run("kept = 41")).outputs).toEqual([]);
    expect((await session.run("kept + 1")).outputs).toEqual([{ type: "value", text: "42" }]);
    expect((await session.run("kept + 1;")).outputs).toEqual([]);
    expect((await session.run("None")).outputs).toEqual([]);
  });

  it("tells the streams apart and keeps their order", async () => {
    const { outputs, status } = await session.run(
      "import sys\nprint('out')\nprint('err', file=sys.stderr)\nprint('again')\n'last'",
    );
    expect(status).toBe("ok");
    expect(outputs).toEqual([
      { type: "text", stream: "stdout", text: "out\n" },
      { type: "text", stream: "stderr", text: "err\n" },
      { type: "text", stream: "stdout", text: "again\n" },
      { type: "value", text: "'last'" },
    ]);
  });

  it("streams text while the cell runs", async () => {
    const moments: string[] = [];
    const running = session.interpreter.run(
      {
        cellId: "streaming",
        code: "import time\nprint('first')\ntime.sleep(0.5)\nprint('second')",
        timeLimitMs: 0,
        onOutput: (output) => moments.push(output.type === "text" ? output.text : output.type),
      },
      new AbortController().signal,
    );
    await pause(300);
    expect(moments.join("")).toBe("first\n");
    await running;
    expect(moments.join("")).toBe("first\nsecond\n");
  });

  it("starts tracebacks at the person's code, with its lines", async () => {
    const { outputs, status } = await session.run("def half(x):\n    return x / 0\n\nhalf(1)");
    expect(status).toBe("error");
    const [error] = ofType(outputs, "error");
    expect(error).toMatchObject({ name: "ZeroDivisionError", message: "division by zero" });
    expect(error?.traceback).toMatch(
      /^Traceback \(most recent call last\):\n {2}File "<cell \d+>", line 4, in <module>\n {4}half\(1\)/,
    );
    expect(error?.traceback).toContain("return x / 0");
    expect(error?.traceback).not.toContain("byzer_interpreter");
  });

  it("tells the line of a syntax error", async () => {
    const { outputs, status } = await session.run("x = 1\nx = = 2");
    expect(status).toBe("error");
    expect(ofType(outputs, "error")[0]).toMatchObject({ name: "SyntaxError", message: "invalid syntax (line 2)" });
  });

  it("has a real __main__: classes of cells can be pickled and inspected", async () => {
    const code = [
      "import dataclasses, inspect, pickle",
      "@dataclasses.dataclass",
      "class Point:",
      "    x: int",
      "print(pickle.loads(pickle.dumps(Point(3))))",
      "def twice(x): return x * 2",
      "print(inspect.getsource(twice))",
    ].join("\n");
    expect((await session.run(code)).text).toBe("Point(x=3)\ndef twice(x): return x * 2\n\n");
  });

  it("awaits at the top level", async () => {
    const { outputs } = await session.run("import asyncio\nawait asyncio.sleep(0.01)\nawait asyncio.sleep(0, 'done')");
    expect(outputs).toEqual([{ type: "value", text: "'done'" }]);
  });

  it("captures what child processes print, in order", async () => {
    const code = "import subprocess, sys\nprint('before')\nsubprocess.run(['echo', 'child'])\nprint('after')";
    expect((await session.run(code)).text).toBe("before\nchild\nafter\n");
  });

  it("runs two cells that are asked for at once one after the other", async () => {
    const [first, second] = await Promise.all([
      session.run("import time\ntime.sleep(0.1)\norder = ['first']"),
      session.run("order + ['second']"),
    ]);
    expect(first?.status).toBe("ok");
    expect(second?.outputs).toEqual([{ type: "value", text: "['first', 'second']" }]);
  });

  it("ends the cell, not the session, on sys.exit()", async () => {
    const fine = await session.run("import sys\nstays = 7\nsys.exit()");
    expect(fine.status).toBe("ok");
    expect(fine.text).toContain("the session goes on");
    const failed = await session.run("sys.exit('no data')");
    expect(failed.status).toBe("error");
    expect(ofType(failed.outputs, "error")[0]?.message).toContain("no data");
    expect((await session.run("stays")).outputs).toEqual([{ type: "value", text: "7" }]);
  });

  it("says that nobody can type where there is no terminal", async () => {
    const asked = await session.run("input('name? ')");
    expect(ofType(asked.outputs, "error")[0]).toMatchObject({ name: "EOFError" });
    expect(ofType(asked.outputs, "error")[0]?.message).toContain("nobody is there to type");
    const secret = await session.run("import getpass\ngetpass.getpass()");
    expect(ofType(secret.outputs, "error")[0]?.message).toContain("nobody is there to type");
  });

  it("survives code that rebinds streams and built-ins", async () => {
    const code = [
      "import builtins, io, sys",
      "sys.stdout = io.StringIO()",
      "sys.stderr.close()",
      "builtins.print = None",
      "builtins.len = lambda x: 'wrong'",
      "len = 3",
    ].join("\n");
    expect((await session.run(code)).status).toBe("ok");
    const after = await session.run("del len\nprint('here', len([1, 2]))");
    expect(after.text).toBe("here 2\n");
  });

  it("shows itself nothing of its own secrets", async () => {
    const { outputs } = await session.run("import os\n[name for name in os.environ if name.startswith('BYZER')]");
    expect(outputs).toEqual([{ type: "value", text: "[]" }]);
  });

  it("is not confused by files named like standard modules", async () => {
    writeFileSync(join(session.workingDirectory, "csv.py"), "raise RuntimeError('the wrong csv')\n");
    writeFileSync(join(session.workingDirectory, "my_numbers.py"), "ANSWER = 42\n");
    const { outputs } = await session.run("import csv, my_numbers\nhasattr(csv, 'reader'), my_numbers.ANSWER");
    expect(outputs).toEqual([{ type: "value", text: "(True, 42)" }]);
  });
});

describe("long and strange output", () => {
  it("keeps 100 MB whole on disk, and sends its beginning and end", async () => {
    const { outputs, text } = await session.run(
      "line = 'x' * 99\nfor i in range(1_000_000): print(line)\nprint('the end')",
    );
    const [truncation] = ofType(outputs, "truncation");
    expect(outputs.at(-1)).toBe(truncation);
    expect(truncation?.totalBytes).toBe(100_000_008);
    expect(statSync(join(session.outputDirectory, truncation?.file ?? "")).size).toBe(100_000_008);
    expect(text.length).toBeLessThan(300_000);
    expect(text.endsWith("x\nthe end\n")).toBe(true);
    expect(text).toContain("bytes are not shown here");
  });

  it("holds memory while printing in large pieces", async () => {
    const before = process.memoryUsage().heapUsed;
    const { status } = await session.run("piece = 'y' * 1_000_000\nfor i in range(100): print(piece)");
    expect(status).toBe("ok");
    const peak = await session.run("import resource\nresource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024");
    expect(Number(ofType(peak.outputs, "value")[0]?.text)).toBeLessThan(400);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(100 * 1024 * 1024);
  });

  it("passes binary junk and lone surrogates as text", async () => {
    const { status, text } = await session.run(
      "import sys\nsys.stdout.buffer.write(bytes(range(256)))\nprint('\\ud800', '中文', '\\x00')",
    );
    expect(status).toBe("ok");
    expect(text).toContain("中文");
    expect(text).toContain("\\ud800");
    expect((await session.run("'\\udfff'")).outputs).toEqual([{ type: "value", text: "'\\udfff'" }]);
  });

  it("keeps a character that falls between two batches whole", async () => {
    const { text } = await session.run("print('a' + '中' * 20_000)");
    expect(text).toBe(`a${"中".repeat(20_000)}\n`);
  });

  it("lets a printing thread outlive its cell", async () => {
    const code =
      "import threading, time\ndef late():\n    time.sleep(0.2)\n    print('too late')\nthreading.Thread(target=late).start()\nprint('now')";
    expect((await session.run(code)).text).toBe("now\n");
    await pause(400);
    expect((await session.run("print('next')")).text).toBe("next\n");
  });
});

describe("tables", () => {
  it("types columns and keeps what JSON cannot hold as text", async () => {
    const table = await tableOf(
      [
        "import pandas as pd, decimal",
        "frame = pd.DataFrame({'整数': [1, 2**60, None], 'x': [1.5, float('nan'), float('inf')], 'ok': [True, False, True],",
        "  'day': pd.to_datetime(['2020-01-01', None, '2021-02-03 10:00'], format='mixed'), 'name': ['甲', None, 'b'],",
        "  'money': [decimal.Decimal('1.10'), None, decimal.Decimal('2')]})",
        "frame['整数'] = frame['整数'].astype('Int64')",
        "frame",
      ].join("\n"),
    );
    expect(table.name).toBe("frame");
    expect(table.columns.map((column) => [column.name, column.kind])).toEqual([
      ["整数", "number"],
      ["x", "number"],
      ["ok", "boolean"],
      ["day", "date"],
      ["name", "text"],
      ["money", "number"],
    ]);
    expect(table.rows).toEqual([
      [1, 1.5, true, "2020-01-01", "甲", "1.10"],
      ["1152921504606846976", null, false, null, null, null],
      [null, "inf", true, "2021-02-03 10:00:00", "b", "2"],
    ]);
  });

  it("puts an index that means something first, and flattens columns of several levels", async () => {
    const table = await tableOf(
      "wide = pd.DataFrame({'g': ['a', 'a', 'b'], 'v': [1, 2, 3]}).groupby('g').agg({'v': ['sum', 'mean']})\nwide",
    );
    expect(table.columns.map((column) => column.name)).toEqual(["g", "v / sum", "v / mean"]);
    expect(table.rows).toEqual([
      ["a", 3, 1.5],
      ["b", 3, 3],
    ]);
    const series = await tableOf("pd.Series(['x', 'y', 'x'], name='letter').value_counts()");
    expect(series.columns.map((column) => column.name)).toEqual(["letter", "count"]);
    expect(series.rows[0]).toEqual(["x", 2]);
  });

  it("sends at most 1,000 rows and 200 columns and says how many there are", async () => {
    const table = await tableOf("pd.DataFrame({f'c{i}': range(1500) for i in range(250)})");
    expect([table.rows.length, table.columns.length]).toEqual([1000, 200]);
    expect([table.rowCount, table.columnCount]).toEqual([1500, 250]);
  });

  it("shows several tables with display(), and records without pandas", async () => {
    const { outputs } = await session.run("display(frame.head(1), [{'k': 1, 'v': 'a'}, {'k': 2, 'v': None}])");
    const tables = ofType(outputs, "table");
    expect(tables).toHaveLength(2);
    expect(tables[1]?.rows).toEqual([
      [1, "a"],
      [2, null],
    ]);
  });

  it("survives a repr that fails", async () => {
    const { status, outputs } = await session.run(
      "class Bad:\n    def __repr__(self): raise ValueError('no repr')\nBad()",
    );
    expect(status).toBe("error");
    expect(ofType(outputs, "error")[0]?.message).toBe("no repr");
  });
});

describe("pictures", () => {
  it("captures figures after the cell, with a description and Chinese glyphs", async () => {
    const { outputs, status } = await session.run(
      [
        "import matplotlib.pyplot as plt",
        "plt.rcParams['font.sans-serif'] = ['SimHei']",
        "plt.plot([-1, 0, 2])",
        "plt.title('每年死亡人数')",
        "plt.xlabel('年份')",
        "plt.ylabel('人数')",
      ].join("\n"),
    );
    expect(status).toBe("ok");
    expect(outputs).toHaveLength(1);
    const [image] = ofType(outputs, "image");
    expect(image).toMatchObject({ mime: "image/png", alt: "每年死亡人数 (x: 年份, y: 人数)" });
    const bytes = readFileSync(join(session.outputDirectory, image?.file ?? ""));
    expect(bytes.subarray(1, 4).toString()).toBe("PNG");
    expect(bytes.readUInt32BE(16)).toBe(image?.width);
    expect((await session.run("plt.get_fignums()")).outputs).toEqual([{ type: "value", text: "[]" }]);
    const warned = await session.run(
      "import warnings\nwith warnings.catch_warnings(record=True) as seen:\n    warnings.simplefilter('always')\n    plt.title('中文'); plt.savefig('own.png')\n    plt.close()\n[str(w.message) for w in seen if 'missing' in str(w.message)]",
    );
    if (session.interpreter.info.chineseFont !== null) {
      expect(warned.outputs).toEqual([{ type: "value", text: "[]" }]);
    }
    expect(statSync(join(session.workingDirectory, "own.png")).size).toBeGreaterThan(1000);
  });

  it("captures at plt.show() in order, never opens a window, and ignores window backends", async () => {
    const { outputs } = await session.run(
      "import matplotlib\nmatplotlib.use('TkAgg')\nplt.plot([1])\nplt.title('one')\nplt.show()\nprint('between')\nplt.bar([1], [2])\nplt.title('two')\nplt.show()\nmatplotlib.get_backend()",
    );
    expect(outputs.map((output) => (output.type === "image" ? output.alt : output.type))).toEqual([
      "one",
      "text",
      "two",
      "value",
    ]);
    expect(outputs.at(-1)).toMatchObject({ text: expect.stringMatching(/agg/i) });
  });

  it("shows figures drawn before an error, and nothing for a figure without content", async () => {
    const failed = await session.run("plt.plot([1, 2])\nplt.title('drawn')\n1 / 0");
    expect(failed.status).toBe("error");
    expect(ofType(failed.outputs, "image")[0]?.alt).toBe("drawn");
    expect((await session.run("plt.figure();")).outputs).toEqual([]);
  });

  it("shows PIL images and what draws itself", async () => {
    const { outputs } = await session.run("from PIL import Image\nImage.new('RGB', (30, 20), 'red')");
    expect(outputs).toMatchObject([{ type: "image", width: 30, height: 20 }]);
  });
});

describe("trouble", () => {
  it("interrupts loops and sleeps, and keeps the variables", async () => {
    await session.run("import time\nkept_on = 5");
    for (const code of ["while True: pass", "time.sleep(60)", "import os; os.system('sleep 60')"]) {
      const abort = new AbortController();
      const running = session.run(code, { signal: abort.signal });
      setTimeout(() => abort.abort(), 150);
      // Cells share one interpreter: one at a time is what is tested.
      // oxlint-disable-next-line no-await-in-loop
      expect((await running).status).toMatch(code.includes("system") ? /interrupted|ok/ : /interrupted/);
    }
    expect((await session.run("kept_on")).outputs).toEqual([{ type: "value", text: "5" }]);
  });

  it("does not start a cell that is aborted before its turn", async () => {
    const result = await session.run("never = 1", { signal: AbortSignal.abort() });
    expect(result.status).toBe("interrupted");
    expect((await session.run("'never' in globals()")).outputs).toEqual([{ type: "value", text: "False" }]);
  });

  it("stops a cell at its time limit, says where, and keeps the variables", async () => {
    const result = await session.run("before = 1\nwhile True: pass", { timeLimitMs: 300 });
    expect(result.status).toBe("timeout");
    const [error] = ofType(result.outputs, "error");
    expect(error?.name).toBe("TimeoutError");
    expect(error?.traceback).toContain("line 2");
    expect((await session.run("before")).outputs).toEqual([{ type: "value", text: "1" }]);
  });

  it("lets forked children print and end, without a second interpreter", async () => {
    const code = [
      "import multiprocessing, os",
      "def square(x): return x * x",
      "with multiprocessing.get_context('fork').Pool(2) as pool: print(pool.map(square, [1, 2, 3]))",
      "pid = os.fork()",
      "if pid == 0: print('child')",
      "else: os.waitpid(pid, 0); print('parent')",
    ].join("\n");
    const { text, status } = await session.run(code);
    expect(status).toBe("ok");
    expect(text).toBe("[1, 4, 9]\nchild\nparent\n");
    expect((await session.run("1")).outputs).toEqual([{ type: "value", text: "1" }]);
  });

  it("goes on when the working directory is deleted", async () => {
    const directory = join(session.workingDirectory, "gone");
    mkdirSync(directory);
    const other = await startTestInterpreter({ workingDirectory: directory });
    rmSync(directory, { recursive: true });
    expect((await other.run("import json\njson.dumps(1)")).outputs).toEqual([{ type: "value", text: "'1'" }]);
    expect((await other.run("open('x.csv')")).status).toBe("error");
    await other.close();
  });
});
