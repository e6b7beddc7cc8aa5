import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { problemInChinese, problemText } from "../../src/agents/protocol/words/problem-text.ts";
import { tableReasonInChinese } from "../../src/agents/protocol/words/table-reasons-zh.ts";

const agents = join(import.meta.dirname, "../../src/agents");

function sourcesOf(folder: string): readonly string[] {
  return readdirSync(join(agents, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .map((name) => readFileSync(join(agents, folder, name), "utf8"));
}

const found = (texts: readonly string[], mark: RegExp): readonly string[] => [
  ...new Set(texts.flatMap((text) => [...text.matchAll(mark)].map(([, said = ""]) => said))),
];

test("every code with which a table is refused has a Chinese sentence", () => {
  const codes = found([...sourcesOf("tables"), ...sourcesOf("sessions")], /AgentError\(\s*"(table\.[a-z-]+)"/gu);
  expect(codes).toEqual(expect.arrayContaining(["table.not-found", "table.password", "table.no-rows"]));
  const silent = codes.filter(
    (code) => problemInChinese({ code, message: "", details: { path: "/d/a.csv" } }) === null,
  );
  expect(silent).toEqual([]);
});

test("every code of a cluster has a Chinese sentence", () => {
  const codes = found([readFileSync(join(agents, "base/errors.ts"), "utf8")], /^ {2}"(remote\.[a-z-]+)":/gmu);
  expect(codes).toEqual(expect.arrayContaining(["remote.refused", "remote.untrusted", "remote.job-failed"]));
  const silent = codes.filter((code) => problemInChinese({ code, message: "", details: {} }) === null);
  expect(silent).toEqual([]);
});

test("every reason that readers write has Chinese words", () => {
  const texts = sourcesOf("tables");
  const unread = texts.flatMap((text) => text.split("\n").filter((line) => line.includes("unknown: ")));
  const written = [
    ...found(texts, /(?:\breason = |\bwhat: |\btooLarge\(\w+, |\bnotATable\(file, |^ {2}E[A-Z]+: \[\s*)"([^"]+)"/gmu),
    ...found(texts, /(?:\breason = |\btooLarge\(\w+, |\bnotATable\(file, )`([^`$]+)`/gu),
    ...found(unread, /"(an? [^"]+)"/gu),
  ];
  expect(written).toEqual(
    expect.arrayContaining([
      "the page has no table",
      "a PDF document",
      "no permission to read it",
      "an xz archive",
      "an old Office file",
    ]),
  );
  expect(written.filter((reason) => tableReasonInChinese(reason) === null)).toEqual([]);
});

test.each([
  [
    "table.too-large",
    "it has more than 512 MB, which this format cannot be read in",
    "“a.csv”太大，无法读取：超过 512 MB，这种格式无法读取。",
  ],
  [
    "table.not-a-table",
    "it holds 3 JSON documents one after another",
    "“a.csv”中没有可以读取的表格：其中连续写了 3 个 JSON 文档；请每行放一个（JSON Lines），或用方括号和逗号组成列表。",
  ],
  ["table.not-a-table", "a TIFF picture", "“a.csv”中没有可以读取的表格：是 TIFF 图片。"],
  [
    "table.not-a-table",
    "a Stata data file",
    "“a.csv”中没有可以读取的表格：是 Stata 文件，请用写出它的程序或 Python 另存为 CSV 或 Parquet。",
  ],
  [
    "table.damaged",
    "a quote that opens on line 7 never closes",
    "“a.csv”已损坏：第 7 行的引号没有闭合，请补上或删除它。",
  ],
  ["table.damaged", "Parquet magic is wrong", "“a.csv”已损坏：Parquet magic is wrong。"],
])("%s because of %s is said with its facts", (code, reason, said) => {
  for (const path of ["/data/a.csv", String.raw`C:\data\a.csv`]) {
    expect(problemInChinese({ code, message: "", details: { path, reason } })).toBe(said);
  }
});

test("other languages, other codes and problems without a path keep the words they came with", () => {
  const problem = { code: "table.empty", message: "It is empty.", details: { path: "/data/a.csv" } };
  expect(problemText(problem, "de")).toBe("It is empty.");
  expect(problemText(problem, "zh-cn")).toBe("“a.csv”是空的，没有任何内容。请检查保存方式。");
  expect(problemText({ ...problem, code: "model.empty" }, "zh-cn")).toBe("It is empty.");
  expect(problemText({ ...problem, details: {} }, "zh-cn")).toBe("It is empty.");
});

test.each([
  [
    "run.budget",
    { what: "model calls", limit: 40 },
    "已停止：此问题用完了 40 次模型调用的额度。请把问题拆小，或在设置中调高上限。",
  ],
  [
    "run.budget",
    { what: "time", limit: 5000, agent: "ann" },
    "已停止：ann 用完了一条消息 5 秒的额度。请把问题拆小，或调高它的上限。",
  ],
  ["agent.threw", { name: "bot", reason: "oops", place: "own" }, "bot 出错了：oops（own）"],
  [
    "agent.circle",
    { names: ["a", "b", "a"] },
    "智能体之间形成了循环：a → b → a。请移除其中一个群组成员，或不再让它们互相询问。",
  ],
  ["agent.broken", { path: "/w/a.agent.md", line: 3, reason: "bad head" }, "该智能体无法使用：bad head（第 3 行）"],
])("%s of an agent is said with its facts", (code, details, said) => {
  expect(problemInChinese({ code, message: "", details })).toBe(said);
});

test("every code by which an agent fails has a Chinese sentence", () => {
  const sources = ["core", "conversing", "byzer-agent", "agent-process"].flatMap(sourcesOf);
  const codes = found(sources, /AgentError\(\s*"(agent\.[a-z-]+)"/gu);
  expect(codes).toEqual(expect.arrayContaining(["agent.threw", "agent.circle", "agent.too-large"]));
  expect(codes.filter((code) => problemInChinese({ code, message: "", details: {} }) === null)).toEqual([]);
});
