import type { Problem } from "../problem.ts";

type Say = (fact: (name: string) => string) => string;

const spent: Readonly<Record<string, string>> = {
  messages: "条消息",
  "model calls": "次模型调用",
  tokens: "个 token",
};

const helps: Readonly<Record<string, string>> = { model: "模型", tool: "工具", peer: "可以对话的对象" };

const sentences: Readonly<Record<string, Say>> = {
  "agent.blocked": (fact) => `${fact("name")} 已有 ${fact("seconds")} 秒没有响应，其进程已被结束。`,
  "agent.broken": (fact) =>
    `该智能体无法使用：${fact("reason")}${fact("line") === "" ? "" : `（第 ${fact("line")} 行）`}`,
  "agent.circle": (fact) => `智能体之间形成了循环：${fact("names")}。请移除其中一个群组成员，或不再让它们互相询问。`,
  "agent.declaration": (fact) => `${fact("name")} 的声明有误：${fact("reason")}。`,
  "agent.exited": (fact) => `${fact("name")} 的进程意外结束了。${fact("tail")}`,
  "agent.itself": (fact) => `${fact("name")} 想给自己发消息。`,
  "agent.no-help": (fact) => `${fact("name")} 在此处没有${helps[fact("what")] ?? "它需要的东西"}。`,
  "agent.no-human": (fact) => `${fact("name")} 想询问你，但此处没有人可以回答。`,
  "agent.nonsense": (fact) => `${fact("name")} 给出的不是回复：${fact("got")}。`,
  "agent.protocol": (fact) => `无法理解 ${fact("name")} 的进程所说的内容：${fact("reason")}。`,
  "agent.stopped": (fact) => `${fact("name")} 已停止。`,
  "agent.taken": (fact) => `已经有名为 ${fact("name")} 的智能体。`,
  "agent.threw": (fact) =>
    `${fact("name")} 出错了：${fact("reason")}${fact("place") === "" ? "" : `（${fact("place")}）`}`,
  "agent.timeout": (fact) => `${fact("name")} 在 ${fact("seconds")} 秒内没有回答。`,
  "agent.too-large": (fact) => `${fact("name")} 想发送的消息太大。请让它写入文件，再发送文件的路径。`,
  "agent.unknown": (fact) =>
    `没有名为 ${fact("name")} 的智能体。${fact("near") === "" ? "" : `你是否想找：${fact("near")}？`}`,
  "agent.untrusted": (fact) => `未获允许，不能运行 ${fact("name")} 的代码。`,
  "replay.gone": () => "这条消息不能再更改：它或它之前的问题已不存在。",
};

/** What went wrong with an agent, or what a question or an agent used up, in Chinese; `null` for other codes. */
export function agentProblemInChinese({ code, details }: Problem): string | null {
  const fact = (name: string): string => factOf(details[name]);
  return code === "run.budget" ? budget(fact) : (sentences[code]?.(fact) ?? null);
}

function budget(fact: (name: string) => string): string {
  const what = fact("what");
  const limit = fact("limit");
  const amount = what === "time" ? `${Math.round(Number(limit) / 1000)} 秒` : `${limit} ${spent[what] ?? what}`;
  return fact("agent") === ""
    ? `已停止：此问题用完了 ${amount}的额度。请把问题拆小，或在设置中调高上限。`
    : `已停止：${fact("agent")} 用完了一条消息 ${amount}的额度。请把问题拆小，或调高它的上限。`;
}

function factOf(value: Problem["details"][string] | undefined): string {
  if (Array.isArray(value)) {
    return value.map((part) => (typeof part === "string" ? part : JSON.stringify(part))).join(" → ");
  }

  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
