import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import iconv from "iconv-lite";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { writeExport } from "../../src/agents/export/write-export.ts";
import { type RealSession, createRealSession, runs } from "./real-session.ts";
import { testPython } from "./test-python.ts";

const run = promisify(execFile);
const bundle = z.record(z.string(), z.union([z.string(), z.array(z.string())]));
const notebookSchema = z.object({
  cells: z.array(
    z.object({
      cell_type: z.string(),
      source: z.union([z.string(), z.array(z.string())]),
      outputs: z.optional(
        z.array(
          z.object({
            output_type: z.string(),
            text: z.optional(z.union([z.string(), z.array(z.string())])),
            data: z.optional(bundle),
          }),
        ),
      ),
    }),
  ),
});
type Notebook = z.infer<typeof notebookSchema>;

const table = [
  "编号,城市,日期,销售额,数量,单价,折扣,备注",
  "001,北京,2024-01-05,1200,3,400,0.10,含税",
  "002,上海,2024-01-06,800,4,200,0.05,无",
  "003,广州,2024-02-01,600,2,300,0.00,急件",
  "004,北京,2024-02-03,300,1,300,0.00,无",
].join("\n");

let real: RealSession;
let data = "";

const reading = () =>
  `import pandas as pd\npath = ${JSON.stringify(data)}\ndf = pd.read_csv(path, encoding="gb18030", dtype={"编号": "string"})`;

beforeAll(async () => {
  real = await createRealSession("数据");
  mkdirSync(join(real.folder, "数据"));
  data = join(real.folder, "数据", "销售 2024.csv");
  writeFileSync(data, iconv.encode(table, "gb18030"));
  await real.session.attach(data);
  await real.ask(
    "哪个城市销售额最高？",
    runs(`${reading()}\nprint("读到", len(df), "行")\ndf["不存在"].sum()`),
    runs('total = df.groupby("城市")["销售额"].sum().reset_index()\ntotal'),
    "北京最高，为 **1500**。",
  );
  await real.ask(
    "打印全部，并写一个文件",
    runs(`${reading()}\ndf["也不存在"]`),
    runs(
      `${reading()}\nprint(df)\nprint(pd.DataFrame({f"column_{i}": [i * 1000] for i in range(15)}))\nnote = """两行\n文字"""\nprint(note)`,
    ),
    "已打印。",
  );
  await real.ask(
    "画图",
    runs(
      'import matplotlib.pyplot as plt\nplt.rcParams["font.sans-serif"] = ["SimHei"]\nax = total.plot.bar(x="城市", y="销售额")\nax.set_title("各城市销售额")',
    ),
    "图已画好。",
  );
  await real.session.restartPython();
  await real.ask(
    "平均单价？",
    runs(`print("total" in globals())\n${reading()}\ndf["单价"].mean()`),
    "平均单价是 300。",
  );
  real.author.assertFinished();
});

afterAll(() => real.dispose());

async function exported(name: string, turn: number | null = null): Promise<readonly string[]> {
  return writeExport({
    events: real.open.log.events,
    sessionFolder: real.open.log.folder,
    workingDirectory: join(real.folder, "数据"),
    target: join(real.folder, name),
    root: real.folder,
    turnId: turn === null ? null : (real.session.state.turns[turn]?.id ?? ""),
    failedAttempts: false,
  });
}

const joined = (text: string | readonly string[] | undefined): string =>
  typeof text === "string" ? text : (text ?? []).join("");

async function rerun(name: string): Promise<{ readonly before: Notebook; readonly after: Notebook }> {
  const source = join(real.folder, name);
  const result = join(real.folder, `again-${name}`);
  await run(testPython(), [join(import.meta.dirname, "run-notebook.py"), source, result, real.folder]);
  const [before, after] = [source, result].map((path) => notebookSchema.parse(JSON.parse(readFileSync(path, "utf8"))));
  if (before === undefined || after === undefined) {
    throw new Error("no notebook");
  }
  return { before, after };
}

/** What the cells show: printed text, values, and that there is a picture; the cells of tables without their layout. */
function results({ cells }: Notebook): readonly (readonly string[])[] {
  return cells.flatMap(({ cell_type, outputs }) => (cell_type === "code" ? [(outputs ?? []).map(shown)] : []));
}

function shown(output: NonNullable<Notebook["cells"][number]["outputs"]>[number]): string {
  if (output.text !== undefined) {
    return joined(output.text).trimEnd();
  }
  if (output.data?.["image/png"] !== undefined) {
    return "picture";
  }
  const html = joined(output.data?.["text/html"]);
  return html === "" ? joined(output.data?.["text/plain"]) : tableCells(html);
}

/** The cells of a table of HTML, without the index that pandas numbers rows with. */
function tableCells(html: string): string {
  const rows = html.match(/<tr[\s\S]*?<\/tr>/g) ?? [];
  return rows
    .map((row) =>
      [...row.replaceAll(/<th>\d*<\/th>/g, "").matchAll(/<t[hd][^>]*>([\s\S]*?)<\/t[hd]>/g)]
        .map(([, cell]) => cell?.trim())
        .join("|"),
    )
    .join("\n");
}

test("a notebook runs again from top to bottom in a plain kernel and shows the same", async () => {
  await exported("分析 全部.ipynb");
  const { before, after } = await rerun("分析 全部.ipynb");
  expect(results(after)).toEqual(results(before));
  expect(results(before).flat()).toEqual(
    expect.arrayContaining([
      "读到 4 行\nKeyError: '不存在'",
      "城市|销售额\n上海|800\n北京|1500\n广州|600",
      "picture",
      "False",
    ]),
  );
});

test("code in a notebook names the file from where the notebook is, and is the code that ran", async () => {
  await exported("paths.ipynb");
  const { cells } = notebookSchema.parse(JSON.parse(readFileSync(join(real.folder, "paths.ipynb"), "utf8")));
  const code = cells.flatMap(({ cell_type, source }) => (cell_type === "code" ? [joined(source)] : []));
  expect(code.join("\n")).not.toContain(real.folder);
  expect(code[1]).toContain('path = "销售 2024.csv"');
  expect(code[1]).toMatch(/^# .*\ntry:\n {4}import pandas as pd\n/);
  expect(code.join("\n")).not.toContain("也不存在");
});

test("one question runs again with the code of others that it needs", async () => {
  await exported("plot.ipynb", 2);
  const { before, after } = await rerun("plot.ipynb");
  expect(results(after)).toEqual(results(before));
  expect(results(before).flat()).toContain("picture");
  expect(JSON.stringify(before)).not.toContain("平均单价");
});

test("a script runs by itself, prints what was shown and saves its plots beside itself", async () => {
  await exported("脚本.py");
  const { stdout } = await run(testPython(), [join(real.folder, "脚本.py")], {
    cwd: "/",
    env: { ...process.env, PYTHONUTF8: "1" },
  });
  for (const text of ["读到 4 行", "KeyError: '不存在'", "1500", "两行\n文字", "False", "300.0"]) {
    expect(stdout).toContain(text);
  }
  expect(readdirSync(real.folder)).toContain("脚本-1.png");
});

test("a report has its pictures in a folder beside it", async () => {
  const [report = "", ...pictures] = await exported("报告.md");
  const text = readFileSync(report, "utf8");
  expect(pictures).toEqual([join(real.folder, "报告_files", "plot-1.png")]);
  expect(text).toContain("](%E6%8A%A5%E5%91%8A_files/plot-1.png)");
  expect(text).toContain("| 城市 | 销售额 |\n| --- | ---: |\n| 上海 | 800 |");
});
