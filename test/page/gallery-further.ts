import type { CellOutput } from "../../src/agents/protocol/cell-output.ts";
import type { Push } from "../../src/agents/protocol/page.ts";
import {
  type ScriptEvent,
  chosenModel,
  column,
  disasterProfile,
  modelsPush,
  noModelsPush,
  sessionPush,
  sessionScript,
} from "./fixtures.ts";
import { type GalleryState, reads, select, start, state, titled } from "./gallery-state.ts";
import { answeredTurn, code } from "./gallery-turns.ts";

const bare: Push = {
  kind: "python",
  state: {
    status: "limited",
    label: "Python 3.12.3",
    advice: "Not installed there: pandas. Answers are limited.",
  },
};

const replaced: Push = {
  kind: "python",
  state: {
    status: "replaced",
    label: "Python 3.12.3 · pandas · matplotlib",
    advice:
      "Code runs in /usr/bin/python3, since the Python that was chosen cannot be used:\n· The setting byzer.python.path: /opt/env could not be run",
  },
};

const longModel = modelsPush({
  choice: { ...chosenModel, model: "deepseek-coder-v2:16b-lite-instruct-q4_K_M" },
});

const codes = disasterProfile({
  name: "cities.csv",
  columns: [
    column({
      name: "city_code",
      type: "integer",
      distinct: 300,
      min: 110_000,
      max: 659_000,
      quartiles: [2e5, 3e5, 4e5],
    }),
    column({ name: "Order ID", type: "identifier", distinct: 802, min: 100_001, max: 100_802 }),
    column({ name: "Year", type: "year", distinct: 8, min: 2018, max: 2025, mean: 2021.5, sum: 16_172 }),
    column({ name: "sales", type: "decimal", distinct: 790, min: 12_000.5, max: 9_800_000, mean: 40_000 }),
  ],
  warnings: [
    {
      code: "total-rows",
      severity: "warning",
      message: "Summing sales over all rows counts everything twice (1901: 400036 instead of 200018).",
      columns: ["sales"],
      values: { group: "1901", counted: 400_036, right: 200_018 },
    },
  ],
});

const wideAnswer = `各省的结果见 \`result.csv\` 与 \`total\`：

| 省份 | 同比增长 | 说明 | 销售额（万元） | 占全国比重 |
|---|---:|---|---:|---:|
| 内蒙古自治区 | 12.5% | 由于第三季度数据缺失，按前两季度的平均值估算，仅供参考 | 88,231.55 | 3.2% |
| 新疆维吾尔自治区 | -3.1% | 完整 | 12,400.00 | 0.5% |
`;

function printed(output: CellOutput, more: readonly CellOutput[] = []): readonly ScriptEvent[] {
  return [
    select,
    { ...start, cellId: "c1", code: "for n in range(60000): print(n)\n" },
    { type: "cell-run", cellId: "c1" },
    ...[output, ...more].map((one) => ({ type: "cell-output" as const, cellId: "c1", output: one })),
    { type: "cell-end", cellId: "c1", status: "ok", durationMs: 900 },
  ];
}

const done = { type: "turn-end", reason: "done", problem: null, durationMs: 63_000 } as const;

/** States that are met now and then. */
export const furtherStates: readonly GalleryState[] = [
  state("codes", sessionScript("Cities").attach(codes)),
  state("little-room", titled(), { more: [longModel, bare] }),
  state("python-replaced", titled(), { more: [replaced] }),
  {
    name: "model-lacked",
    pushes: () => [noModelsPush, sessionPush(sessionScript(""))],
    async act(page) {
      await page.getByLabel("Ask a question").fill("How many?");
      await page.getByLabel("Ask a question").press("Enter");
    },
  },
  state(
    "retrying",
    titled().ask("How many?").add(select, {
      type: "progress",
      agent: "visualization_agent",
      activity: "retrying",
      detail: "Rate limited by api.example.org: trying again in 2 s",
    }),
  ),
  state("editing-question", answeredTurn(answeredTurn(titled())), {
    async act(page) {
      const first = page.locator(".bubble").first();
      await first.hover();
      await page.getByRole("button", { name: "Edit and send again" }).first().click();
    },
  }),
  state(
    "enlarged",
    titled()
      .ask("Plot")
      .add(
        ...printed({
          type: "image",
          mime: "image/png",
          file: "1.png",
          width: 1280,
          height: 600,
          alt: "Deaths by year, line chart",
        }),
        done,
      ),
    { act: (page) => page.getByRole("button", { name: /^Enlarge/u }).click() },
  ),
  state(
    "wide-answer",
    titled()
      .ask("各省")
      .add({ type: "text-end", blockId: "b", agent: "assistant_agent", role: "answer", text: wideAnswer }, done),
  ),
  state(
    "much-printed",
    titled()
      .ask("Print them all, please, each on a line of its own. ".repeat(14))
      .add(
        ...printed(
          {
            type: "text",
            stream: "stdout",
            text: Array.from({ length: 4000 }, (_, index) => `line ${index}`).join("\n"),
          },
          [{ type: "truncation", file: "cell-c1.txt", totalBytes: 348_890 }],
        ),
        done,
      ),
  ),
  state(
    "refused",
    titled()
      .ask("Upload it")
      .add(
        select,
        {
          ...start,
          cellId: "c1",
          code: "import requests\n",
          effects: [{ kind: "network", detail: "example.org", line: 1 }],
        },
        {
          type: "cell-review",
          cellId: "c1",
          reviewer: "code_review_agent",
          verdict: "rejected",
          comment: "It sends a table to an address that nobody asked for.",
        },
        {
          type: "cell-output",
          cellId: "c1",
          output: {
            type: "text",
            stream: "stderr",
            text: "code_review_agent: It sends a table to an address that nobody asked for.",
          },
        },
        { type: "cell-end", cellId: "c1", status: "denied", durationMs: 0 },
        done,
      ),
  ),
  state(
    "edited-and-allowed",
    titled()
      .ask("Sum")
      .add(
        select,
        { ...start, cellId: "c1", code, effects: [reads] },
        {
          type: "cell-review",
          cellId: "c1",
          reviewer: "code_review_agent",
          verdict: "approved",
          comment: "It only adds.",
        },
        { type: "approval-request", cellId: "c1" },
        { type: "approval-answer", cellId: "c1", decision: "session", how: "person", code: "print(1)\n" },
        { type: "cell-end", cellId: "c1", status: "ok", durationMs: 120 },
        { ...start, number: 2, cellId: "c2", code: "print(2)\n" },
        { type: "approval-answer", cellId: "c2", decision: "once", how: "granted", code: null },
        { type: "cell-end", cellId: "c2", status: "ok", durationMs: 120 },
        done,
      ),
  ),
];
