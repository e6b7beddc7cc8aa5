import type { NoticeBlock } from "../session-state.ts";
import { mcpProblemInChinese } from "./mcp-problems-zh.ts";
import { serviceProblemInChinese } from "./service-problems-zh.ts";

type Say = (fact: (name: string) => string) => string;

const sentences: Readonly<Record<string, Say>> = {
  "double-count": (fact) =>
    `${fact("figure")} 是把合计也算进去的结果（${fact("file")} 的“${fact("measure")}”${fact("group") === "" ? "" : `，${fact("group")}`}）${fact("right") === "" ? "" : `，不重复计数应为 ${fact("right")}`}。使用前请核对。`,
  "cluster-waiting": (fact) => `正在等待此会话在集群上的 Python。（${fact("reason")}）`,
  "embedding-failed": (fact) => `只按词语搜索了文件，因为无法得到向量：${problemIn(fact)}`,
  extractive: () => "没有设置模型，因此逐字给出最相关的段落。",
  "fan-out": (fact) =>
    `${fact("left")} 与 ${fact("right")} 按“${fact("column")}”连接，而它在两个文件中都有多行相同的值：行会成倍增加，合计会偏大。使用前请核对。`,
  "file-changed": (fact) => `${fact("name")} 在磁盘上已更改，已重新读取。`,
  "file-gone": (fact) => `${fact("name")} 已不存在。`,
  "file-read-otherwise": (fact) => `${fact("name")} 现在以另一种方式读取。`,
  "index-unfinished": (fact) =>
    `文件仍在读取${Number(fact("of")) > 0 ? `（目前 ${fact("done")}/${fact("of")} 个）` : ""}，回答以已读的内容为准。`,
  "late-answer": (fact) => `窗口关闭后 ${fact("agent")} 继续工作，这是它的回答。`,
  "late-failure": (fact) => `窗口关闭后 ${fact("agent")} 继续工作，但失败了。`,
  "no-answer": (fact) => `${fact("agent")} 对此没有要说的。`,
  "no-sandbox": (fact) => `此处的代码不在沙箱中运行，请在运行前阅读代码。（${fact("reason")}）`,
  "no-terminal": (fact) => `无法使用终端（${fact("reason")}）。此会话的代码在没有窗口的进程中运行。`,
  "replay-cells-again": (fact) =>
    `此后已启动新的 Python：取自上次运行的代码（${fact("cells")} 个单元）先重新运行，以恢复其变量。`,
  "replay-cells-failed": () => "其中的代码没有全部重新运行：缺少一些变量。",
  "replay-changed": (fact) => `${fact("from")} 对 ${fact("to")} 说的话已更改。从这里起全部重新运行。`,
  "replay-deviated": (fact) =>
    `在到达更改的消息之前，运行走了另一条路：${fact("from")} 对 ${fact("to")} 说的与上次不同。从这里起全部重新运行，不含更改。`,
  "replay-log": (fact) => `在 ${fact("from")} 对 ${fact("to")} 说话之前的内容取自上次运行，没有重新运行。`,
  "replay-model-asked": (fact) => `记录中没有 ${fact("agent")} 的模型上次说的话，因此重新询问了它。`,
  "replay-unreached": (fact) =>
    `运行走了另一条路：${fact("from")} 没有再对 ${fact("to")} 说要更改的话。此次运行不含更改。`,
  "replay-variables-later": (fact) =>
    `取自上次运行的代码没有重新运行。其变量为之后运行的代码（${fact("cells")} 个单元）所留下的状态。`,
  "rerank-failed": (fact) => `段落按搜索的次序排列，因为重排失败：${problemIn(fact)}`,
  "review-unreadable": (fact) => `${fact("reviewer")} 没有给出可读的结论：运行前请自行阅读代码。`,
  "source-gone": (fact) => `${fact("name")} 已不存在：被删除或移走了。`,
  "speaker-unclear": (fact) => `${fact("group")} 的模型没有指明下一位发言者，成员轮流发言。`,
  "table-beyond-memory": (fact) =>
    `${fact("file")} 作为表格约占 ${fact("needs")} 内存，而 Python 可用 ${fact("has")}。${roomWays[fact("way")] ?? ""}`,
  "terms-not-readable": (fact) =>
    `无法读取术语文件 ${fact("path")}，此问题未使用任何术语。请修正或删除它。（${fact("reason")}）`,
  "tools-missing": (fact) => `${fact("agent")} 缺少一些工具：${problemIn(fact)}`,
  "unsupported-figures": (fact) => `这些数字既不在输出中，也不在文件描述中：${fact("figures")}。使用前请核对。`,
};

const roomWays: Readonly<Record<string, string>> = {
  pieces: "智能体会分块读取它。在内存更大的 Ray 集群上可以整体处理。",
  dask: "它由 Dask 读取，并在整个集群上处理；分位数因此为近似值。",
  "no-dask":
    "智能体会分块读取它。在集群的节点上安装 dask[dataframe] 后，可以在整个集群上处理它；也可以给此会话更多集群内存。",
  unsplittable:
    "智能体会分块读取它：这样的文件无法由多台机器分块读取。请给此会话更多集群内存，或把表格另存为 Parquet。",
};

/** The failure that a notice is about, in Chinese where its code is known; else as it came. */
function problemIn(fact: (name: string) => string): string {
  try {
    const details: unknown = JSON.parse(fact("details"));
    const known = typeof details === "object" && details !== null ? { ...details } : {};
    const code = fact("code");
    return serviceProblemInChinese(code, known) ?? mcpProblemInChinese(code, known) ?? fact("reason");
  } catch {
    return fact("reason");
  }
}

/** A notice in Chinese; `null` where it has no sentence here, or not the facts for it, so that the English one is shown. */
export function noticeInChinese({ code, values }: NoticeBlock): string | null {
  const said = sentences[code]?.((name) => String(values[name] ?? ""));
  return said === undefined || Object.keys(values).length === 0 ? null : said;
}
