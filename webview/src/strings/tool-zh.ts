import type { toolEn } from "./tool-en.ts";

/** What is said of tools that agents call, in Chinese. */
export const toolZh: typeof toolEn = {
  toolAsks: (agent, tool) => `允许 ${agent} 使用 ${tool} 吗？`,
  toolAllow: "允许",
  toolAllowSession: "此会话中一律允许",
  toolDeny: "不允许",
  toolInput: "输入",
  toolResult: "结果",
  toolOrigin: (origin) => `工具来自 ${origin}`,
  toolPhases: {
    running: "正在运行",
    waiting: "等待你决定",
    ok: "完成",
    failed: "失败",
    denied: "未获允许",
    stopped: "已停止",
  },
};
