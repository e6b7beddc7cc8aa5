/** What is said of tools that agents call, in English. */
export const toolEn = {
  toolAsks: (agent: string, tool: string) => `May ${agent} use ${tool}?`,
  toolAllow: "Allow",
  toolAllowSession: "Allow in this session",
  toolDeny: "Don’t allow",
  toolInput: "Input",
  toolResult: "Result",
  toolOrigin: (origin: string) => `Tool of ${origin}`,
  toolPhases: {
    running: "running",
    waiting: "waits for you",
    ok: "done",
    failed: "failed",
    denied: "not allowed",
    stopped: "stopped",
  },
};
