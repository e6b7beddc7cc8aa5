import type { Problem } from "../problem.ts";

type Say = (fact: (name: string) => string) => string;

const sentences: Readonly<Record<string, Say>> = {
  "mcp.denied": (fact) => `未获允许，不能使用 MCP 服务器 ${fact("server")}。`,
  "mcp.exited": (fact) =>
    `MCP 服务器 ${fact("server")} 已结束${fact("exitCode") === "" ? "" : `，退出码为 ${fact("exitCode")}`}。${fact("tail") === "" ? "" : `最后的输出：${fact("tail")}`}`,
  "mcp.flood": (fact) => `MCP 服务器 ${fact("server")} 发送的内容过多，已被结束。`,
  "mcp.gave-up": (fact) => `MCP 服务器 ${fact("server")} 在十分钟内结束了 ${fact("times")} 次，暂不再启动。`,
  "mcp.silent": (fact) => `MCP 服务器 ${fact("server")} 不再响应，已被结束。`,
  "mcp.timeout": (fact) => `MCP 服务器 ${fact("server")} 的 ${fact("tool")} 在 ${fact("seconds")} 秒内没有回答。`,
  "mcp.unreachable": (fact) => `无法连接 MCP 服务器 ${fact("server")}：${fact("reason")}`,
  "mcp.variable": (fact) =>
    `MCP 服务器 ${fact("server")} 的配置需要 \${${fact("variable")}}，但没有它的值。请在环境变量中设置，或在询问时填写。`,
};

/** What went wrong with an MCP server, in Chinese; `null` for other codes. */
export function mcpProblemInChinese(code: string, details: Problem["details"]): string | null {
  const fact = (name: string): string => {
    const value = details[name];
    return typeof value === "string" || typeof value === "number" ? String(value) : "";
  };
  return sentences[code]?.(fact) ?? null;
}
