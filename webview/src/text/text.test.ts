import { describe, expect, test } from "vitest";
import type { CodeEffect, TableOutput } from "../../../src/agents/protocol/cell-output.ts";
import { en } from "../strings/en.ts";
import { plainOutput } from "./ansi.ts";
import { completionsFor, readDraft } from "./composer-command.ts";
import { describeEffects } from "./describe-effects.ts";
import { createFormat } from "./format.ts";
import { escapeHtml, highlight } from "./highlight.ts";
import { actionsFor } from "./problem-actions.ts";
import { warningText } from "../../../src/agents/protocol/words/warning-text.ts";
import { toDelimited } from "../../../src/agents/protocol/delimited-text.ts";
import { filterRows, nextSort, sortRows, toMarkdown } from "./table-view.ts";

describe("plainOutput", () => {
  test.each([
    ["colours", "\u001B[1;31mred\u001B[0m", "red"],
    ["links", "\u001B]8;;https://x\u0007text\u001B]8;;\u0007", "text"],
    ["a progress bar keeps its last state", "10%\r50%\r100%\ndone", "100%\ndone"],
    ["Windows lines", "a\r\nb", "a\nb"],
    ["plain text", "1 < 2\n", "1 < 2\n"],
  ])("%s", (_name, text, plain) => {
    expect(plainOutput(text)).toBe(plain);
  });
});

describe("createFormat", () => {
  const format = createFormat("en");
  test.each([
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1.0 kB"],
    [22_310, "22 kB"],
    [3_400_000_000, "3.4 GB"],
  ])("%d bytes", (bytes, text) => {
    expect(format.bytes(bytes)).toBe(text);
  });
  test.each([
    [11, "11 ms"],
    [412, "0.4 s"],
    [31_000, "31 s"],
    [125_000, "2 min 5 s"],
    [3_840_000, "1 h 4 min"],
  ])("%d ms", (ms, text) => {
    expect(format.duration(ms)).toBe(text);
  });
  test("an unknown locale does not throw", () => {
    expect(createFormat("not a locale").number(1)).toBe("1");
  });
});

describe("readDraft", () => {
  const agents = ["hello", "审稿人"].map((name) => {
    return { name, description: "", isGroup: false, needsModel: true };
  });
  test.each([
    ["/plot deaths", { text: "deaths", agent: "visualization_agent" }],
    ["  /ask  why?\nreally ", { text: "why?\nreally", agent: "assistant_agent" }],
    ["@visualization_agent draw", { text: "draw", agent: "visualization_agent" }],
    ["/files when?", { text: "when?", agent: "retrieval_agent" }],
    ["@nobody draw", { text: "@nobody draw", agent: null }],
    ["@hello who are you?", { text: "who are you?", agent: "hello" }],
    ["@审稿人，请看", { text: "请看", agent: "审稿人" }],
    ["@审稿人：\n请看", { text: "请看", agent: "审稿人" }],
    ["@审稿人请看", { text: "@审稿人请看", agent: null }],
    ["@hello-world hi", { text: "@hello-world hi", agent: null }],
    ["@hello", { text: "", agent: "hello" }],
    ["/plotting", { text: "/plotting", agent: null }],
    ["what is a/plot", { text: "what is a/plot", agent: null }],
    ["/plot", { text: "", agent: "visualization_agent" }],
  ])("%j", (draft, sending) => {
    expect(readDraft(draft, agents)).toEqual(sending);
  });
  test("completions end where the word ends", () => {
    expect(completionsFor("/", 1, agents).map(({ insert }) => insert)).toEqual(["/plot", "/ask", "/files"]);
    expect(completionsFor("/plot", 5, agents)).toEqual([]);
    expect(completionsFor("/p x", 4, agents)).toEqual([]);
    expect(completionsFor("a /", 3, agents)).toEqual([]);
  });
  test("agents of one's own come first, by whatever letters their names have", () => {
    expect(
      completionsFor("@", 1, agents)
        .map(({ insert }) => insert)
        .slice(0, 3),
    ).toEqual(["@hello", "@审稿人", "@assistant_agent"]);
    expect(completionsFor("@审", 2, agents)).toMatchObject([{ insert: "@审稿人", describes: { name: "审稿人" } }]);
    expect(completionsFor("@HE", 3, agents).map(({ insert }) => insert)).toEqual(["@hello"]);
  });
});

function effect(kind: CodeEffect["kind"], detail: string): CodeEffect {
  return { kind, detail, line: 1 };
}

describe("describeEffects", () => {
  test("nothing", () => {
    expect(describeEffects([], en)).toEqual({ text: en.effectsNone, risky: false });
  });
  test("reading names each file once", () => {
    const line = describeEffects([effect("read-file", "a.csv"), effect("read-file", "a.csv")], en);
    expect(line).toEqual({ text: "reads a.csv, writes nothing", risky: false });
  });
  test("writing is risky, and a long path is named by its end", () => {
    const line = describeEffects([effect("write-file", "/home/ada/out/totals.csv")], en);
    expect(line).toEqual({ text: "writes out/totals.csv", risky: true });
  });
});

describe("tables", () => {
  const columns: TableOutput["columns"] = [
    { name: "n", kind: "number", dtype: "int64" },
    { name: "a|b", kind: "text", dtype: "object" },
  ];
  const rows = [
    [10, "b\nc"],
    [9, "a"],
    [null, 'say "hi", you'],
  ];
  function firstCells(direction: "ascending" | "descending"): readonly unknown[] {
    return sortRows(rows, columns, { column: 0, direction }).map(([cell]) => cell);
  }

  test("numbers sort as numbers, missing last in both directions", () => {
    expect(firstCells("ascending")).toEqual([9, 10, null]);
    expect(firstCells("descending")).toEqual([10, 9, null]);
  });
  test("a header goes up, down, and back", () => {
    const up = nextSort(null, 1);
    const down = nextSort(up, 1);
    expect([up?.direction, down?.direction, nextSort(down, 1), nextSort(down, 0)?.direction]).toEqual([
      "ascending",
      "descending",
      null,
      "ascending",
    ]);
  });
  test("filters whatever the case", () => {
    expect(filterRows(rows, " HI ")).toEqual([rows[2]]);
  });
  test("copies as Markdown and CSV", () => {
    expect(toMarkdown(columns, rows)).toBe(
      '| n | a\\|b |\n| ---: | --- |\n| 10 | b c |\n| 9 | a |\n|  | say "hi", you |',
    );
    expect(toDelimited(columns, rows, ",")).toBe('n,a|b\r\n10,"b\nc"\r\n9,a\r\n,"say ""hi"", you"');
  });
});

test("code is escaped, known language or not", () => {
  expect(highlight("<b>", "unknown")).toBe("&lt;b&gt;");
  expect(highlight("x = '<b>'", "python")).not.toContain("<b>");
  expect(escapeHtml(`"'&`)).toBe("&quot;&#39;&amp;");
});

test("an unknown problem can at least be retried", () => {
  expect(actionsFor("something.new")).toEqual(["retry"]);
  expect(actionsFor("python.untrusted")).toEqual(["manage-trust"]);
});

test("a warning is said in Chinese when its code is known, else as it came", () => {
  const warning = {
    code: "total-line",
    severity: "info" as const,
    message: "The end of the table holds a total line.",
    columns: ["Region"],
    values: { value: "合计", rows: 1 },
  };
  const format = createFormat("zh-cn");
  expect(warningText(warning, "zh-cn", format)).toBe("表格末尾有合计行（“合计”），已排除，求和时不会计入。");
  expect(warningText(warning, "en", format)).toBe(warning.message);
  expect(warningText({ ...warning, code: "new-code" }, "zh-cn", format)).toBe(warning.message);
});

test("totals are said in Chinese with their level, their exceptions and an example", () => {
  const warning = {
    code: "total-rows",
    severity: "warning" as const,
    message: "In 26 of 34 groups by province, the rows where city is missing equal the sum of the other rows.",
    columns: ["city", "cases"],
    values: {
      column: "city",
      value: "",
      measures: "cases",
      groupBy: "province",
      matchedGroups: 26,
      groups: 34,
      measure: "cases",
      lone: 2,
      within: "street",
      exceptions: "北京: 358 ≠ 353",
      group: "天津",
      counted: 272,
      right: 136,
    },
  };
  expect(warningText(warning, "zh-cn", createFormat("zh-cn"))).toBe(
    "“city”缺失的行在每个“province”中等于其他各行之和（仅看“street”缺失的行）（26/34 组吻合）。例外（合计行 ≠ 各行之和）：北京: 358 ≠ 353。对 cases 全部求和会重复计数。例如 天津：应为 136，而不是 272。有 2 组只有这样的行，请优先使用它们。",
  );
});

const said = (code: string, values: Readonly<Record<string, string | number>>) =>
  warningText(
    { code, severity: "info", message: "", columns: [], values: { ...values } },
    "zh-cn",
    createFormat("zh-cn"),
  );

test("gaps and doubtful totals are said in Chinese", () => {
  const gap = { column: "年份", min: "1900", max: "2017", count: 1, span: 118, unit: "years", examples: "1904" };
  expect(said("gaps", gap)).toBe("“年份”从 1900 到 2017，其中 118 年里有 1 个没有数据：1904。");
  expect(said("total-disagrees", { column: "v", said: 7, sum: 41, label: "合计" })).toContain("最后一行名为“合计”");
  expect(said("total-disagrees", { column: "v", said: 7, sum: 41 })).toBe("合计行中“v”为 7，而各行之和为 41。");
});
