import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestInterpreter, type TestInterpreter } from "./test-python.ts";

let session: TestInterpreter;
beforeAll(async () => {
  session = await startTestInterpreter();
});
afterAll(() => session.close());

async function effectsOf(code: string): Promise<readonly string[]> {
  const { effects } = await session.interpreter.inspect(code);
  return effects.map((effect) => `${effect.kind} ${effect.detail}`);
}

describe("effects are found", () => {
  it.each([
    ["import pandas as p\np.read_csv('data/日本.csv')", ["read-file data/日本.csv"]],
    ["import pandas as pd\npath = 'a.csv'\npd.read_csv(path)", ["read-file a.csv"]],
    ["import pandas as pd\npd.read_csv('https://example.org/x.csv')", ["network https://example.org/x.csv"]],
    ["df.to_csv('out.csv', index=False)", ["write-file out.csv"]],
    ["df.to_json(path_or_buf='out.json')", ["write-file out.json"]],
    ["import matplotlib.pyplot as plt\nplt.savefig('a.png')", ["write-file a.png"]],
    ["open('x', 'w').write('1')", ["write-file x"]],
    ["open('x', mode=m)", ["write-file x"]],
    ["with open('x') as f: f.read()", ["read-file x"]],
    ["from pathlib import Path as P\nP('a').write_text('b')", ["write-file P('a').write_text('b')"]],
    ["from pathlib import Path\np = Path('d') / 'x'\np.unlink()", ["delete-file p.unlink()"]],
    ["from pathlib import Path\nPath('a.txt').open('w')", ["write-file a.txt"]],
    ["from subprocess import run as r\nr(['ls'])", ["process r(['ls'])"]],
    ["import os as o\no.system('ls')", ["process o.system('ls')"]],
    ["import os\nmap(os.remove, names)", ["delete-file os.remove"]],
    ["import os\ngetattr(os, 'system')('ls')", ["process getattr(os, 'system')('ls')"]],
    ["import shutil\nshutil.rmtree('d')", ["delete-file d"]],
    ["import requests\nrequests.get('http://x')", ["network requests.get('http://x')"]],
    ["import urllib.request as u\nu.urlopen('http://x')", ["network u.urlopen('http://x')"]],
    ["import socket\ns = socket.socket()", ["network socket.socket()"]],
    ["import os\nkey = os.environ['KEY']", ["environment os.environ"]],
    ["eval(text)", ["dynamic-code eval(text)"]],
    ["import pickle\npickle.loads(b)", ["dynamic-code pickle.loads(b)"]],
    ["().__class__.__base__.__subclasses__()", ["dynamic-code ().__class__.__base__.__subclasses__"]],
    ["import sqlite3\nsqlite3.connect('x.db')", ["write-file x.db"]],
    ["df.query('@os.system(\"ls\")')", ["dynamic-code df.query('@os.system(\"ls\")')"]],
    ["import pandas as pd\ndf = pd.read_csv('a.csv')\ndf.to_csv('a.csv')", ["read-file a.csv", "write-file a.csv"]],
    [
      "import pandas as pd\npd.read_csv('a.csv').replace(['NA'], None).to_excel('b.xlsx')",
      ["write-file b.xlsx", "read-file a.csv"],
    ],
    [
      "import pandas as pd, pathlib, sqlite3\npath = '/d/s.db'\npd.read_sql_query('select 1', sqlite3.connect(pathlib.Path(path).absolute().as_uri() + '?mode=ro', uri=True))",
      ["read-file /d/s.db"],
    ],
    [
      "import pandas as pd\npd.read_sql('select 1', 'postgres://x')",
      ["network pd.read_sql('select 1', 'postgres://x')"],
    ],
    [
      "import pandas as pd, pathlib, sqlite3\nc = sqlite3.connect(pathlib.Path('/d/s.db').absolute().as_uri() + mode, uri=True)",
      ["write-file pathlib.Path('/d/s.db').absolute().as_uri() + mode"],
    ],
    ["import gzip, pandas as pd\npath = 'a.gz'\npd.read_excel(gzip.open(path))", ["read-file a.gz"]],
    [
      "import ray\nimport dask.dataframe as dd\nray.init(address='auto')\npath = 'a.csv'\ndf = dd.read_csv(path, blocksize='64MB')",
      ["process ray.init(address='auto')", "read-file a.csv"],
    ],
    ["import dask.dataframe as dd\ndd.read_parquet('s3://bucket/a')", ["network s3://bucket/a"]],
    ["import zipfile as z, pandas as pd\npd.read_csv(z.ZipFile('a.zip').open('in it.csv'))", ["read-file a.zip"]],
    ["import multiprocessing as mp\nmp.Pool(2)", ["process mp.Pool(2)"]],
    ['duck.execute("""DROP VIEW t""")', ["change-data DROP VIEW t"]],
    ['spark.sql("SELECT 1; -- x\\n DELETE FROM t")', ["change-data -- x DELETE FROM t"]],
    [`duck.sql("SELECT 'a; DROP TABLE t' AS x")`, []],
    [
      `spark.sql("SELECT TRANSFORM(a) USING/* */ 'sh run' AS b FROM t")`,
      ["process SELECT TRANSFORM(a) USING/* */ 'sh run' AS b FROM t"],
    ],
    ['spark.sql("SELECT `reflect` (1) FROM t")', ["process SELECT `reflect` (1) FROM t"]],
    [`spark.sql("SELECT 'using', reflected('x') FROM t JOIN u USING (a)")`, []],
    ["duck.execute(\"COPY (SELECT 1) TO '/x/y.csv'\")", ["write-file /x/y.csv"]],
    ['duck.execute("INSTALL httpfs")', ["network INSTALL httpfs"]],
    ["import duckdb\nd = duckdb.connect()\nd.execute('CREATE TABLE t AS SELECT 1')", []],
    [
      "from pyspark.sql import SparkSession\nSparkSession.builder.remote('sc://h').getOrCreate()",
      ["network SparkSession.builder.remote('sc://h')"],
    ],
  ])("%s", async (code, expected) => {
    expect(await effectsOf(code)).toEqual(expected);
  });

  it("sees through dynamic imports", async () => {
    expect(await effectsOf("__import__('os').system('ls')")).toContain("process __import__('os').system('ls')");
    expect(await effectsOf("import importlib\nimportlib.import_module('subprocess').run('x')")).toContain(
      "process importlib.import_module('subprocess').run('x')",
    );
  });

  it("knows what earlier cells have imported", async () => {
    await session.run(
      "import os as quiet\nfrom subprocess import run as go\nfrom pathlib import Path\nhere = Path('x')",
    );
    expect(await effectsOf("quiet.system('ls')")).toEqual(["process quiet.system('ls')"]);
    expect(await effectsOf("go('ls')")).toEqual(["process go('ls')"]);
    expect(await effectsOf("here.rename('y')")).toEqual(["write-file here.rename('y')"]);
  });

  it("says the line", async () => {
    const { effects } = await session.interpreter.inspect("x = 1\n\nopen('a')");
    expect(effects).toEqual([{ kind: "read-file", detail: "a", line: 3 }]);
  });
});

describe("computing is no effect", () => {
  it.each([
    "import re\nre.compile('a').sub('', text)",
    "from re import compile\ncompile('a')",
    "df.to_csv()",
    "df.to_json(orient='records')",
    "df.to_string(index=False)",
    "df.to_dict('records')",
    "df.eval('a = b + c')",
    "df.query('Year == 1901 and Deaths > @limit')",
    "'a'.replace('b', 'c')",
    "df.rename(columns={'a': 'b'}).replace('x', 'y')",
    "import io, pandas as pd\npd.read_csv(io.StringIO(text))",
    "import io\nb = io.BytesIO()\nfig.savefig(b)",
    "import matplotlib.pyplot as plt\nplt.plot(x)\nplt.show()",
    "import os.path\nos.path.join('a', 'b')",
    "from urllib.parse import quote\nquote('a b')",
    "def open(x): return x\nopen('w')",
    "import sqlite3\nsqlite3.connect(':memory:')",
    "import numpy as np\nnp.array([1]).sum()",
    "getattr(obj, name)",
  ])("%s", async (code) => {
    expect(await effectsOf(code)).toEqual([]);
  });
});

describe("reading code", () => {
  it("lists top-level modules", async () => {
    const { imports } = await session.interpreter.inspect("import a.b, c as d\nfrom e.f import g\nfrom . import h");
    expect(imports).toEqual(["a", "c", "e"]);
  });

  it("tells the line of a syntax error, and survives nesting and null bytes", async () => {
    expect((await session.interpreter.inspect("x = 1\ny = (")).syntaxError).toMatchObject({ line: 2 });
    expect((await session.interpreter.inspect("(".repeat(5000))).syntaxError).not.toBeNull();
    expect((await session.interpreter.inspect("x = 1\0")).syntaxError).not.toBeNull();
  });

  it("reads while a cell runs", async () => {
    const abort = new AbortController();
    const running = session.run("while True: pass", { signal: abort.signal });
    expect((await session.interpreter.inspect("import os")).imports).toEqual(["os"]);
    abort.abort();
    expect((await running).status).toBe("interrupted");
  });
});
