import { clusterStates } from "./gallery-cluster.ts";
import { furtherStates } from "./gallery-further.ts";
import { memoryStates } from "./gallery-memory.ts";
import { packageStates } from "./gallery-packages.ts";
import { readingStates } from "./gallery-reading.ts";
import { replayStates } from "./gallery-replay.ts";
import { sourceStates } from "./gallery-sources.ts";
import { agentStates } from "./gallery-agents.ts";
import { toolStates } from "./gallery-tools.ts";
import { type GalleryState, reads, select, start, state, titled } from "./gallery-state.ts";
import { answeredTurn, code } from "./gallery-turns.ts";
import {
  column,
  disasterProfile,
  modelsPush,
  noModelsPush,
  sessionPush,
  sessionScript,
  startedAt,
  yearTable,
} from "./fixtures.ts";

const wide = disasterProfile({
  name: "a-very-long-file-name-of-quarterly-regional-sales-and-returns-2019-2026-final.xlsx",
  path: "/data/long.xlsx",
  sizeBytes: 48_123_000,
  rowCount: 1_203_555,
  durationMs: 2330,
  dialect: { ...disasterProfile().dialect, format: "xlsx", encoding: null, delimiter: null, sheet: "Sales by region" },
  sheets: [
    { name: "Sales by region", rowCount: 1_203_555, hidden: false },
    { name: "Notes", rowCount: 12, hidden: false },
  ],
  columns: Array.from({ length: 32 }, (_, index) =>
    column({
      name: index % 2 === 0 ? `measure_with_a_rather_long_name_${index}` : `C${index}`,
      type: (["decimal", "category", "date", "text", "mixed", "empty"] as const)[index % 6] ?? "text",
      distinct: 1000 - index,
      nulls: index * 1234,
      min: index % 6 === 0 ? -12_345.678 : index % 6 === 2 ? "2019-01-01" : "a",
      max: index % 6 === 0 ? 98_765_432.1 : index % 6 === 2 ? "2026-12-31" : "z",
      quartiles: index % 6 === 0 ? [2_000_000, 30_000_000, 70_000_000] : null,
      top: [{ value: "a value that goes on for quite a while, longer than a line", count: 12_345 }],
    }),
  ),
  warnings: [
    {
      code: "x",
      severity: "error",
      message: "The sheet ends in the middle of a row: the file is damaged.",
      columns: [],
      values: {},
    },
    { code: "y", severity: "info", message: "Two hidden sheets were not read.", columns: [], values: {} },
  ],
});

const chinese = disasterProfile({
  name: "各省季度销售额.csv",
  path: "/data/各省季度销售额.csv",
  dialect: { ...disasterProfile().dialect, encoding: "gb18030", delimiter: "\t" },
  columns: [
    column({ name: "省份", type: "category", distinct: 31, top: [{ value: "浙江省", count: 40 }] }),
    column({ name: "年份", type: "year", distinct: 8, min: 2018, max: 2025 }),
    column({
      name: "销售额（万元）",
      type: "money",
      distinct: 990,
      nulls: 4,
      min: 1.2,
      max: 88_231.55,
      quartiles: [120, 800, 9000],
    }),
  ],
  warnings: [],
});

/** Every state of the page, in the order a person meets them. */
export const gallery: readonly GalleryState[] = [
  { name: "loading", pushes: () => [] },
  state("welcome", sessionScript("")),
  state(
    "card-loading",
    sessionScript("").add({ type: "file-attach", path: "/data/disasters.csv", name: "disasters.csv" }),
  ),
  state("card", titled()),
  state("card-open", titled(), {
    async act(page) {
      await page.getByRole("button", { name: "Details of Deaths" }).click();
      await page.getByRole("button", { name: "First rows" }).click();
    },
  }),
  state(
    "card-long",
    sessionScript("A session title that goes on and on, longer than any sidebar is wide").attach(wide),
  ),
  state(
    "card-problem",
    sessionScript("").add(
      { type: "file-attach", path: "/data/locked.xlsx", name: "locked.xlsx" },
      {
        type: "file-problem",
        path: "/data/locked.xlsx",
        problem: {
          code: "table.password",
          message: "locked.xlsx is protected by a password. Save a copy without one, then try again.",
          details: {},
        },
      },
    ),
  ),
  { name: "no-model", pushes: () => [noModelsPush, sessionPush(titled())] },
  {
    name: "untrusted",
    pushes: () => [
      modelsPush(),
      { kind: "python", state: { status: "untrusted", label: "", advice: "" } },
      sessionPush(titled(), { trusted: false }),
    ],
  },
  state(
    "streaming-code",
    titled()
      .ask("How many deaths in 1901?")
      .add(
        select,
        { type: "code-delta", cellId: "c1", agent: "assistant_agent", text: code.slice(0, 120) },
        { type: "progress", agent: "assistant_agent", activity: "writing-code", detail: "" },
      ),
  ),
  state(
    "approval",
    titled()
      .ask("根据文件统计下1901年总死亡人数")
      .add(
        select,
        { ...start, cellId: "c1", code, effects: [reads] },
        { type: "approval-request", cellId: "c1" },
        { type: "progress", agent: "pipeline", activity: "waiting", detail: "" },
      ),
  ),
  state(
    "approval-risky",
    titled()
      .ask("Save the totals and upload them")
      .add(
        select,
        {
          ...start,
          cellId: "c1",
          code: 'import subprocess\nsubprocess.run(["curl", "https://example.org"])\ndf.to_csv("/home/ada/projects/disasters/out/totals.csv")\n',
          effects: [
            reads,
            { kind: "write-file", detail: "/home/ada/projects/disasters/out/totals.csv", line: 3 },
            { kind: "process", detail: "curl https://example.org", line: 2 },
          ],
        },
        {
          type: "cell-review",
          cellId: "c1",
          reviewer: "code_review_agent",
          verdict: "rejected",
          comment: "It sends data to another computer, which was not asked for.",
        },
        { type: "approval-request", cellId: "c1" },
      ),
  ),
  state(
    "running",
    titled()
      .ask("Sum by year")
      .add(
        select,
        { ...start, cellId: "c1", code, effects: [reads] },
        { type: "cell-run", cellId: "c1" },
        {
          type: "cell-output",
          cellId: "c1",
          output: {
            type: "text",
            stream: "stdout",
            text: Array.from({ length: 30 }, (_, index) => `reading year ${1900 + index} …`).join("\n"),
          },
        },
        { type: "progress", agent: "python_interpreter", activity: "running", detail: "" },
      ),
  ),
  state("answered", answeredTurn(titled())),
  state("messages", answeredTurn(titled()), {
    act: (page) => page.getByRole("button", { name: /3 messages/u }).click(),
  }),
  state(
    "plot",
    titled()
      .ask("Plot deaths by year", { agent: "visualization_agent" })
      .add(
        { ...select, agent: "visualization_agent", how: "forced", durationMs: 0 },
        { ...start, cellId: "c1", agent: "visualization_agent", code: 'df.plot(x="Year", y="Deaths")\n' },
        { type: "cell-run", cellId: "c1" },
        {
          type: "cell-output",
          cellId: "c1",
          output: {
            type: "image",
            mime: "image/png",
            file: "1.png",
            width: 640,
            height: 300,
            alt: "Deaths by year, line chart",
          },
        },
        { type: "cell-end", cellId: "c1", status: "ok", durationMs: 780 },
        {
          type: "text-end",
          blockId: "b1",
          agent: "visualization_agent",
          role: "answer",
          text: "Deaths fell after 1931.",
        },
        { type: "turn-end", reason: "done", problem: null, durationMs: 5200 },
      ),
  ),
  state(
    "table",
    titled()
      .ask("Deaths for each year")
      .add(
        select,
        { ...start, cellId: "c1", code: 'by_year = df.groupby("Year").Deaths.sum()\nby_year\n' },
        { type: "cell-run", cellId: "c1" },
        { type: "cell-output", cellId: "c1", output: yearTable(118, 12_345) },
        { type: "cell-end", cellId: "c1", status: "ok", durationMs: 120 },
        { type: "turn-end", reason: "done", problem: null, durationMs: 5200 },
      ),
  ),
  state(
    "error",
    titled()
      .ask("Sum the column Death")
      .add(
        select,
        { ...start, cellId: "c1", code: 'df["Death"].sum()\n' },
        { type: "cell-run", cellId: "c1" },
        {
          type: "cell-output",
          cellId: "c1",
          output: {
            type: "error",
            name: "KeyError",
            message: "'Death'",
            traceback: 'File "cell 1", line 1\n    df["Death"].sum()\nKeyError: \'Death\'',
          },
        },
        { type: "cell-end", cellId: "c1", status: "error", durationMs: 90 },
        {
          type: "turn-end",
          reason: "failed",
          problem: {
            code: "model.unreachable",
            message: "Nothing answers at http://127.0.0.1:11434/v1. Start Ollama, then retry.",
            details: { baseUrl: "http://127.0.0.1:11434/v1" },
          },
          durationMs: 800,
        },
      ),
  ),
  state(
    "repaired",
    titled()
      .ask("Sum the column Death")
      .add(
        select,
        { ...start, cellId: "c1", code: 'df["Death"].sum()\n' },
        { type: "cell-run", cellId: "c1" },
        {
          type: "cell-output",
          cellId: "c1",
          output: { type: "error", name: "KeyError", message: "'Death'", traceback: "…" },
        },
        { type: "cell-end", cellId: "c1", status: "error", durationMs: 90 },
        { ...start, cellId: "c2", number: 2, repair: 1, code: 'df["Deaths"].sum()\n', effects: [] },
        { type: "cell-run", cellId: "c2" },
        { type: "cell-output", cellId: "c2", output: { type: "value", text: "65137958" } },
        { type: "cell-end", cellId: "c2", status: "ok", durationMs: 12 },
        {
          type: "text-end",
          blockId: "r1",
          agent: "assistant_agent",
          role: "reasoning",
          text: "The column is called Deaths.",
        },
        { type: "text-end", blockId: "b1", agent: "assistant_agent", role: "answer", text: "65,137,958." },
        { type: "turn-end", reason: "done", problem: null, durationMs: 5200 },
      ),
  ),
  state(
    "cancelled",
    titled()
      .ask("Loop")
      .add(
        select,
        { ...start, cellId: "c1", code: "while True: pass\n" },
        { type: "cell-run", cellId: "c1" },
        { type: "cell-end", cellId: "c1", status: "interrupted", durationMs: 3000 },
        { type: "turn-end", reason: "cancelled", problem: null, durationMs: 4000 },
      ),
  ),
  state(
    "lost",
    titled().ask("Long job").add(select, { type: "turn-end", reason: "lost", problem: null, durationMs: 0 }),
  ),
  state("picker", titled(), {
    act: (page) =>
      page
        .getByRole("button", { name: /Choose a model/u })
        .or(page.locator(".pick").first())
        .first()
        .click(),
  }),
  state("completions", titled(), { act: (page) => page.getByLabel("Ask a question").pressSequentially("/") }),
  {
    name: "sessions",
    pushes: () => [
      modelsPush(),
      sessionPush(titled()),
      {
        kind: "sessions",
        sessions: [
          {
            id: "s1",
            title: "Deaths from natural disasters",
            files: ["disasters.csv"],
            updatedAt: startedAt,
            turns: 3,
          },
          {
            id: "s2",
            title: "A session title that goes on and on, longer than any sidebar is wide",
            files: ["sales.xlsx", "returns.parquet", "regions.json"],
            updatedAt: startedAt - 86_400_000,
            turns: 12,
          },
          {
            id: "s3",
            title: "各省季度销售额",
            files: ["各省季度销售额.csv"],
            updatedAt: startedAt - 400 * 86_400_000,
            turns: 1,
          },
        ],
      },
      { kind: "view", view: "sessions" },
    ],
  },
  { name: "sessions-empty", pushes: () => [sessionPush(sessionScript("")), { kind: "view", view: "sessions" }] },
  state("chinese", answeredTurn(sessionScript("各省季度销售额").attach(chinese)), { locale: "zh-cn" }),
  ...readingStates,
  ...furtherStates,
  ...replayStates,
  ...packageStates,
  ...clusterStates,
  ...memoryStates,
  ...sourceStates,
  ...toolStates,
  ...agentStates,
  state("chinese-card", sessionScript("各省季度销售额").attach(chinese), { locale: "zh-cn" }),
];
