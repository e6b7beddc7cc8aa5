import { expect, test } from "vitest";
import type { TableOutput } from "../protocol/cell-output.ts";
import type { SessionEvent } from "../protocol/session-event.ts";
import { emptySession, reduceSession } from "../protocol/session-state.ts";
import { refersToEarlier } from "./refers-to-earlier.ts";
import { turnText } from "./turn-text.ts";

const at = Date.UTC(2026, 10, 20, 12);
const turn = { at, turnId: "t" };
const cell = { ...turn, cellId: "c" };
const place = { path: "/w/a.md", name: "a.md", startLine: 3, endLine: 3, start: 0, end: 4, page: null, place: "" };
const table: TableOutput = {
  type: "table",
  name: "by_year",
  columns: [
    { name: "Year", kind: "number", dtype: "int64" },
    { name: "Deaths", kind: "number", dtype: "int64" },
  ],
  rows: Array.from({ length: 20 }, (_row, index) => [1900 + index, index === 1 ? null : index]),
  rowCount: 40,
  columnCount: 2,
};

function textOf(...events: readonly SessionEvent[]): string | null {
  const all: readonly SessionEvent[] = [
    { type: "file-attach", at, path: "/w/disasters.csv", name: "disasters.csv" },
    ...events,
  ];
  const session = all.reduce(reduceSession, emptySession);
  const last = session.turns.at(-1);
  return last === undefined ? null : turnText(last, session);
}

const start: SessionEvent = { type: "turn-start", ...turn, question: "Deaths\nby year?", agent: null, replaces: null };
const said = (text: string, role: "answer" | "comment" | "reasoning" = "answer", blockId = "b"): SessionEvent => ({
  type: "text-end",
  ...turn,
  blockId,
  agent: "assistant_agent",
  role,
  text,
});
const end: SessionEvent = { type: "turn-end", ...turn, reason: "done", problem: null, durationMs: 1 };

test("the question, the answer without marks, its quotes, tables, figures and names of files are kept", () => {
  const text = textOf(
    start,
    { type: "cell-start", ...cell, number: 1, agent: "assistant_agent", code: "secret_code()", repair: 0, effects: [] },
    { type: "cell-output", ...cell, output: table },
    {
      type: "cell-output",
      ...cell,
      output: {
        type: "image",
        mime: "image/png",
        file: "1.png",
        width: 1,
        height: 1,
        alt: "Line chart: deaths by year",
      },
    },
    { type: "cell-end", ...cell, status: "ok", durationMs: 1 },
    said("a thought", "reasoning", "r"),
    { type: "citation", ...turn, blockId: "b", citation: { ...place, number: 1, passage: 1, quote: "200 died" } },
    { type: "claim-doubt", ...turn, blockId: "b", doubt: { number: 1, reason: "not-cited", quote: "" } },
    said("**200** died.[1] Many more.[?1] `days[1]`[2]"),
    end,
  );
  expect(text?.split("\n\n")).toEqual([
    "# Deaths by year?",
    "Deaths\nby year?",
    "Asked on 2026-11-20. Files: disasters.csv.",
    "**200** died. Many more. `days`[2]",
    'Cited:\n- a.md:3: "200 died"',
    expect.stringMatching(/^Table by_year \(12 of 40 rows\):\nYear \| Deaths\n1900 \| 0\n1901 \| \n1902 \| 2\n/u),
    "Figure: Line chart: deaths by year",
  ]);
});

test("nothing is kept of a turn that runs, says nothing, failed before its answer or came from memory", () => {
  expect(textOf(start, said("x"))).toBeNull();
  expect(textOf(start, said("x", "reasoning"), end)).toBeNull();
  expect(textOf(start, { ...end, reason: "failed" })).toBeNull();
  expect(textOf({ ...start, unremembered: true }, said("x"), end)).toBeNull();
  expect(textOf({ ...start, agent: "memory_agent" }, said("x"), end)).toBeNull();
  const select = { type: "agent-select", ...turn, agent: "memory_agent", how: "model", durationMs: 1 } as const;
  expect(textOf(start, select, said("x"), end)).toBeNull();
  expect(textOf(start, said("said in passing", "comment"), end)).toContain("said in passing");
});

test.each([
  "What did we find about 1901?",
  "do you remember the fee?",
  "In our previous conversation, which file was wrong?",
  "what was the result last week",
  "上次关于1901年我们发现了什么?",
  "我们之前讨论过哪些文件？",
  "你还记得那个数字吗",
])("speaks of earlier conversations: %s", (question) => {
  expect(refersToEarlier(question)).toBe(true);
});

test.each([
  "How many people died in 1901?",
  "Plot deaths by year",
  "Which year had the most deaths?",
  "1901年死了多少人？",
  "按年份画图",
])("speaks of what is here: %s", (question) => {
  expect(refersToEarlier(question)).toBe(false);
});
