import { expect, test } from "vitest";
import { noticeText } from "../../src/agents/protocol/words/notice-text.ts";

const notice = (code: string, values: Readonly<Record<string, string | number>>) =>
  ({ kind: "notice", id: "n", severity: "info", code, text: "In English.", values }) as const;

test.each([
  ["index-unfinished", { done: 12, of: 40 }, "文件仍在读取（目前 12/40 个），回答以已读的内容为准。"],
  ["index-unfinished", { done: 1230, of: 30000 }, "文件仍在读取（目前 1,230/30,000 个），回答以已读的内容为准。"],
  ["index-unfinished", { done: 12, of: 0 }, "文件仍在读取，回答以已读的内容为准。"],
  ["extractive", { reason: "No model." }, "没有设置模型，因此逐字给出最相关的段落。"],
  ["rerank-failed", { reason: "HTTP 500" }, "段落按搜索的次序排列，因为重排失败：HTTP 500"],
  [
    "rerank-failed",
    {
      reason: "m at h gave no order: 2 scores came for 5 passages.",
      code: "rerank.malformed",
      details: JSON.stringify({ baseUrl: "http://h/v1", reason: "2 scores came for 5 passages" }),
    },
    "段落按搜索的次序排列，因为重排失败：h 给出的重排结果无法使用：5 个段落得到了 2 个分数。请查看服务的日志，或选择另一个重排模型。",
  ],
  ["embedding-failed", { reason: "HTTP 500" }, "只按词语搜索了文件，因为无法得到向量：HTTP 500"],
  [
    "tools-missing",
    {
      agent: "ann",
      reason: "In English.",
      code: "mcp.gave-up",
      details: JSON.stringify({ server: "notes", times: 4 }),
    },
    "ann 缺少一些工具：MCP 服务器 notes 在十分钟内结束了 4 次，暂不再启动。",
  ],
  ["no-answer", { agent: "ann" }, "ann 对此没有要说的。"],
  ["speaker-unclear", { group: "team" }, "team 的模型没有指明下一位发言者，成员轮流发言。"],
  ["source-gone", { name: "a.md" }, "a.md 已不存在：被删除或移走了。"],
])("%s is said in Chinese, and in English as it came", (code, values, chinese) => {
  expect(noticeText(notice(code, values), "zh-cn")).toBe(chinese);
  expect(noticeText(notice(code, values), "en")).toBe("In English.");
});

test("a notice without the facts for its sentence, or without one, is said as it came", () => {
  expect(noticeText(notice("extractive", {}), "zh-cn")).toBe("In English.");
  expect(noticeText(notice("of-tomorrow", { a: 1 }), "zh-cn")).toBe("In English.");
});
