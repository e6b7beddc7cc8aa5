import type { SourceState } from "../../src/agents/protocol/source.ts";
import { type SessionScript, disasterProfile, noModelsPush, sessionPush, sessionScript } from "./fixtures.ts";
import { type GalleryState, state, titled } from "./gallery-state.ts";
import {
  citation,
  days,
  ended,
  handbook,
  modelCall,
  notebook,
  paid,
  passage,
  readState,
  report,
  said,
  selectRetrieval,
  source,
} from "./source-fixtures.ts";

const longName = "minutes-of-the-steering-committee-of-the-northern-region-2019-to-2026-final-version-3.docx";
const leftOut = [
  { path: "finance/salaries.xlsx", reason: "password" },
  { path: "scans/contract.pdf", reason: "scanned" },
  { path: "config/.env", reason: "secret" },
  { path: "logs/service.log", reason: "first-megabytes 50" },
];
const indexing: SourceState = { status: "indexing", doneFiles: 128, ofFiles: 1450 };

function several(): SessionScript {
  return sessionScript("Company files").add(
    ...source({ id: "1", name: "handbook.md" }, readState()),
    ...source(
      { id: "2", name: "pricing.ts", kind: "lines", lines: { first: 10, last: 20 } },
      readState({ passages: 2 }),
    ),
    ...source(
      { id: "3", name: "contracts", kind: "folder" },
      readState({ files: 412, passages: 8230, leftOutFiles: 61, leftOut }),
    ),
    ...source({ id: "4", name: "company", kind: "workspace" }, indexing),
  );
}

function wrong(): SessionScript {
  const message = "The index cannot be kept: the disk is full. Free some space, then try again.";
  return sessionScript("Company files").add(
    ...source(
      { id: "1", name: longName, path: `/w/archive/${longName}` },
      readState({ files: 0, passages: 0, leftOutFiles: 1, leftOut: [{ path: longName, reason: "password" }] }),
    ),
    ...source({ id: "2", name: "archive", kind: "folder" }, readState({ status: "stopped", files: 40, passages: 800 })),
    ...source(
      { id: "3", name: "company", kind: "workspace" },
      readState({ files: 200_000, passages: 1_900_000, tooManyFiles: true }),
    ),
    ...source(
      { id: "4", name: "shared", kind: "folder" },
      { status: "failed", problem: { code: "index.full", message, details: {} } },
    ),
    ...source({ id: "5", name: "empty", kind: "folder" }, readState({ files: 0, passages: 0 })),
    ...source({ id: "6", name: "later.md" }),
  );
}

const carried = "Up to five days may be carried into the next year, until the end of March.";
const answer = `Everyone has **30 days** of paid holiday a year.[1] Up to five of them may be carried into the next year, until the end of March;[2][3] what is left after that is usually lost, and part-time staff get it pro rata.[?1]

- In 2025, 212 unused days were paid out.[4]
- \`days[1]\` and [the site](https://example.org/[1]) are no citations, nor is [9].`;

function asked(script: SessionScript): SessionScript {
  return script.ask("How many days of holiday do I have, and what happens to those I do not take?").add(
    selectRetrieval,
    {
      type: "passages",
      agent: "retrieval_agent",
      query: "days of paid holiday, unused days",
      how: "search",
      passages: [passage(), report, notebook],
    },
    { type: "citation", blockId: "b", citation: citation(1, days) },
    { type: "citation", blockId: "b", citation: citation(2, carried) },
    { type: "citation", blockId: "b", citation: citation(3, "clip(upper=5)", notebook) },
    {
      type: "claim-doubt",
      blockId: "b",
      doubt: { number: 1, reason: "not-in-passages", quote: "part-time staff pro rata" },
    },
    { type: "citation", blockId: "b", citation: citation(4, paid, report) },
    said(answer),
    modelCall,
    ended,
  );
}

const chineseText = "第八条　员工每年享有三十天带薪年假。未休完的年假最多可结转五天，须在次年三月底前休完，逾期作废。";
const chinesePassage = passage({
  path: "/w/员工手册.docx",
  name: "员工手册.docx",
  place: "第二章 › 休假",
  text: chineseText,
});

const chinese = sessionScript("员工手册")
  .add(...source({ id: "1", name: "员工手册.docx" }, readState()))
  .add(
    ...source(
      { id: "2", name: "合同", kind: "folder" },
      readState({ files: 31, passages: 902, leftOutFiles: 4, leftOut }),
    ),
  )
  .ask("年假有多少天？没休完怎么办？")
  .add(
    selectRetrieval,
    { type: "passages", agent: "retrieval_agent", query: "年假天数 未休完", how: "search", passages: [chinesePassage] },
    { type: "citation", blockId: "b", citation: citation(1, "员工每年享有三十天带薪年假", chinesePassage) },
    { type: "citation", blockId: "b", citation: citation(2, "未休完的年假最多可结转五天", chinesePassage) },
    { type: "claim-doubt", blockId: "b", doubt: { number: 1, reason: "not-cited", quote: "" } },
    said("每年有三十天带薪年假[1]。没休完的最多结转五天[2]，兼职员工按比例折算[?1]。"),
    modelCall,
    ended,
  );

const nearest = handbook()
  .ask("Who won the football match?")
  .add(
    selectRetrieval,
    said("Not in these files. They say nothing about football."),
    {
      type: "passages",
      agent: "retrieval_agent",
      query: "winner of the football match",
      how: "nearest",
      passages: [passage(), { ...report, text: report.text.repeat(12) }],
    },
    modelCall,
    ended,
  );

function manyCitations(): SessionScript {
  const script = handbook().ask("Everything, with its sources");
  for (let number = 1; number <= 200; number += 1) {
    const one = passage({ number, path: `/w/${number % 9}.md`, name: `${number % 9}.md`, start: number * 500 });
    script.add({ type: "citation", blockId: "b", citation: citation(number, days, one) });
  }

  const text = Array.from({ length: 200 }, (_, index) => `Statement ${index + 1}[${index + 1}].`).join(" ");
  return script.add(said(text), ended);
}

const found = [
  { path: "/w", name: "company", folder: "", kind: "workspace" },
  { path: "/w/sales.csv", name: "sales.csv", folder: "", kind: "table" },
  { path: "/w/contracts", name: "contracts", folder: "", kind: "folder" },
  { path: `/w/archive/${longName}`, name: longName, folder: "archive", kind: "document" },
];

/** Files that are asked about, and answers that cite them. */
export const sourceStates: readonly GalleryState[] = [
  state("sources", several()),
  state("sources-chinese", several(), { locale: "zh-cn" }),
  state("sources-left-out", several(), {
    act: (page) => page.getByRole("button", { name: "61 files not read, or not in full" }).click(),
  }),
  state("sources-wrong", wrong()),
  state("sources-wrong-chinese", wrong(), { locale: "zh-cn" }),
  state(
    "sources-many",
    Array.from({ length: 14 }, (_, index) => index).reduce(
      (script, index) =>
        script.add(
          ...source(
            { id: `s${index}`, name: index % 3 === 0 ? `${index}-${longName}` : `note ${index}.md` },
            readState(),
          ),
        ),
      titled(),
    ),
  ),
  state("sources-menu", several(), {
    act: (page) => page.getByRole("button", { name: "Add what to ask about" }).click(),
  }),
  { name: "sources-no-model", pushes: () => [noModelsPush, sessionPush(handbook())] },
  state("sources-with-table", several().attach(disasterProfile())),
  state("asked", asked(handbook())),
  state("asked-card", asked(handbook()), {
    async act(page) {
      await page.getByRole("button", { name: /^Source 2: / }).focus();
      await page.keyboard.press("Shift+Tab");
      await page.keyboard.press("Tab");
    },
  }),
  state("asked-doubt", asked(handbook()), {
    act: (page) => page.getByRole("button", { name: "Unsupported statement" }).click(),
  }),
  state("asked-passages", asked(handbook()), {
    act: (page) => page.getByRole("button", { name: /^Read 3 passages/ }).click(),
  }),
  state("asked-chinese", chinese, { locale: "zh-cn" }),
  state("asked-nearest", nearest),
  state("asked-many", manyCitations()),
  {
    name: "asked-extract",
    pushes: () => [
      noModelsPush,
      sessionPush(
        handbook()
          .ask("How many days of holiday?")
          .add(
            selectRetrieval,
            {
              type: "passages",
              agent: "retrieval_agent",
              query: "days of holiday",
              how: "search",
              passages: [passage(), report],
            },
            { type: "citation", blockId: "b", citation: citation(1, days) },
            { type: "citation", blockId: "b", citation: citation(2, paid, report) },
            said(`The passages that fit the question best:\n\n> ${days} [1]\n\n> ${paid} [2]`),
            ended,
          ),
      ),
    ],
  },
  state(
    "asked-searching",
    handbook()
      .ask("How many days of holiday?")
      .add(selectRetrieval, { type: "progress", agent: "retrieval_agent", activity: "searching", detail: "" }),
  ),
  state("sources-named", handbook(), {
    answers: { "file-find": { files: found } },
    async act(page) {
      await page.getByLabel("Ask a question").pressSequentially("@");
      await page.getByRole("option", { name: /contracts/ }).waitFor();
    },
  }),
];
